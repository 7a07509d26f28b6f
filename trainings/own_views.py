"""The own page of whoever is enrolled, opened by the secret link of their letters; after the event only to be read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.kit import clock
from centrum.kit.transitions import Refused
from trainings import (
    answering,
    attendance,
    calendars,
    capacity,
    certificate_papers,
    certificates,
    notices,
    offers,
)
from trainings import own as links
from trainings.enrolling_forms import OwnForm
from trainings.enums import ENROLLED, ENROLMENT_TAG, CertificateState, EnrolmentState
from trainings.models import AccessNeeds


def _by_link(*methods):
    """View decorator: open to whoever has the link, kept by no cache; a forged one is 404."""

    def decorate(view):
        @login_not_required
        @never_cache
        @require_http_methods(methods)
        def found(request, token):
            enrolment = links.enrolment_of(token)
            if enrolment is None:
                raise Http404
            return view(request, enrolment, token)

        return found

    return decorate


@_by_link("GET", "HEAD")
def own(request, enrolment, token):
    event = enrolment.event
    enrolled, seated = enrolment.state in ENROLLED, enrolment.state == EnrolmentState.SEATED
    context = {
        "enrolment": enrolment,
        "event": event,
        "token": token,
        "when": notices.when(event),
        "place": notices.place(event),
        "links": [session.link for session in event.sessions.all() if session.link] if seated else [],
        "tag": ENROLMENT_TAG[enrolment.state],
        "position": capacity.position(enrolment),
        "offered": enrolment.state == EnrolmentState.OFFERED and enrolment.offered_until > clock.now(),
        "enrolled": enrolled,
        "open": links.is_open(enrolment),
        "over": offers.is_over(event),
        "may_cancel": capacity.may_cancel(enrolment),
        "needs": _needs(enrolment),
        "certificate": getattr(enrolment, "certificate", None),
        "spent": attendance.own(enrolment),
        "surveys": answering.open_to(enrolment),
        "picture": links.picture(enrolment) if seated and links.is_open(enrolment) else "",
    }
    return render(request, "trainings/own.html", context)


def _needs(enrolment):
    return getattr(enrolment, "needs", None)


@_by_link("POST")
def take(request, enrolment, token):
    """Take the offered seat."""
    try:
        capacity.take_offer(enrolment)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("You have a seat. We have sent you a confirmation."))
    return redirect("events:own", token)


@_by_link("GET", "HEAD", "POST")
def cancel(request, enrolment, token):
    """Resign, or decline an offered seat, after a page that asks again."""
    if not capacity.may_cancel(enrolment):
        messages.info(request, _("This enrolment can no longer be cancelled here. Write or call us."))
        return redirect("events:own", token)
    if request.method == "POST":
        try:
            capacity.cancel(enrolment)
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect("events:own", token)
    context = {"enrolment": enrolment, "event": enrolment.event, "when": notices.when(enrolment.event), "token": token}
    return render(request, "trainings/own_cancel.html", context)


@_by_link("GET", "HEAD", "POST")
def change(request, enrolment, token):
    """Change address, phone and needs."""
    if not links.is_open(enrolment):
        messages.info(request, _("This enrolment can no longer be changed."))
        return redirect("events:own", token)
    initial = {"email": enrolment.email, "phone": enrolment.phone}
    needs = _needs(enrolment) or AccessNeeds(enrolment=enrolment)
    form = OwnForm(request.POST or None, instance=needs, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        reach = {name: data.pop(name) for name in ("email", "phone")}
        try:
            links.change(enrolment, **reach, needs=data)
        except Refused as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("We have saved your changes."))
            return redirect("events:own", token)
    context = {"event": enrolment.event, "form": form, "token": token}
    return render(request, "trainings/own_change.html", context)


@_by_link("GET", "HEAD")
def certificate(request, enrolment, token):
    """The own certificate as PDF, while it is valid."""
    row = certificates.of_event(enrolment.event).filter(enrolment=enrolment, state=CertificateState.VALID).first()
    if row is None:
        raise Http404
    response = HttpResponse(certificate_papers.pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="zaswiadczenie-{row.number.replace("/", "-")}.pdf"'
    return response


@_by_link("GET", "HEAD")
def calendar(request, enrolment, token):
    gone = enrolment.state not in ENROLLED
    return calendars.response(calendars.calendar([enrolment.event], cancelled=gone), "moj-zapis.ics")
