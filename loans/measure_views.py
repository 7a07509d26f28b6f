"""The office's pages of decisions on a claim: prepared, looked at, confirmed or dropped."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock
from centrum.kit.models import StateChange
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, available, find, noun_of
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires
from loans import measures, telling
from loans.agreement_views import of_loan, seen, step_refused
from loans.arrears_forms import OF_KIND
from loans.enums import MEASURE_MOVES, MEASURE_TAG, MeasureKind, MeasureState
from loans.forms import NoFieldForm, ReasonForm

write = require_http_methods(["GET", "HEAD", "POST"])
_NOTES = {
    MeasureKind.TERMINATION: gettext_lazy(
        "The notice of termination is made at once. Sign and send it; on its day somebody else confirms it."
    ),
    MeasureKind.RECOVERY: gettext_lazy("Somebody else confirms that the recovery begins."),
    MeasureKind.RESTRUCTURING: gettext_lazy(
        "Somebody else confirms it once the annex is signed and its day has come. Interest stays apart."
    ),
    MeasureKind.WRITE_OFF: gettext_lazy(
        "The claim stays: what comes in later is a recovery. Somebody else confirms the write-off."
    ),
    MeasureKind.FORGIVENESS: gettext_lazy("Somebody else confirms what is forgiven."),
}


@write
@requires(Right.KEEP_LOANS)
def new(request, public_id, kind):
    if kind not in MeasureKind.values:
        raise Http404
    loan, kind = seen(request, public_id), MeasureKind(kind)
    if request.method != "POST" and kind not in measures.possible(loan):
        return step_refused(request, loan, _("This can't be decided now."), "arrears")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    note = str(_NOTES[kind])
    if kind == MeasureKind.FORGIVENESS:
        note += " " + _("At most %(most)s.") % {"most": money(measures.most_forgiven(loan))}
    return of_loan(
        request,
        loan,
        OF_KIND[kind](*sent, loan=loan),
        lambda **said: measures.prepare(loan, by=request.user, kind=kind, **said),
        title=_("Prepare: %(kind)s") % {"kind": kind.label},
        button=_("Prepare the decision"),
        done=_("The decision waits for somebody else to confirm it."),
        note=note,
        part="arrears",
    )


@require_safe
@requires(Right.VIEW_LOANS)
def measure(request, public_id, pk):
    loan, row = _row(request, public_id, pk)
    found, standing, refused = None, None, []
    try:
        found = measures.figures(row)
        if row.state == MeasureState.PREPARED:
            standing = telling.standing(loan)
    except Refused as refusal:
        refused = refusal.messages
    user, waits = request.user, row.state == MeasureState.PREPARED
    context = {
        "loan": loan,
        "measure": row,
        "tag": MEASURE_TAG[row.state],
        "figures": found,
        "standing": standing,
        "refused": refused,
        "moves": _moves(row, user),
        "own": waits and row.prepared_by_id == user.pk,
        "early": waits and row.on > clock.today(),
        "dropped": StateChange.objects.filter(noun=noun_of(row), object_id=row.pk, action="drop")
        .select_related("by")
        .first(),
    }
    return render(request, "loans/measure.html", context)


@write
@requires(Right.VIEW_LOANS)
def measure_move(request, public_id, pk, action):
    if action not in [step.action for step in MEASURE_MOVES]:
        raise Http404
    step = find(MEASURE_MOVES, action)
    require(request.user, step.right)
    loan, row = _row(request, public_id, pk)
    if request.method != "POST" and row.state not in step.sources:
        words = _("This step can't be made in the state “%(state)s”.") % {"state": row.get_state_display()}
        return step_refused(request, loan, words, "arrears")
    sent = request.POST if request.method == "POST" else None
    form, service = {
        "confirm": (NoFieldForm, measures.confirm),
        "drop": (ReasonForm, measures.drop),
    }[action]
    return of_loan(
        request,
        loan,
        form(sent),
        lambda **said: service(row, by=request.user, **said),
        title=_("%(step)s: %(kind)s") % {"step": step.label, "kind": row.get_kind_display()},
        button=step.label,
        done=_("The state of the decision is changed."),
        back=reverse("loans:measure", args=[loan.public_id, row.pk]),
        note=_note(row, action),
    )


# Parts


def _note(row, action):
    """What the step does, and what whoever makes it should think of."""
    if action == "drop":
        sent = _("The notice of termination may have been sent: tell the borrower that it is withdrawn.")
        return sent if row.kind == MeasureKind.TERMINATION else ""
    if row.on > clock.today():
        return _("It holds from %(day)s. Confirm it on that day or later.") % {"day": date_short(row.on)}
    if row.kind == MeasureKind.TERMINATION and not telling.standing(row.loan).days:
        return _("Nothing is overdue any more. Think whether to drop the termination in place of confirming it.")
    return _("There is no way back.")


def _row(request, public_id, pk):
    loan = seen(request, public_id)
    rows = loan.measures.select_related("prepared_by", "confirmed_by", "annex", "paper__file").defer(
        "paper__file__data"
    )
    row = get_object_or_404(rows, pk=pk)
    row.loan = loan
    return loan, row


def _moves(row, user):
    """Steps that the user may make now; nobody confirms what they prepared, nor before its day."""
    ready = row.prepared_by_id != user.pk and row.on <= clock.today()
    return [step for step in available(row, user) if step.action != "confirm" or ready]
