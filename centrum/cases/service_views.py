"""Pages of services for the staff, and the page on which a client confirms one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.cases import documents, emails, forms, queries, services
from centrum.cases.enums import (
    SERVICE_MOVES,
    HourKind,
    ServiceState,
)
from centrum.cases.models import Service
from centrum.cases.views import add_errors, colleagues, find_case, known_uuids, show
from centrum.kit import lists
from centrum.kit.clock import today
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused, Stale, available, find
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires


@require_safe
@requires(Right.VIEW_CLIENTS)
def service_list(request):
    form = forms.ServiceFilter(request.GET, advisers=colleagues(request.user))
    form.is_valid()
    chosen = form.cleaned_data
    listed = queries.service_list(request.user)
    for name in ("state", "service_type", "adviser"):
        if chosen.get(name):
            listed = listed.filter(**{name: chosen[name]})
    if chosen.get("begins"):
        listed = listed.filter(date__gte=chosen["begins"])
    if chosen.get("ends"):
        listed = listed.filter(date__lte=chosen["ends"])
    page = lists.page(request, listed, orders={"new": Order("date", descending=True)}, default="new")
    may_approve = request.user.has_right(Right.DECIDE)
    for service in page.rows:
        show(service)
        service.approvable = (
            may_approve and service.state == ServiceState.CONFIRMED and service.adviser_id != request.user.pk
        )
    return render(
        request,
        "cases/services.html",
        {
            "page": page,
            "filter_form": form,
            "may_approve": may_approve,
            "approvable": any(service.approvable for service in page.rows),
            "state": chosen.get("state", ""),
        },
    )


@require_POST
@requires(Right.DECIDE)
def approve_services(request):
    """Approve the chosen services one by one: what one of them lacks does not hold the others up."""
    chosen = known_uuids(request.POST.getlist("service"))
    approved = 0
    for service in queries.visible_services(request.user).filter(public_id__in=chosen).order_by("id"):
        try:
            services.approve(service, by=request.user)
            approved += 1
        except Refused as refused:
            messages.error(request, f"{service.number}: {' '.join(refused.messages)}")
    if approved:
        text = ngettext("%(count)s service approved.", "%(count)s services approved.", approved)
        messages.success(request, text % {"count": approved})
    elif not chosen:
        messages.warning(request, _("Choose at least one service."))
    return redirect(f"{reverse('cases:services')}?state={ServiceState.CONFIRMED}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def new_service(request, public_id):
    case = find_case(request, public_id)
    if request.method == "POST":
        form = forms.Card(request.POST, case=case)
        if form.is_valid():
            card = form.cleaned_data
            notify = card.pop("notify")
            try:
                if "held" in request.POST:
                    service = services.log_service(by=request.user, case=case, notify=notify, **card)
                else:
                    service = services.plan_service(by=request.user, case=case, **card)
            except Refused as refused:
                add_errors(form, refused)
            else:
                _say_saved(request, service, notify)
                return redirect("cases:service", service.public_id)
    else:
        form = forms.Card(case=case, initial=_usual_card(case, request.user))
    return render(request, "cases/card_form.html", {"case": case, "form": form, "rows": form.rows()})


def _usual_card(case, user):
    """Today, me, everyone; place and kind as in my last service, in this case if there is one."""
    mine = Service.objects.filter(adviser=user).order_by("-date", "-id")
    last = mine.filter(case=case).first() or mine.first()
    card = {
        "date": today(),
        "adviser": user.pk,
        "adviser_job": user.job,
        "hour_kind": HourKind.CLOCK,
        "recipients": list(case.participations.values_list("pk", flat=True)),
        "notify": True,
    }
    if last:
        names = ("form", "place", "hour_kind", "budget_line")
        card |= {"service_type": last.service_type_id} | {name: getattr(last, name) for name in names}
    return card


def _say_saved(request, service, notify):
    if service.state != ServiceState.HELD:
        messages.success(request, _("The service %(number)s is saved.") % {"number": service.number})
    elif not notify:
        text = _("The service %(number)s is saved. Have the printed card signed.")
        messages.success(request, text % {"number": service.number})
    elif service.recipients.exclude(person__email="").exists():
        text = _("The service %(number)s is saved and the link to confirm it is on its way.")
        messages.success(request, text % {"number": service.number})
    else:
        text = _("The service %(number)s is saved, but nobody has an e-mail address. Have the printed card signed.")
        messages.warning(request, text % {"number": service.number})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def edit_service(request, public_id):
    service = _service(request, public_id)
    if service.state not in (ServiceState.PLANNED, ServiceState.HELD):
        messages.error(request, _("The card is confirmed and can't be changed any more."))
        return redirect("cases:service", service.public_id)
    if request.method == "POST":
        form = forms.Card(request.POST, case=service.case)
        if form.is_valid():
            card = form.cleaned_data
            notify = card.pop("notify")
            try:
                service = _save_card(service, request, notify, card)
            except Refused as refused:
                add_errors(form, refused)
            else:
                _say_saved(request, service, notify)
                return redirect("cases:service", service.public_id)
    else:
        initial = {name: getattr(service, name) for name in services.CARD_INPUT}
        initial |= {
            "service_type": service.service_type_id,
            "adviser": service.adviser_id,
            "recipients": list(service.recipients.values_list("pk", flat=True)),
            "notify": True,
        }
        form = forms.Card(case=service.case, initial=initial)
    context = {"case": service.case, "service": service, "form": form, "rows": form.rows()}
    return render(request, "cases/card_form.html", context)


def _save_card(service, request, notify, card):
    if service.state == ServiceState.PLANNED and "held" in request.POST:
        return services.hold_service(service, by=request.user, notify=notify, **card)
    return services.update_service(service, by=request.user, notify=notify, **card)


@require_safe
@requires(Right.VIEW_CLIENTS)
def service_page(request, public_id):
    service = _service(request, public_id)
    show(service)
    moves = [m for m in available(service, request.user) if m.action != "hold"]
    may_edit = request.user.has_right(Right.EDIT_CLIENTS)
    mine = service.adviser_id == request.user.pk
    return render(
        request,
        "cases/service.html",
        {
            "service": service,
            "case": service.case,
            "recipients": _recipients(service, request.user),
            "timeline": queries.timeline([service]),
            "moves": [m for m in moves if m.action != "approve"],
            "may_approve": any(m.action == "approve" for m in moves),
            "mine": mine,
            "may_edit": may_edit and service.state in (ServiceState.PLANNED, ServiceState.HELD),
            "planned": service.state == ServiceState.PLANNED,
            "held": service.state == ServiceState.HELD,
            "confirmed": service.state == ServiceState.CONFIRMED,
            "replacement": Service.objects.filter(corrects=service).first(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def move_service(request, public_id, action):
    service = _service(request, public_id)
    if action not in _SERVICE_STEPS:
        raise Http404
    move = find(SERVICE_MOVES, action)
    require(request.user, move.right)
    form_class = forms.PaperConfirmation if action == "confirm_on_paper" else forms.Step
    data = request.POST if request.method == "POST" else None
    first = service.recipients.select_related("person").order_by("pk").first()
    initial = {"confirmed_by": first.person if first else ""}
    form = form_class(data, initial=initial, case=service.case, move=move)
    if request.method == "POST" and form.is_valid():
        try:
            done = _SERVICE_STEPS[action](service, by=request.user, **form.cleaned_data)
        except Refused as refused:
            if isinstance(refused, Stale) or not form.fields:
                messages.error(request, " ".join(refused.messages))
                return redirect("cases:service", service.public_id)
            add_errors(form, refused)
        else:
            if action == "correct" and done is not None:
                messages.success(request, _("%(old)s is withdrawn; set the new card right.") % {"old": service.number})
                return redirect("cases:service-edit", done.public_id)
            return redirect("cases:service", service.public_id)
    return render(request, "cases/service_move.html", {"service": service, "form": form, "move": move})


_SERVICE_STEPS = {
    "confirm_on_paper": services.confirm_on_paper,
    "approve": services.approve,
    "send_back": services.send_back,
    "cancel": services.cancel,
    "no_show": services.no_show,
    "correct": services.correct,
}


@require_POST
@requires(Right.EDIT_CLIENTS)
def send_link(request, public_id):
    service = _service(request, public_id)
    try:
        sent = services.send_link_again(service, by=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        text = ngettext("The link is sent to %(count)s address.", "The link is sent to %(count)s addresses.", sent)
        messages.success(request, text % {"count": sent})
    return redirect("cases:service", service.public_id)


@require_safe
@requires(Right.VIEW_CLIENTS)
def service_card(request, public_id):
    """The card as PDF, shown in the browser."""
    service = _service(request, public_id)
    name = f"karta-{service.number.replace('/', '-')}.pdf"
    return HttpResponse(
        documents.service_card(service, _recipients(service, request.user)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """One card for the one person to whom the link was sent: read it, confirm it or say what is wrong."""
    try:
        public_id, participation_id = emails.read_token(token)
    except signing.SignatureExpired:
        return render(request, "cases/link_expired.html", status=410)
    except signing.BadSignature:
        raise Http404 from None
    service = get_object_or_404(Service.objects.select_related("case", "service_type", "adviser"), public_id=public_id)
    participation = get_object_or_404(service.recipients.select_related("person"), pk=participation_id)
    name = str(participation.person)
    form = forms.Objection(request.POST if "text" in request.POST else None)
    if request.method == "POST":
        try:
            if form.is_bound:
                if form.is_valid():
                    services.object_to(service, name=name, text=form.cleaned_data["text"])
                    return redirect("card:confirm", token)
            else:
                services.confirm(service, name=name, seen=request.POST.get("seen", ""))
                return redirect("card:confirm", token)
        except Stale:
            # somebody was quicker; the page shows how it stands now
            return redirect("card:confirm", token)
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("card:confirm", token)
    show(service)
    return render(
        request,
        "cases/confirm.html",
        {
            "service": service,
            "recipients": service.recipients.select_related("person").order_by("pk"),
            "form": form,
            "seen": queries.version(service),
            "waits": service.state == ServiceState.HELD,
            "confirmed": service.confirmed_at is not None,
        },
    )


def _service(request, public_id):
    found = queries.visible_services(request.user).select_related(
        "case__project", "case__application", "service_type", "adviser", "approved_by", "corrects"
    )
    return get_object_or_404(found, public_id=public_id)


def _recipients(service, user):
    return queries.seen_participations(service.recipients, user).select_related("person").order_by("pk")
