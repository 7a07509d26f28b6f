"""The calendar of arrears: what the fund does after so many days past due, once an episode.

An episode begins with the oldest instalment that is not paid (`since`) and ends when that is paid; a payment that turns
out to be none brings the episode back with what was sent in it. Of the steps whose day has come only the last counts:
what it overtook is neither sent nor proposed any more. E-mails go by themselves; letters wait for somebody who sends
them, and the termination for two people (loans/measures.py). It runs for loans in payment alone: after a termination
everything is due, and there are other steps. Services lock the loan before the notice; they raise Refused in words for
the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime
from collections import Counter

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from centrum.kit import clock, outbox
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused, Stale, move
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import account, arrears_letters, queries, repayments, schedule, telling
from loans.enums import Channel, LoanState, NoticeState
from loans.models import ArrearsStep, Notice, Telling

MAILED, PROPOSED = "mailed", "proposed"
_OVERTAKEN = gettext_lazy("A later step has come: %(step)s")


# Reads


def steps_on(day):
    """The steps of the calendar in force on a day, the earliest first."""
    return list(ArrearsStep.objects.filter(in_force(day)).order_by("days", "code"))


def since(told, today):
    """The day from which a loan is in arrears by its current Telling, None where nothing is overdue.

    Of principal that day is told. Interest alone, in a grace on principal, is looked for in the schedule.
    """
    if told.unpaid_due and told.unpaid_due < today:
        return told.unpaid_due
    if not told.overdue_interest:
        return None
    rows = account.instalments(told.loan)
    return next((one.row.due for one in rows if one.interest and one.row.due < today), None)


def reached(steps, days):
    """Of `steps` in their order those that count after so many days past due: the last, with others of its day."""
    come = [step for step in steps if step.days <= days]
    return [step for step in come if step.days == come[-1].days]


def proposed(user):
    """Steps that wait for somebody of the staff, of episodes that go on, the oldest arrears first."""
    today = clock.today()
    of_interest = Q(overdue_interest__gt=0) & (Q(unpaid_due=None) | Q(unpaid_due__gte=today))
    goes_on = Telling.objects.filter(current=True, loan=OuterRef("loan")).filter(
        Q(unpaid_due=OuterRef("since"), unpaid_due__lt=today) | of_interest
    )
    rows = Notice.objects.filter(state=NoticeState.PROPOSED, loan__state=LoanState.ACTIVE)
    return rows.filter(Exists(goes_on), loan__in=queries.visible_loans(user)).order_by("since", "pk")


def waiting_for(user):
    """The steps with which `user` has to go on."""
    return proposed(user) if user.has_right(Right.KEEP_LOANS) else Notice.objects.none()


def owed(loan, days_to_pay=0, *, pay_by=None):
    """What the loan owes today as a letter tells it: to be paid in so many days, then on a day of business, or
    `pay_by`."""
    today = clock.today()
    standing = telling.standing(loan, today)
    begun = since(loan.tellings.select_related("loan").get(current=True), today)
    return arrears_letters.Owed(
        since=begun,
        days=(today - begun).days if begun else 0,
        principal=standing.overdue_principal,
        interest=standing.overdue_interest + standing.restructured,
        penalty=standing.penalty,
        costs=standing.costs,
        pay_by=pay_by or schedule.adjusted(today + datetime.timedelta(days=days_to_pay), schedule.FOLLOWING),
    )


def preview(notice):
    """(Letter, guarantors to whom it goes as well) as it would be sent today, without the cost that it will add."""
    step, loan = notice.step, notice.loan
    copies = arrears_letters.guarantors(loan) if step.to_guarantors else []
    return arrears_letters.compose(step.letter, loan, owed(loan, step.days_to_pay)), copies


# The nightly run


def run(fund, today=None):
    """Do what the calendar says of a day (today) for every loan of the fund in arrears, each in its own transaction.

    Run twice, or twice at once, it does everything once. Returns {MAILED: how many, PROPOSED: how many}.
    """
    today, done = today or clock.today(), Counter({MAILED: 0, PROPOSED: 0})
    steps = steps_on(today)
    if not steps:
        return done
    late = Q(unpaid_due__lte=today - datetime.timedelta(days=steps[0].days)) | Q(overdue_interest__gt=0)
    rows = Telling.objects.filter(late, current=True, loan__fund=fund, loan__state=LoanState.ACTIVE)
    for told in rows.select_related("loan").order_by("loan"):
        if _new_steps(told, steps, today):
            done.update(_go_on(told.loan, steps, today))
    return done


def _new_steps(told, steps, today):
    """Steps that the calendar has reached in this episode and that were not made in it yet."""
    begun = since(told, today)
    if begun is None:
        return []
    # a step keeps its code when its row is replaced by another one
    made = set(told.loan.notices.filter(since=begun).values_list("step__code", flat=True))
    return [step for step in reached(steps, (today - begun).days) if step.code not in made]


@transaction.atomic
def _go_on(loan, steps, today):
    loan, done = telling.lock(loan), Counter()
    told = loan.tellings.select_related("loan").filter(current=True).first()
    if told is None or loan.state != LoanState.ACTIVE:
        return done
    begun = since(told, today)
    for step in _new_steps(told, steps, today):
        with override("pl"):
            reason = _OVERTAKEN % {"step": step}
        for earlier in loan.notices.filter(state=NoticeState.PROPOSED, since=begun, step__days__lt=step.days):
            move(earlier, "drop", by=None, reason=reason)
        notice = Notice.objects.create(loan=loan, step=step, since=begun, proposed_on=today)
        notice.loan = loan
        done[MAILED if step.channel == Channel.MAIL and _mailed(notice) else PROPOSED] += 1
    return done


def _mailed(notice):
    """Put the e-mail of a step into the outbox; without an address, or an account to pay to, it waits for somebody."""
    loan, address = notice.loan, next(iter(queries.addresses(notice.loan)), None)
    if not address:
        return False
    try:
        told = owed(loan, notice.step.days_to_pay)
        letter = arrears_letters.compose(notice.step.letter, loan, told)
    except Refused:
        return False
    outbox.write(to=address, subject=letter.subject, body=letter.body, about=loan.number)
    move(notice, "send", by=None, changes={**told.columns, "sent_on": notice.proposed_on, "how": "e-mail"})
    return True


# Services


@transaction.atomic
def send(notice, *, by, how):
    """Make the letter of a step that waits, charge its cost, and note `how` it goes. Returns the Notice."""
    require(by, Right.KEEP_LOANS)
    row = _lock(notice)
    step, loan = row.step, row.loan
    if step.channel == Channel.DECISION:
        raise Refused(_("This step is a decision of two people. Prepare the termination in its place."))
    if not how.strip():
        raise Refused({"how": _("Say how the letter goes, for example the number of the registered letter.")})
    _must_go_on(row)
    cost = None
    if step.cost:
        today = clock.today()
        with override("pl"):
            cost = repayments.charge(loan, by=by, amount=step.cost, on=today, text=str(step), key=f"notice-{row.pk}")
    told = owed(loan, step.days_to_pay)
    letter = arrears_letters.compose(step.letter, loan, told)
    paper = arrears_letters.draw(letter, loan, told, by=by, to_guarantors=step.to_guarantors)
    return _sent(row, told, by=by, how=how.strip(), paper=paper, cost=cost)


def _sent(row, told, *, by, how, paper, cost=None):
    changes = {"sent_on": clock.today(), "sent_by": by, "how": how, "paper": paper, "cost": cost}
    return move(row, "send", by=by, changes={**told.columns, **changes})


@transaction.atomic
def drop(notice, *, by, reason):
    """Leave a step out, with the reason; it does not come again in this episode."""
    require(by, Right.KEEP_LOANS)
    return move(_lock(notice), "drop", by=by, reason=reason)


def terminated(loan, told, *, by, paper):
    """The step of the calendar that asks for the termination is made with its notice. The loan is held."""
    rows = loan.notices.filter(state=NoticeState.PROPOSED, since=told.since, step__channel=Channel.DECISION)
    for row in rows:
        _sent(row, told, by=by, how=_("notice of termination"), paper=paper)


def _lock(notice):
    """The fresh row of a notice that waits, its loan locked first."""
    loan = telling.lock(notice.loan)
    row = Notice.objects.select_for_update(of=("self",), no_key=True).select_related("step").get(pk=notice.pk)
    row.loan = loan
    if row.state != NoticeState.PROPOSED:
        words = _("Meanwhile this notice is “%(state)s”.")
        raise Stale(words % {"state": row.get_state_display()})
    return row


def _must_go_on(row):
    """Refuse to write about arrears that are paid by now."""
    told = row.loan.tellings.select_related("loan").filter(current=True).first()
    if told is None or row.loan.state != LoanState.ACTIVE or since(told, clock.today()) != row.since:
        raise Refused(_("These arrears are paid, or the loan is not in payment any more. There is nothing to send."))
