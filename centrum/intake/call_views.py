"""The staff's pages of calls: the list, one call with its main and reserve list, and its form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.intake import calls, documents, kinds, queries
from centrum.intake.call_forms import CallForm
from centrum.intake.models import Call
from centrum.kit import clock, lists
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

ORDERS = {"newest": lists.Order("opens_at", descending=True), "oldest": lists.Order("opens_at")}
SHOWN = 100  # of each list on the page; the protocol holds all


@requires(Right.VIEW_CLIENTS)
@require_safe
def call_list(request):
    page = lists.page(request, calls.listed(), orders=ORDERS, default="newest")
    for row in page.rows:
        _label(row)
    context = {"page": page, "may_keep": request.user.has_right(Right.KEEP_CALLS)}
    return render(request, "intake/calls.html", context)


def _label(call):
    now = clock.now()
    call.kind_title = kinds.of(call).title
    if now < call.opens_at:
        call.tag, call.state = "quiet", _("to come")
    elif now < call.closes_at:
        call.tag, call.state = "on", _("open")
    else:
        call.tag, call.state = "info", _("closed")
    return call


def _found(public_id):
    return _label(get_object_or_404(calls.listed(), public_id=public_id))


@requires(Right.VIEW_CLIENTS)
@require_safe
def call(request, public_id):
    shown = _found(public_id)
    visible = queries.visible_applications(request.user).select_related("unit")
    main = list(calls.main_list(visible, shown)[:SHOWN])
    reserve = list(calls.reserve_list(visible, shown)[:SHOWN])
    context = {
        "call": shown,
        "main": main,
        "reserve": reserve,
        "main_more": shown.taken - len(main),
        "reserve_more": shown.reserve - len(reserve),
        "reserve_free": None if shown.reserve_places is None else shown.reserve_places - shown.reserve,
        "may_keep": request.user.has_right(Right.KEEP_CALLS),
    }
    return render(request, "intake/call.html", context)


@requires(Right.VIEW_CLIENTS)
@require_safe
def protocol(request, public_id):
    """The lists of the call as PDF: what of them the user sees."""
    shown = _found(public_id)
    pdf = documents.call_protocol(shown, queries.visible_applications(request.user))
    name = f"protokol-{clock.local(shown.closes_at):%Y-%m-%d}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@requires(Right.KEEP_CALLS)
@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request):
    return _form(request, None)


@requires(Right.KEEP_CALLS)
@require_http_methods(["GET", "HEAD", "POST"])
def call_change(request, public_id):
    return _form(request, get_object_or_404(Call, public_id=public_id))


def _form(request, shown):
    form = CallForm(request.POST or None, call=shown)
    if request.method == "POST" and form.is_valid():
        try:
            if shown is None:
                done = calls.create(by=request.user, **form.cleaned_data)
            else:
                done = calls.change(shown, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.show(error)
        else:
            messages.success(request, _("The call “%(name)s” is saved.") % {"name": done.name})
            return redirect("calls:call", done.public_id)
    return render(request, "intake/call_form.html", {"call": shown, "form": form})
