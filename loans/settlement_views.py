"""The office's pages of settlements: the list with what is late, one settlement with its documents and steps."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import files, lists
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.polish import money
from centrum.kit.transitions import Refused, available, find, noun_of
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires
from loans import payouts, settlements
from loans.enums import SETTLEMENT_MOVES, SETTLEMENT_TAG
from loans.forms import NoFieldForm, ReasonForm
from loans.settlement_forms import DocumentForm, ExtendForm, PartForm, SettlementFilter

write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"first": Order("due_on"), "last": Order("due_on", descending=True)}
STEPS = {
    "submit": (settlements.submit, NoFieldForm, gettext_lazy("The settlement is submitted. Somebody else reviews it.")),
    "correct": (settlements.correct, ReasonForm, gettext_lazy("The settlement is sent back for corrections.")),
    "accept": (settlements.accept, NoFieldForm, gettext_lazy("The settlement is accepted.")),
    "reject": (settlements.reject, PartForm, gettext_lazy("The settlement is accepted in part.")),
}


@require_safe
@requires(Right.VIEW_LOANS)
def listing(request):
    form = SettlementFilter(request.GET)
    which = (form.is_valid() and form.cleaned_data["pokaz"]) or "open"
    rows = settlements.narrowed(settlements.visible_settlements(request.user), which)
    page = lists.page(request, rows, orders=ORDERS, default="first")
    for row in page.rows:
        row.tag, row.timing = SETTLEMENT_TAG[row.state], settlements.timing(row)
    return render(request, "loans/settlements.html", {"page": page, "filter_form": form})


@require_safe
@requires(Right.VIEW_LOANS)
def settlement(request, public_id, number):
    shown = _settlement(request, public_id, number)
    documents = list(shown.documents.select_related("file").defer("file__data"))
    told, user = sum(row.from_loan for row in documents), request.user
    is_open = shown.state in settlements.OPEN
    context = {
        "settlement": shown,
        "tranche": shown.tranche,
        "loan": shown.tranche.loan,
        "tag": SETTLEMENT_TAG[shown.state],
        "timing": settlements.timing(shown),
        "documents": documents,
        "told": told,
        "left": max(shown.tranche.amount - told, 0),
        "give_back": settlements.to_give_back(shown),
        "warnings": settlements.warnings(shown, documents),
        # somebody else reviews it than who submitted it
        "moves": [] if shown.submitted_by_id == user.pk and not is_open else available(shown, user),
        "may_change": is_open and user.has_right(Right.KEEP_LOANS),
        "may_extend": is_open and shown.extended_to is None and user.has_right(Right.PAY_LOANS),
        "steps": _steps(shown),
    }
    return render(request, "loans/settlement.html", context)


def _steps(shown):
    names = dict(shown._meta.get_field("state").choices)
    rows = StateChange.objects.filter(noun=noun_of(shown), object_id=shown.pk).select_related("by").order_by("-pk")
    return [{"at": row.at, "by": row.by, "words": names[row.target], "reason": row.reason} for row in rows]


@write
@requires(Right.KEEP_LOANS)
def document_new(request, public_id, number):
    row = _settlement(request, public_id, number)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return _form_of(
        request,
        row,
        DocumentForm(*sent),
        lambda **said: settlements.save_document(row, by=request.user, **said),
        title=_("Add a document"),
        done=_("The document is noted."),
    )


@write
@requires(Right.KEEP_LOANS)
def document_edit(request, public_id, number, pk):
    row = _settlement(request, public_id, number)
    document = get_object_or_404(row.documents.select_related("file").defer("file__data"), pk=pk)
    initial = {name: getattr(document, name) for name in settlements.DOCUMENT}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return _form_of(
        request,
        row,
        DocumentForm(*sent, initial=initial, kept=document.file),
        lambda **said: settlements.save_document(row, document, by=request.user, **said),
        title=_("Change the document %(number)s") % {"number": document},
        done=_("The document is changed."),
    )


@require_POST
@requires(Right.KEEP_LOANS)
def document_remove(request, public_id, number, pk):
    row = _settlement(request, public_id, number)
    document = get_object_or_404(row.documents, pk=pk)
    try:
        settlements.remove_document(document, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The document is removed."))
    return redirect("loans:settlement", public_id, number)


@never_cache
@require_safe
@requires(Right.VIEW_LOANS)
def document_file(request, public_id, number, pk):
    row = _settlement(request, public_id, number)
    document = get_object_or_404(row.documents.exclude(file=None).select_related("file"), pk=pk)
    return files.send(document.file, inline=True)


@write
@requires(Right.VIEW_LOANS)
def settlement_move(request, public_id, number, action):
    if action not in STEPS:
        raise Http404
    step = find(SETTLEMENT_MOVES, action)
    require(request.user, step.right)
    row = _settlement(request, public_id, number)
    if request.method != "POST" and row.state not in step.sources:
        state = row.get_state_display()
        messages.warning(request, _("This step can't be made in the state “%(state)s”.") % {"state": state})
        return redirect("loans:settlement", public_id, number)
    service, form, done = STEPS[action]
    words = _("The documents tell of %(sum)s of %(amount)s.")
    note = [words % {"sum": money(settlements.spent(row)), "amount": money(row.tranche.amount)}]
    return _form_of(
        request,
        row,
        form(*((request.POST,) if request.method == "POST" else ())),
        lambda **said: service(row, by=request.user, **said),
        title=f"{step.label}: {payouts.summary(row.tranche)}",
        button=step.label,
        done=done,
        note=" ".join(note + settlements.warnings(row)),
    )


@write
@requires(Right.PAY_LOANS)
def settlement_extend(request, public_id, number):
    row = _settlement(request, public_id, number)
    return _form_of(
        request,
        row,
        ExtendForm(*((request.POST,) if request.method == "POST" else ()), initial={"until": settlements.longest(row)}),
        lambda **said: settlements.extend(row, by=request.user, **said),
        title=_("More time for the settlement"),
        done=_("The settlement has more time."),
    )


def _settlement(request, public_id, number):
    rows = settlements.visible_settlements(request.user)
    rows = rows.select_related(
        "tranche__loan__organisation", "tranche__loan__product", "submitted_by", "reviewed_by", "extended_by"
    )
    return get_object_or_404(rows, tranche__loan__public_id=public_id, tranche__number=number)


def _form_of(request, row, form, save, **words):
    loan = row.tranche.loan
    back = reverse("loans:settlement", args=[loan.public_id, row.tranche.number])
    crumbs = [
        (_("Settlements"), reverse("loans:settlements")),
        (loan.number, reverse("loans:loan", args=[loan.public_id])),
        (_("Tranche %(number)d") % {"number": row.tranche.number}, back),
    ]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)
