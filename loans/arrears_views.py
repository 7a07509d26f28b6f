"""The office's pages of arrears: the list by days past due, steps of the calendar that wait, a notice with its letter,
and the panel of a loan."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, lists
from centrum.kit.lists import Order
from centrum.kit.polish import percent
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires
from loans import account, arrears, arrears_list, delay, measures, rates, telling
from loans.agreement_views import of_loan, page, seen
from loans.arrears_forms import ArrearsFilter, SendForm
from loans.enums import (
    AFTER_PAYOUT,
    MEASURE_TAG,
    NOTICE_TAG,
    Channel,
    LoanState,
    MeasureKind,
    NbpKind,
    NoticeState,
)
from loans.forms import ReasonForm
from loans.models import Telling

write = require_http_methods(["GET", "HEAD", "POST"])
BY_DAYS = {"days": Order("unpaid_due"), "-days": Order("unpaid_due", descending=True)}
BY_SUM = {"new": Order("pk", descending=True), "-principal": Order("principal", descending=True)}


# Pages


@require_safe
@requires(Right.VIEW_LOANS)
def listing(request):
    """Loans in arrears, beside them the sums of every bucket, each a link to its loans."""
    form = ArrearsFilter(request.GET)
    form.is_valid()
    which = form.cleaned_data.get("pokaz") or arrears_list.LATE
    officer = form.cleaned_data.get("officer", "")
    rows = arrears_list.rows(request.user, which, officer=officer)
    # what is past due has a day from which it counts; the rest may have none
    by_days = which in (arrears_list.LATE, *arrears_list.CLASSES)
    orders, default = ({**BY_DAYS, "-principal": BY_SUM["-principal"]}, "days") if by_days else (BY_SUM, "new")
    found = lists.page(request, rows, orders=orders, default=default)
    found.rows = arrears_list.with_calendar(found.rows)
    context = {
        "page": found,
        "filter_form": form,
        "which": which,
        "officer": officer,
        "by_days": by_days,
        "lost": which == arrears_list.LOST,
        "buckets": arrears_list.summary(request.user, officer=officer),
        "waiting": arrears.proposed(request.user).count(),
        "to_confirm": measures.waiting_for(request.user).count(),
    }
    return render(request, "loans/arrears.html", context)


@require_safe
@requires(Right.VIEW_LOANS)
def queue(request):
    """Steps of the calendar that wait for somebody, the oldest arrears first."""
    told = Telling.objects.filter(loan=OuterRef("loan"), current=True).annotate(overdue=arrears_list.OVERDUE)
    rows = arrears.proposed(request.user).select_related("loan__organisation", "loan__officer", "step")
    rows = rows.annotate(overdue=Subquery(told.values("overdue")[:1]))
    found = lists.page(request, rows, orders={"first": Order("since")}, default="first")
    today = clock.today()
    for row in found.rows:
        row.late, row.decides = (today - row.since).days, row.step.channel == Channel.DECISION
    may_send = request.user.has_right(Right.KEEP_LOANS)
    return render(request, "loans/notices.html", {"page": found, "may_send": may_send})


@write
@requires(Right.VIEW_LOANS)
def notice(request, public_id, pk):
    """A notice: its letter as it would go today with the button that sends it, or what was sent."""
    if request.method == "POST":
        require(request.user, Right.KEEP_LOANS)
    loan = seen(request, public_id)
    rows = loan.notices.select_related("step", "sent_by", "paper__file", "cost").defer("paper__file__data")
    row = get_object_or_404(rows, pk=pk)
    row.loan = loan
    decides = row.step.channel == Channel.DECISION
    may_send = row.state == NoticeState.PROPOSED and request.user.has_right(Right.KEEP_LOANS)
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            arrears.send(row, by=request.user, how=form.cleaned_data["how"])
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The letter is made and kept with the loan. Print, sign and send it."))
            return redirect("loans:notice", public_id, pk)
    context = {
        "loan": loan,
        "notice": row,
        "tag": NOTICE_TAG[row.state],
        "decides": decides,
        "may_send": may_send and not decides,
        "may_drop": may_send,
        "may_terminate": may_send and decides and MeasureKind.TERMINATION in measures.possible(loan),
        "form": form,
        **(_previewed(row) if row.state == NoticeState.PROPOSED and not decides else {}),
    }
    return render(request, "loans/notice.html", context)


def _previewed(row):
    try:
        letter, copies = arrears.preview(row)
    except Refused as refusal:
        return {"refused": refusal.messages}
    return {"letter": letter, "copies": copies}


@write
@requires(Right.KEEP_LOANS)
def notice_drop(request, public_id, pk):
    loan = seen(request, public_id)
    row = get_object_or_404(loan.notices.select_related("step"), pk=pk)
    row.loan = loan
    if request.method != "POST" and row.state != NoticeState.PROPOSED:
        messages.warning(request, _("This notice is “%(state)s”.") % {"state": row.get_state_display()})
        return redirect(page(loan, "arrears"))
    return of_loan(
        request,
        loan,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda reason: arrears.drop(row, by=request.user, reason=reason),
        title=_("Leave out: %(step)s") % {"step": row.step},
        button=_("Leave it out"),
        done=_("The step is left out."),
        note=_("It does not come again until this instalment is paid and another one is not."),
        part="arrears",
    )


# Panel


def panel(user, loan):
    """On the page of a loan that was paid out: what is overdue today and why, what was sent, what was decided."""
    if loan.state not in AFTER_PAYOUT:
        return None
    told = loan.tellings.filter(current=True).first()
    begun = arrears.since(told, clock.today()) if told else None
    notices = list(loan.notices.select_related("step", "sent_by").order_by("-pk"))
    for row in notices:
        row.tag = NOTICE_TAG[row.state]
        # it waits only while the arrears that it is about last
        row.over = row.state == NoticeState.PROPOSED and row.since != begun
    decided = list(loan.measures.select_related("prepared_by", "confirmed_by", "annex").order_by("-pk"))
    for row in decided:
        row.tag = MEASURE_TAG[row.state]
    kinds = measures.possible(loan, decided) if user.has_right(Right.KEEP_LOANS) else []
    return {
        "loan": loan,
        "notices": notices,
        "measures": decided,
        "kinds": [(kind.value, kind.label) for kind in kinds],
        "lost": loan.state == LoanState.WRITTEN_OFF,
        **_standing(loan, told),
    }


def _standing(loan, told):
    """What is overdue at the end of today with the instalments that it comes from; nothing where nothing is."""
    if told is None or loan.state == LoanState.WRITTEN_OFF or not (told.arrears or _falls_due(told)):
        return {}
    try:
        now = telling.tell(loan, clock.today())
        highest = delay.statutory(rates.nbp_rate(NbpKind.REFERENCE, clock.today())).highest_delay
    except Refused as refusal:
        return {"refused": refusal.messages}
    return {"standing": now.standing, "delay": percent(highest), "overdue": _overdue(loan, now)}


def _overdue(loan, now):
    """Instalments past due of which something is left: number, day, days, principal and interest."""
    today = clock.today()
    return [
        {
            "nr": one.row.nr,
            "due": one.row.due,
            "days": (today - one.row.due).days,
            "principal": one.principal,
            "interest": one.interest,
        }
        for one in account.instalments(loan, now)
        if one.left and one.row.due < today
    ]


def _falls_due(told):
    return told.unpaid_due and told.unpaid_due < clock.today()
