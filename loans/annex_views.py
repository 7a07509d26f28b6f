"""The office's pages of the annexes of a loan, and their panel on its page."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock
from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused, available, find, noun_of
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires
from loans import agreement_forms as forms
from loans import annexes, papers
from loans.agreement_views import of_loan, seen, step_refused, sums
from loans.enums import ANNEX_MOVES, ANNEX_TAG, AnnexState, LoanState
from loans.forms import NoFieldForm, ReasonForm

write = require_http_methods(["GET", "HEAD", "POST"])
_ON_ITS_WAY = (AnnexState.PREPARED, AnnexState.CONFIRMED)


@write
@requires(Right.KEEP_LOANS)
def new(request, public_id):
    loan = seen(request, public_id)
    if not _may_begin(loan):
        return step_refused(request, loan, _("No annex can be begun now."))
    return of_loan(
        request,
        loan,
        forms.AnnexForm(request.POST or None, days=annexes.first_days(loan)),
        lambda **said: annexes.prepare(loan, by=request.user, **said),
        title=_("Prepare an annex"),
        button=_("Prepare an annex"),
        done=_("The annex waits for somebody else to confirm it."),
    )


@require_safe
@requires(Right.VIEW_LOANS)
def annex(request, public_id, number):
    loan, row = _row(request, public_id, number)
    effect, refused = None, []
    try:
        effect = annexes.effect(row)
    except Refused as refusal:
        refused = refusal.messages
    context = {
        "loan": loan,
        "annex": row,
        "tag": ANNEX_TAG[row.state],
        "changes": papers.changes(row),
        "effect": effect,
        "refused": refused,
        "old_sums": effect and sums(effect.old),
        "new_sums": effect and sums(effect.new),
        "papers": row.papers.select_related("file").defer("file__data").order_by("-pk"),
        "moves": _moves(row, request.user),
        "own": row.state == AnnexState.PREPARED and row.prepared_by_id == request.user.pk,
        "dropped": StateChange.objects.filter(noun=noun_of(row), object_id=row.pk, action="drop").first(),
    }
    return render(request, "loans/annex.html", context)


@write
@requires(Right.VIEW_LOANS)
def annex_move(request, public_id, number, action):
    if action not in [step.action for step in ANNEX_MOVES]:
        raise Http404
    step = find(ANNEX_MOVES, action)
    require(request.user, step.right)
    loan, row = _row(request, public_id, number)
    if row.state not in step.sources:
        words = _("This step can't be made in the state “%(state)s”.") % {"state": row.get_state_display()}
        return step_refused(request, loan, words)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    made = {
        "confirm": lambda: (NoFieldForm(*sent), annexes.confirm),
        "sign": lambda: (forms.SignForm(*sent, initial={"signed_on": clock.today()}), annexes.sign),
        "drop": lambda: (ReasonForm(*sent), annexes.drop),
    }
    form, service = made[action]()
    back = reverse("loans:annex", args=[loan.public_id, row.number])
    return of_loan(
        request,
        loan,
        form,
        lambda **said: service(row, by=request.user, **said),
        title=_("%(step)s: annex %(number)d") % {"step": step.label, "number": row.number},
        button=step.label,
        done=_("The state of the annex is changed."),
        back=back,
    )


def panel(user, loan):
    rows = list(annexes.with_versions(loan))
    if not rows and loan.state != LoanState.ACTIVE:
        return None
    for row in rows:
        row.tag, row.changes = ANNEX_TAG[row.state], papers.changes(row)
    on_its_way = any(row.state in _ON_ITS_WAY for row in rows)
    may_begin = user.has_right(Right.KEEP_LOANS) and loan.state == LoanState.ACTIVE and not on_its_way
    return {"loan": loan, "annexes": rows, "may_begin": may_begin}


# Parts


def _row(request, public_id, number):
    loan = seen(request, public_id)
    row = get_object_or_404(loan.annexes.select_related("prepared_by", "confirmed_by"), number=number)
    row.loan = loan
    return loan, row


def _moves(row, user):
    """Steps that the user may make; nobody confirms what they prepared."""
    return [step for step in available(row, user) if step.action != "confirm" or row.prepared_by_id != user.pk]


def _may_begin(loan):
    return loan.state == LoanState.ACTIVE and not loan.annexes.filter(state__in=_ON_ITS_WAY).exists()
