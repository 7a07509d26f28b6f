"""Loans: what was granted to whom, on which terms, secured by what, and the schedules that followed."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.models import StoredFile
from centrum.kit.periods import in_periods
from centrum.kit.search import search_column, search_index
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.models import Organisation, Person
from centrum.staff.models import Unit
from loans.enums import (
    AFTER_PAYOUT,
    ANNEX_MOVES,
    CALLED,
    LOAN_MOVES,
    SECURITY_MOVES,
    AnnexState,
    DayCount,
    LoanState,
    Method,
    PaperKind,
    ScheduleReason,
    SecurityKind,
    SecurityState,
)
from loans.models.ledger import Fund
from loans.models.products import Product
from loans.models.rates import NbpRate
from loans.models.review import Decision

LOAN_COUNTERS = ("committed", "paid_out", "outstanding")
SIGNED = (LoanState.SIGNED, LoanState.READY, *AFTER_PAYOUT)


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


@history(*LOAN_COUNTERS, "search")
class Loan(models.Model):
    """A loan (pożyczka) from its approval on, PZ/year/nnnn, which is the number of its agreement as well.

    `committed` (granted, not paid out), `paid_out` and `outstanding` principal are counted by the lines of the ledger
    and nothing else. `due_day`: the day of the month on which instalments fall due; `first_due`: the first of them.
    """

    MOVES = LOAN_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    decision = models.OneToOneField(Decision, models.PROTECT, verbose_name=_("decision"), related_name="loan")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="loans")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("loan product"), related_name="loans")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="loans")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("contact person"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+")
    officer = _user(_("loan officer"))
    amount = _amount(_("amount (PLN)"))
    months = models.PositiveSmallIntegerField(_("months"))
    grace = models.PositiveSmallIntegerField(_("grace on principal in months"))
    method = models.CharField(_("kind of instalments"), max_length=20, choices=Method)
    day_count = models.CharField(_("day count"), max_length=10, choices=DayCount)
    new_job = models.BooleanField(_("rate for who creates a job"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=LoanState, default=LoanState.APPROVED)
    granted_on = models.DateField(_("granted on"))
    sign_by = models.DateField(_("to be signed by"))
    drawn_on = models.DateField(_("agreement drawn up on"), null=True, blank=True)
    signed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    due_day = models.PositiveSmallIntegerField(_("day of the month of instalments"), null=True, blank=True)
    first_due = models.DateField(_("first instalment"), null=True, blank=True)
    # from this day on everything is due: the agreement was terminated
    called_on = models.DateField(_("everything due from"), null=True, blank=True)
    committed = _amount(_("not paid out yet"), default=0, editable=False)
    paid_out = _amount(_("paid out"), default=0, editable=False)
    outstanding = _amount(_("principal left"), default=0, editable=False)
    search = search_column("number")

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "id"], name="loan_state"),
            models.Index(fields=["organisation", "id"], name="loan_organisation"),
            models.Index(fields=["outstanding", "id"], name="loan_outstanding_order"),
            search_index("loan_search"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^PZ/\d{4}/\d{4,}$"), name="loan_number"),
            models.CheckConstraint(condition=Q(state__in=LoanState.values), name="loan_state_known"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, months__range=(1, 360), grace__gte=0, grace__lt=F("months"))
                & Q(method__in=Method.values, day_count__in=DayCount.values),
                name="loan_terms",
            ),
            models.CheckConstraint(condition=Q(sign_by__gte=F("granted_on")), name="loan_sign_by"),
            models.CheckConstraint(
                condition=Q(drawn_on=None, due_day=None, first_due=None)
                | Q(drawn_on__gte=F("granted_on"), due_day__range=(1, 31), first_due__isnull=False),
                name="loan_drawn",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[LoanState.APPROVED, LoanState.LAPSED]) | Q(drawn_on__isnull=False),
                name="loan_drawn_up",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) & ~Q(state__in=SIGNED) | Q(signed_on__gte=F("drawn_on")),
                name="loan_signed",
                violation_error_message=_("An agreement is signed no earlier than it was drawn up."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*CALLED, LoanState.WRITTEN_OFF], called_on__gte=F("signed_on"))
                | Q(state=LoanState.REPAID) & (Q(called_on=None) | Q(called_on__gte=F("signed_on")))
                | ~Q(state__in=[*CALLED, LoanState.WRITTEN_OFF, LoanState.REPAID]) & Q(called_on=None),
                name="loan_called",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.REPAID, LoanState.WRITTEN_OFF]) | Q(committed=0, outstanding=0),
                name="loan_over",
                violation_error_message=_("Something of this loan is still to be paid out or paid back."),
            ),
            *(
                models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"loan_{name}")
                for name in LOAN_COUNTERS
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("committed") + F("paid_out")) & Q(outstanding__lte=F("paid_out")),
                name="loan_limit",
                violation_error_message=_("This is more than was granted."),
            ),
        ]
        triggers = [
            legal_moves(LOAN_MOVES),
            never_deleted(),
            frozen(
                "as_granted",
                ["public_id", "number", "decision", "fund", "product", "amount", "granted_on", "day_count"],
                when=pgtrigger.Q(),
            ),
            pgtrigger.Protect(
                name="counted_by_the_ledger",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.committed, OLD.paid_out, OLD.outstanding) IS DISTINCT FROM"
                    " ROW(NEW.committed, NEW.paid_out, NEW.outstanding) AND pg_trigger_depth() = 0"
                ),
            ),
            pgtrigger.Protect(
                name="begins_empty",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(
                    "NEW.committed + NEW.paid_out + NEW.outstanding <> 0 OR NEW.state <> 'approved'"
                ),
            ),
            # as the decision has it, and only of one that somebody else has confirmed
            pgtrigger.Trigger(
                name="as_decided",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM loans_decision d WHERE d.id = NEW.decision_id AND d.verdict = 'approve'
                            AND d.confirmed_at IS NOT NULL AND d.organisation_id = NEW.organisation_id
                            AND d.product_id = NEW.product_id AND d.amount = NEW.amount AND d.months = NEW.months
                            AND d.grace = NEW.grace AND d.method = NEW.method AND d.new_job = NEW.new_job
                    ) THEN
                        RAISE EXCEPTION 'A loan is what a confirmed decision says'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'loan_as_decided';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.number


@history()
class LoanRate(models.Model):
    """The yearly rate of a loan in a period, a fraction: 0.038 is 3.8 %. `nbp_rate`: what it was reckoned from."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="rates")
    rate = models.DecimalField(_("rate"), max_digits=9, decimal_places=6)
    nbp_rate = models.ForeignKey(
        NbpRate, models.PROTECT, null=True, blank=True, verbose_name=_("rate of the NBP"), related_name="+"
    )
    annex = models.ForeignKey(
        "Annex", models.PROTECT, null=True, blank=True, verbose_name=_("annex"), related_name="rates"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate of a loan")
        verbose_name_plural = _("rates of loans")
        ordering = ["valid_from"]
        constraints = [
            *in_periods("loanrate", "loan"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="loanrate_fraction"),
        ]
        triggers = [frozen("stays", ["loan", "rate", "nbp_rate", "annex", "valid_from"], when=pgtrigger.Q())]

    def __str__(self):
        return f"{self.loan_id} {self.rate}"


@history()
class Annex(models.Model):
    """A change of the agreement (aneks), numbered from 1 in its loan; each changes one thing or more from a day on.

    `grace`: months more in which only interest is paid; `holiday`: months in which nothing is paid and whose interest
    comes with the first instalment after them; `rate`: from `valid_from` on, for `rate_months` months or for good;
    `months`: by how many the term grows. `valid_from` is the due day after which the new schedule begins.
    """

    MOVES = ANNEX_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="annexes")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=AnnexState, default=AnnexState.PREPARED)
    valid_from = models.DateField(_("valid from"))
    grace = models.PositiveSmallIntegerField(_("grace on principal, months more"), default=0)
    holiday = models.PositiveSmallIntegerField(_("payment holiday in months"), default=0)
    months = models.PositiveSmallIntegerField(_("term longer by months"), default=0)
    rate = models.DecimalField(_("rate"), max_digits=9, decimal_places=6, null=True, blank=True)
    rate_months = models.PositiveSmallIntegerField(_("rate for how many months"), null=True, blank=True)
    reasons = models.TextField(_("Reasons"))
    prepared_by = _user(_("prepared by"))
    prepared_at = models.DateTimeField(_("prepared"))
    confirmed_by = _user(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("annex")
        verbose_name_plural = _("annexes")
        ordering = ["loan_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="annex_once"),
            models.UniqueConstraint(
                fields=["loan"],
                condition=Q(state__in=[AnnexState.PREPARED, AnnexState.CONFIRMED]),
                name="annex_one_at_a_time",
                violation_error_message=_("Another annex is on its way. Sign or drop it first."),
            ),
            models.CheckConstraint(condition=Q(state__in=AnnexState.values, number__gt=0), name="annex_known"),
            models.CheckConstraint(condition=~Q(reasons=""), name="annex_reasons"),
            models.CheckConstraint(
                condition=Q(grace__gt=0) | Q(holiday__gt=0) | Q(months__gt=0) | Q(rate__isnull=False),
                name="annex_changes_something",
                violation_error_message=_("An annex changes at least one thing."),
            ),
            models.CheckConstraint(
                condition=Q(rate=None, rate_months=None)
                | Q(rate__gte=0, rate__lt=1) & (Q(rate_months=None) | Q(rate_months__gt=0)),
                name="annex_rate",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None, state__in=[AnnexState.PREPARED, AnnexState.DROPPED])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("prepared_by")),
                name="annex_four_eyes",
                violation_error_message=_("Somebody else has to confirm the annex than who prepared it."),
            ),
            models.CheckConstraint(
                condition=Q(state=AnnexState.SIGNED, signed_on__isnull=False)
                | ~Q(state=AnnexState.SIGNED) & Q(signed_on=None),
                name="annex_signed",
            ),
        ]
        triggers = [
            legal_moves(ANNEX_MOVES),
            never_deleted(),
            frozen(
                "as_prepared",
                [
                    "loan",
                    "number",
                    "valid_from",
                    "grace",
                    "holiday",
                    "months",
                    "rate",
                    "rate_months",
                    "reasons",
                    "prepared_by",
                    "prepared_at",
                ],
                when=pgtrigger.Q(),
            ),
        ]

    def __str__(self):
        return f"{self.loan} / {self.number}"


class ScheduleVersion(models.Model):
    """A schedule of a loan as it was reckoned once (wersja harmonogramu); one of them is the current one."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="schedules")
    number = models.PositiveSmallIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=10, choices=ScheduleReason)
    annex = models.OneToOneField(
        Annex, models.PROTECT, null=True, blank=True, verbose_name=_("annex"), related_name="schedule"
    )
    current = models.BooleanField(_("current"), default=True)
    valid_from = models.DateField(_("valid from"))
    by = _user(_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("version of a schedule")
        verbose_name_plural = _("versions of schedules")
        ordering = ["loan_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="scheduleversion_once"),
            models.UniqueConstraint(fields=["loan"], condition=Q(current=True), name="scheduleversion_one_current"),
            models.CheckConstraint(
                condition=Q(reason=ScheduleReason.ANNEX, annex__isnull=False)
                | Q(reason__in=ScheduleReason.values, annex=None) & ~Q(reason=ScheduleReason.ANNEX),
                name="scheduleversion_reason",
            ),
        ]
        triggers = [
            never_deleted(),
            frozen("stays", ["loan", "number", "reason", "annex", "valid_from", "by", "at"], when=pgtrigger.Q()),
            frozen("old_stays_old", ["current"], when=pgtrigger.Q(old__current=False)),
        ]

    def __str__(self):
        return f"{self.loan_id} v{self.number}"


class ScheduleRow(models.Model):
    """An instalment of a version (rata): `due` is the nominal day moved to one of business, `balance` the principal
    after it. `deferred`: interest of rows in which nothing was paid."""

    version = models.ForeignKey(ScheduleVersion, models.PROTECT, related_name="rows")
    nr = models.PositiveSmallIntegerField(_("number"))
    nominal_due = models.DateField(_("nominal day"))
    due = models.DateField(_("due"))
    days = models.PositiveSmallIntegerField(_("days"))
    interest = _amount(_("interest"))
    principal = _amount(_("principal"))
    deferred = _amount(_("interest of the payment holiday"), default=0)
    balance = _amount(_("principal left after it"))

    class Meta:
        verbose_name = _("row of a schedule")
        verbose_name_plural = _("rows of schedules")
        ordering = ["version_id", "nr"]
        constraints = [
            models.UniqueConstraint(fields=["version", "nr"], name="schedulerow_once"),
            models.CheckConstraint(
                condition=Q(interest__gte=0, principal__gte=0, deferred__gte=0, balance__gte=0),
                name="schedulerow_amounts",
            ),
            models.CheckConstraint(condition=Q(due__gte=F("nominal_due")), name="schedulerow_due"),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.nr} {self.due}"

    @property
    def total(self):
        return self.interest + self.principal + self.deferred


@history()
class Security(models.Model):
    """A security of a loan or a guarantee (zabezpieczenie). `haircut`: by what part its value is lowered."""

    MOVES = SECURITY_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, null=True, blank=True, related_name="securities")
    guarantee = models.ForeignKey("Guarantee", models.PROTECT, null=True, blank=True, related_name="securities")
    kind = models.CharField(_("kind"), max_length=12, choices=SecurityKind)
    description = models.CharField(_("description"), max_length=300)
    value = _amount(_("value (PLN)"), null=True, blank=True)
    valued_on = models.DateField(_("valued on"), null=True, blank=True)
    valuation_source = models.CharField(_("who valued it, or from what"), max_length=200, blank=True)
    haircut = models.DecimalField(_("value lowered by"), max_digits=5, decimal_places=4, default=0)
    state = models.CharField(_("state"), max_length=12, choices=SecurityState, default=SecurityState.REQUIRED)
    document = models.CharField(_("number of the document"), max_length=120, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)

    class Meta:
        verbose_name = _("security")
        verbose_name_plural = _("securities")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SecurityKind.values, state__in=SecurityState.values) & ~Q(description=""),
                name="security_known",
            ),
            models.CheckConstraint(
                condition=Q(loan__isnull=False, guarantee=None) | Q(loan=None, guarantee__isnull=False),
                name="security_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(value=None) | Q(value__gt=0)) & Q(haircut__gte=0, haircut__lt=1), name="security_value"
            ),
            models.CheckConstraint(
                condition=Q(state=SecurityState.REQUIRED, established_on=None, released_on=None)
                | Q(state=SecurityState.ESTABLISHED, established_on__isnull=False, released_on=None) & ~Q(document="")
                | Q(state=SecurityState.RELEASED, released_on__gte=F("established_on")),
                name="security_dates",
                violation_error_message=_("A security is released no earlier than it was established."),
            ),
        ]
        triggers = [
            legal_moves(SECURITY_MOVES),
            never_deleted(),
            frozen("of_its_loan", ["loan", "guarantee", "kind"], when=pgtrigger.Q()),
            pgtrigger.Protect(
                name="begins_required",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=SecurityState.REQUIRED),
            ),
        ]

    def __str__(self):
        return self.description


class LoanPaper(models.Model):
    """A file of a loan: what the portal made (agreement, annex), and what was signed or brought."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="papers")
    annex = models.ForeignKey(
        Annex, models.PROTECT, null=True, blank=True, verbose_name=_("annex"), related_name="papers"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PaperKind)
    title = models.CharField(_("title"), max_length=200)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="loan_paper")
    by = _user(_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("paper of a loan")
        verbose_name_plural = _("papers of loans")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values) & ~Q(title=""), name="loanpaper_known"),
        ]
        triggers = [append_only()]

    def __str__(self):
        return self.title
