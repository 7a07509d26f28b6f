"""The tab of certificates: who has one and who may, issuing all in one go, versions, annulling, PDF."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import lists
from centrum.kit.history import author
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.polish import datetime_short
from centrum.kit.transitions import Refused, available, noun_of
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import attendance, certificate_papers, certificates, queries
from trainings.attendance_forms import CorrectForm
from trainings.certificate_forms import AnnulForm, VersionForm
from trainings.enums import CERTIFICATE_MOVES, CERTIFICATE_TAG, CertificateState, EnrolmentState
from trainings.pages import kept, page_of, seen

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"name": Order("sort"), "-name": Order("sort", descending=True)}
TAB = "trainings:certificates"
_MARK = "<!-- progress -->"


@read
@requires(Right.VIEW_TRAININGS)
def listing(request, public_id):
    event = seen(request, public_id)
    page = lists.page(request, event.enrolments.filter(state=EnrolmentState.SEATED), orders=ORDERS, default="name")
    for row in certificates.told(event, page.rows):
        if row.found:
            row.tag, row.last = CERTIFICATE_TAG[row.found.state], certificates.last(row.found)
    may_keep = queries.may_keep(request.user, event)
    context = {
        "page": page,
        "issued": certificates.number_of(event),
        "waiting": len(certificates.waiting(event)),
        "may_issue": may_keep,
    }
    return render(request, "trainings/certificates.html", page_of(request, event, TAB, **context))


@require_POST
@requires(Right.KEEP_TRAININGS)
def issue(request, public_id):
    """One certificate (`enrolment`), or all that may be issued: then the page grows while they are."""
    event = kept(request, public_id)
    if key := request.POST.get("enrolment"):
        row = get_object_or_404(attendance.seated_of(event), public_id=_uuid(key))
        row.event = event
        try:
            made = certificates.issue(row, by=request.user)
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Certificate %(number)s is issued.") % {"number": made.number})
        return redirect(TAB, public_id)
    context = page_of(request, event, TAB, mark=_MARK)
    before, _sep, behind = render_to_string("trainings/certificates_issuing.html", context, request).partition(_MARK)
    response = StreamingHttpResponse(_progress(request, event, before, behind))
    response["X-Accel-Buffering"] = "no"  # nginx would keep the lines until the end
    return response


def _uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _progress(request, event, before, behind):
    """The page in parts. It is sent after the request is over, so it names the author of the changes itself."""
    yield before
    with author(user=request.user.pk, url=request.path):
        number = 0
        for done, number in certificates.issue_all(event, by=request.user):
            words = _("Issued: %(done)d of %(number)d.") % {"done": done, "number": number}
            yield format_html('<li>{} <progress value="{}" max="{}" aria-label="{}"></progress></li>\n', words, done,
                              max(number, 1), words)  # fmt: skip
    end = ngettext("%(number)d certificate is issued.", "%(number)d certificates are issued.", number)
    yield format_html("<li><strong>{}</strong></li>\n", end % {"number": number})
    yield behind


@never_cache
@read
@requires(Right.VIEW_TRAININGS)
def papers(request, public_id):
    """All valid certificates of the event in one file."""
    event = seen(request, public_id)
    rows = [row for row in certificates.of_event(event) if row.state == CertificateState.VALID]
    if not rows:
        raise Http404
    return _pdf(certificate_papers.pdf(*rows), f"zaswiadczenia-{event.number.replace('/', '-')}.pdf")


@read
@requires(Right.VIEW_TRAININGS)
def certificate(request, public_id, key):
    event, row = _found(seen(request, public_id), key)
    changes = StateChange.objects.filter(noun=noun_of(row), object_id=row.pk).select_related("by").order_by("-pk")
    labels = {step.action: step.label for step in CERTIFICATE_MOVES}
    may_keep = queries.may_keep(request.user, event)
    last = certificates.last(row)
    context = {
        "row": row,
        "state_tag": CERTIFICATE_TAG[row.state],
        "last": last,
        "length": certificate_papers.hours(last),
        "outcome": certificate_papers.outcome(last),
        "versions": row.versions.select_related("by").order_by("-version"),
        "code": certificates.grouped(row.code),
        "moves": available(row, request.user) if may_keep else [],
        "changes": [
            {"when": datetime_short(one.at), "who": one.by or "", "text": f"{labels[one.action]}: {one.reason}"}
            for one in changes
        ],
    }
    return render(request, "trainings/certificate.html", page_of(request, event, TAB, **context))


@never_cache
@read
@requires(Right.VIEW_TRAININGS)
def paper(request, public_id, key):
    _event, row = _found(seen(request, public_id), key)
    return _pdf(certificate_papers.pdf(row), f"zaswiadczenie-{row.number.replace('/', '-')}.pdf")


@write
@requires(Right.KEEP_TRAININGS)
def reissue(request, public_id, key):
    event, row = _found(kept(request, public_id), key)
    names = {name: getattr(row.enrolment, name) for name in certificates.CORRECTED}
    return _form(
        request,
        event,
        row,
        VersionForm(request.POST or None, initial={"kind": "duplicate", **names}),
        lambda **said: certificates.reissue(row, by=request.user, **said),
        title=_("A new version of certificate %(number)s") % {"number": row.number},
        button=_("Issue the version"),
        done=_("The new version is issued under the same number."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def move(request, public_id, key, action):
    event, row = _found(kept(request, public_id), key)
    step = next((one for one in CERTIFICATE_MOVES if one.action == action), None)
    if step is None:
        raise Http404
    if row.state not in step.sources:
        messages.warning(
            request, _("This step can't be made in the state “%(state)s”.") % {"state": row.get_state_display()}
        )
        return redirect(_page(event, row))
    return _form(
        request,
        event,
        row,
        AnnulForm(request.POST or None) if action == "annul" else CorrectForm(request.POST or None),
        lambda reason: certificates.move(row, action, by=request.user, reason=reason),
        title=f"{step.label}: {row.number}",
        button=step.label,
        done=_("The certificate has a new state."),
    )


def _found(event, key):
    row = get_object_or_404(certificates.of_event(event), public_id=key)
    row.enrolment.event = event
    return event, row


def _page(event, row):
    return reverse("trainings:certificate", args=[event.public_id, row.public_id])


def _form(request, event, row, form, save, **words):
    crumbs = [
        (_("Training"), reverse("trainings:list")),
        (event.title, reverse("trainings:event", args=[event.public_id])),
        (_("Certificates"), reverse(TAB, args=[event.public_id])),
        (row.number, _page(event, row)),
    ]
    return form_page(request, form, save, back=_page(event, row), crumbs=crumbs, **words)


def _pdf(content, name):
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
