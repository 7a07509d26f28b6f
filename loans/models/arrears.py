"""The calendar of arrears: which step comes after how many days, and what was sent to whom because of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import frozen, never_deleted
from loans.enums import NOTICE_MOVES, ArrearsLetter, Channel, NoticeState
from loans.models.loans import Loan, LoanPaper
from loans.models.repayments import LoanCost

TOLD = ("principal", "interest", "penalty", "costs")


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


@history()
class ArrearsStep(models.Model):
    """What the fund does after so many days past due (krok windykacji miękkiej), in a period of days.

    `cost`: PLN charged for the letter, above nothing only where the agreements let it be charged; `days_to_pay`: how
    many days the letter gives. A decision has no days and no cost: its paper is the notice of termination.
    """

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    days = models.PositiveSmallIntegerField(_("days past due"))
    channel = models.CharField(_("how"), max_length=10, choices=Channel)
    letter = models.CharField(_("text"), max_length=40, choices=ArrearsLetter)
    to_guarantors = models.BooleanField(_("to the guarantors as well"), default=False)
    cost = _amount(_("cost of the letter (PLN)"), default=0)
    days_to_pay = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    source = models.CharField(_("source"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of the calendar of arrears")
        verbose_name_plural = _("calendar of arrears")
        ordering = ["days", "code", "-valid_from"]
        constraints = [
            *in_periods("arrearsstep", "code"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values, letter__in=ArrearsLetter.values, days__gt=0),
                name="arrearsstep_known",
            ),
            models.CheckConstraint(
                condition=Q(cost=0) | Q(channel=Channel.LETTER, cost__gt=0),
                name="arrearsstep_cost",
                violation_error_message=_("Only a letter that somebody sends has a cost."),
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.DECISION, days_to_pay=0, letter=ArrearsLetter.TERMINATION)
                | ~Q(channel=Channel.DECISION) & Q(days_to_pay__range=(1, 365)) & ~Q(letter=ArrearsLetter.TERMINATION),
                name="arrearsstep_days_to_pay",
                violation_error_message=_(
                    "A letter gives from 1 to 365 days to pay; a decision gives none and has the notice of termination."
                ),
            ),
        ]

    def __str__(self):
        return self.name if get_language() == "pl" else self.name_en


@history()
class Notice(models.Model):
    """A step of the calendar for one loan (wezwanie): proposed by the nightly run, sent or dropped.

    `since`: the instalment from which the arrears count, so that a step is made once an episode, whatever is paid and
    taken back meanwhile. The sums (PLN), `days` past due and `pay_by` are what the letter told; `cost`: what it was
    charged with; `how` it went. An e-mail has no `paper`, and nobody who sent it when it went by itself.
    """

    MOVES = NOTICE_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="notices")
    step = models.ForeignKey(ArrearsStep, models.PROTECT, verbose_name=_("step"), related_name="notices")
    since = models.DateField(_("arrears since"))
    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.PROPOSED)
    proposed_on = models.DateField(_("proposed on"))
    days = models.PositiveSmallIntegerField(_("days past due"), null=True, blank=True)
    principal = _amount(_("principal (PLN)"), null=True, blank=True)
    interest = _amount(_("interest (PLN)"), null=True, blank=True)
    penalty = _amount(_("interest for delay (PLN)"), null=True, blank=True)
    costs = _amount(_("costs (PLN)"), null=True, blank=True)
    pay_by = models.DateField(_("to be paid by"), null=True, blank=True)
    paper = models.OneToOneField(
        LoanPaper, models.PROTECT, null=True, blank=True, verbose_name=_("paper"), related_name="notice"
    )
    cost = models.OneToOneField(
        LoanCost, models.PROTECT, null=True, blank=True, verbose_name=_("cost charged"), related_name="notice"
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("sent by"), related_name="+"
    )
    how = models.CharField(_("how it was sent"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("notice of arrears")
        verbose_name_plural = _("notices of arrears")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["loan", "since"], name="notice_waiting", condition=Q(state=NoticeState.PROPOSED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["loan", "step", "since"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(state__in=NoticeState.values, proposed_on__gt=F("since")), name="notice_known"
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.SENT, sent_on__gte=F("proposed_on"), days__gt=0)
                & Q(**{f"{name}__gte": 0 for name in TOLD}, pay_by__gt=F("sent_on"))
                & (Q(sent_by__isnull=False, paper__isnull=False) | Q(sent_by=None, paper=None, cost=None))
                & ~Q(how="")
                | ~Q(state=NoticeState.SENT)
                & Q(**dict.fromkeys((*TOLD, "days", "pay_by", "paper", "cost", "sent_on", "sent_by")), how=""),
                name="notice_as_far_as_it_is",
            ),
        ]
        triggers = [
            legal_moves(NOTICE_MOVES),
            never_deleted(),
            frozen("as_proposed", ["loan", "step", "since", "proposed_on"], when=pgtrigger.Q()),
            frozen(
                "as_sent",
                [*TOLD, "days", "pay_by", "paper", "cost", "sent_on", "sent_by", "how"],
                when=pgtrigger.Q(old__state=NoticeState.SENT),
            ),
            pgtrigger.Protect(
                name="begins_proposed",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=NoticeState.PROPOSED),
            ),
        ]

    def __str__(self):
        return f"{self.loan} {self.step}"

    @property
    def total(self):
        """What the letter told to pay."""
        return self.principal + self.interest + self.penalty + self.costs
