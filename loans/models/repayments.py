"""What comes back of a loan: bank statements, payments, what each of them paid, and the interest of every day.

The debt is told anew from its events each time (loans/telling.py): rows here say what was told when, and stay.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.models import StoredFile
from centrum.kit.search import search_column, search_index
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from loans.enums import (
    LINE_MOVES,
    MEASURE_MOVES,
    EarlyMode,
    LineState,
    MeasureKind,
    MeasureState,
    PartKind,
    TellingReason,
)
from loans.models.ledger import Entry, Fund
from loans.models.loans import Annex, Loan, LoanPaper


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


class BankStatement(models.Model):
    """A statement of the fund's account (wyciąg bankowy). `previous`: the one that it takes up, None of the first.

    `entry`: what came in, put among the unidentified receipts; None where nothing came.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="statements")
    account = models.CharField(_("account number (IBAN)"), max_length=28)
    number = models.CharField(_("number"), max_length=60, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    opening = _amount(_("opening balance (PLN)"))
    closing = _amount(_("closing balance (PLN)"))
    fingerprint = models.CharField(max_length=64)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("takes up"), related_name="following"
    )
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry of the ledger"), related_name="statement"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="bank_statements")
    by = _user(_("imported by"))
    at = models.DateTimeField(_("imported"))

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ["-last_day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "fingerprint"], name="bankstatement_once"),
            models.UniqueConstraint(
                fields=["fund", "account"], condition=Q(previous=None), name="bankstatement_one_first"
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="bankstatement_days"),
            models.CheckConstraint(condition=Q(account__regex=r"^PL[0-9]{26}$"), name="bankstatement_account"),
        ]
        triggers = [
            append_only(),
            # no money and no day between two statements is missing
            pgtrigger.Trigger(
                name="continues",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__previous__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM loans_bankstatement WHERE id = NEW.previous_id AND fund_id = NEW.fund_id
                            AND account = NEW.account AND closing = NEW.opening AND last_day <= NEW.first_day
                    ) THEN
                        RAISE EXCEPTION 'The statement does not take up the one before'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bankstatement_continues';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.number or f"{self.first_day} – {self.last_day}"


@history("search")
class StatementLine(models.Model):
    """A movement of the account, above 0 what came in. `hash` keeps it from being taken in twice.

    `entry`: what an outgoing movement was in the ledger; what came in is an entry of the statement, and what it paid
    is a Payment.
    """

    MOVES = LINE_MOVES

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    hash = models.CharField(max_length=64)
    booked_on = models.DateField(_("booked on"))
    value_date = models.DateField(_("value date"))
    amount = _amount(_("amount (PLN)"))
    counterparty_account = models.CharField(_("account of the other side"), max_length=60, blank=True)
    counterparty_name = models.CharField(_("other side"), max_length=300, blank=True)
    title = models.CharField(_("title"), max_length=600, blank=True)
    bank_reference = models.CharField(_("reference of the bank"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=LineState, default=LineState.WAITING)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry of the ledger"), related_name="bank_line"
    )
    search = search_column("title", "counterparty_name")

    class Meta:
        verbose_name = _("line of a bank statement")
        verbose_name_plural = _("lines of bank statements")
        ordering = ["-statement_id", "number"]
        indexes = [
            models.Index(
                fields=["fund", "booked_on"], name="statementline_waiting", condition=Q(state=LineState.WAITING)
            ),
            search_index("statementline_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="statementline_number"),
            models.UniqueConstraint(fields=["fund", "hash"], name="statementline_once"),
            models.CheckConstraint(condition=~Q(amount=0) & Q(state__in=LineState.values), name="statementline_known"),
            models.CheckConstraint(
                condition=Q(state=LineState.WAITING, entry=None) | ~Q(state=LineState.WAITING),
                name="statementline_explained",
            ),
        ]
        triggers = [
            legal_moves(LINE_MOVES),
            never_deleted(),
            frozen(
                "as_the_bank_wrote",
                [
                    "statement",
                    "fund",
                    "number",
                    "hash",
                    "booked_on",
                    "value_date",
                    "amount",
                    "counterparty_account",
                    "counterparty_name",
                    "title",
                    "bank_reference",
                ],
                when=pgtrigger.Q(),
            ),
            # what is said to be this movement moved the account by just as much
            pgtrigger.Trigger(
                name="moves_the_account",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__entry__isnull=False),
                func="""
                    IF NEW.amount IS DISTINCT FROM (
                        SELECT sum(l.amount) FROM loans_line l JOIN loans_account a ON a.id = l.account_id
                        JOIN loans_entry e ON e.id = l.entry_id
                        WHERE l.entry_id = NEW.entry_id AND a.code = '130' AND e.fund_id = NEW.fund_id
                    ) THEN
                        RAISE EXCEPTION 'The entry moves another amount on the account'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'statementline_entry';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.booked_on} {self.amount}"


class Payment(models.Model):
    """Money of a borrower (wpłata), told from its value date on; below 0 an overpayment that was sent back. `line`:
    where the bank says so, None where somebody noted it by hand. What was none is taken back by another person.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="payments")
    amount = _amount(_("amount (PLN)"))
    value_date = models.DateField(_("value date"))
    mode = models.CharField(_("more than is owed"), max_length=10, choices=EarlyMode, blank=True)
    document = models.CharField(_("number of the document"), max_length=60)
    line = models.ForeignKey(
        StatementLine,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("line of a bank statement"),
        related_name="payments",
    )
    entry = models.OneToOneField(Entry, models.PROTECT, verbose_name=_("entry of the ledger"), related_name="payment")
    by = _user(_("by"))
    at = models.DateTimeField(_("at"))
    reversed_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    reversed_by = _user(_("taken back by"), null=True, blank=True)
    reversal_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["loan_id", "value_date", "id"]
        indexes = [models.Index(fields=["loan", "value_date", "id"], name="payment_order")]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(reversed_at=None), name="payment_of_a_line_once"),
            models.CheckConstraint(
                condition=(Q(amount__gt=0, mode__in=EarlyMode.values) | Q(amount__lt=0, mode="")) & ~Q(document=""),
                name="payment_known",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at=None, reversed_by=None, reversal_reason="")
                | Q(reversed_at__isnull=False, reversed_by__isnull=False) & ~Q(reversal_reason=""),
                name="payment_reversed",
            ),
            models.CheckConstraint(
                condition=Q(reversed_by=None) | ~Q(reversed_by=F("by")),
                name="payment_four_eyes",
                violation_error_message=_("Somebody else has to take the payment back than who noted it."),
            ),
        ]
        triggers = [
            never_deleted(),
            frozen(
                "as_noted",
                ["loan", "amount", "value_date", "mode", "document", "entry", "by", "at"],
                when=pgtrigger.Q(),
            ),
            # a payment noted by hand may find its line later; a line is never another's afterwards
            frozen("of_its_line", ["line"], when=pgtrigger.Q(old__line__isnull=False)),
            frozen(
                "reversed_once",
                ["reversed_at", "reversed_by", "reversal_reason"],
                when=pgtrigger.Q(old__reversed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.value_date} {self.amount}"


class LoanCost(models.Model):
    """A cost that the borrower owes from a day on (koszt), where the agreement says so."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="costs")
    on = models.DateField(_("owed from"))
    amount = _amount(_("amount (PLN)"))
    text = models.CharField(_("for what"), max_length=200)
    entry = models.OneToOneField(Entry, models.PROTECT, verbose_name=_("entry of the ledger"), related_name="cost")
    by = _user(_("by"))
    at = models.DateTimeField(_("at"))
    reversed_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    reversed_by = _user(_("taken back by"), null=True, blank=True)
    reversal_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("cost of a loan")
        verbose_name_plural = _("costs of loans")
        ordering = ["loan_id", "on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(text=""), name="loancost_known"),
            models.CheckConstraint(
                condition=Q(reversed_at=None, reversed_by=None, reversal_reason="")
                | Q(reversed_at__isnull=False, reversed_by__isnull=False)
                & ~Q(reversal_reason="")
                & ~Q(reversed_by=F("by")),
                name="loancost_reversed",
                violation_error_message=_("Somebody else has to take the cost back than who charged it."),
            ),
        ]
        triggers = [
            never_deleted(),
            frozen("as_charged", ["loan", "on", "amount", "text", "entry", "by", "at"], when=pgtrigger.Q()),
            frozen(
                "reversed_once",
                ["reversed_at", "reversed_by", "reversal_reason"],
                when=pgtrigger.Q(old__reversed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.on} {self.amount}"


@history()
class Measure(models.Model):
    """A decision on a claim: prepared by one person, confirmed by another, with its paper.

    `on`: the day from which it holds. `amount`: principal forgiven; principal written off, or moved into the new
    schedule; `rest`: interest and costs written off, or interest set apart.
    """

    MOVES = MEASURE_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="measures")
    kind = models.CharField(_("kind"), max_length=14, choices=MeasureKind)
    state = models.CharField(_("state"), max_length=10, choices=MeasureState, default=MeasureState.PREPARED)
    on = models.DateField(_("holds from"))
    amount = _amount(_("principal (PLN)"), null=True, blank=True)
    rest = _amount(_("interest and costs (PLN)"), null=True, blank=True)
    annex = models.ForeignKey(
        Annex, models.PROTECT, null=True, blank=True, verbose_name=_("annex"), related_name="measures"
    )
    reasons = models.TextField(_("Reasons"))
    paper = models.ForeignKey(LoanPaper, models.PROTECT, verbose_name=_("document"), related_name="measures")
    prepared_by = _user(_("prepared by"))
    prepared_at = models.DateTimeField(_("prepared"))
    confirmed_by = _user(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision on a claim")
        verbose_name_plural = _("decisions on claims")
        ordering = ["loan_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan"],
                condition=Q(state=MeasureState.PREPARED),
                name="measure_one_at_a_time",
                violation_error_message=_("Another decision is on its way. Confirm or drop it first."),
            ),
            models.UniqueConstraint(
                fields=["loan", "kind"],
                condition=Q(
                    state=MeasureState.CONFIRMED,
                    kind__in=[MeasureKind.TERMINATION, MeasureKind.RECOVERY, MeasureKind.WRITE_OFF],
                ),
                name="measure_once",
            ),
            models.UniqueConstraint(
                fields=["annex"],
                condition=~Q(state=MeasureState.DROPPED),
                name="measure_one_an_annex",
                violation_error_message=_("This annex restructures the loan already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MeasureKind.values, state__in=MeasureState.values) & ~Q(reasons=""),
                name="measure_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[MeasureKind.TERMINATION, MeasureKind.RECOVERY], amount=None, rest=None)
                | Q(kind=MeasureKind.FORGIVENESS, amount__gt=0, rest=None)
                | Q(kind=MeasureKind.WRITE_OFF)
                & (
                    Q(state=MeasureState.CONFIRMED, amount__gte=0, rest__gte=0)
                    | ~Q(state=MeasureState.CONFIRMED) & Q(amount=None, rest=None)
                )
                | Q(kind=MeasureKind.RESTRUCTURING, annex__isnull=False)
                & (
                    Q(state=MeasureState.CONFIRMED, amount__gte=0, rest__gte=0)
                    | ~Q(state=MeasureState.CONFIRMED) & Q(amount=None, rest=None)
                ),
                name="measure_amounts",
            ),
            models.CheckConstraint(condition=Q(kind=MeasureKind.RESTRUCTURING) | Q(annex=None), name="measure_annex"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None) & ~Q(state=MeasureState.CONFIRMED)
                | Q(state=MeasureState.CONFIRMED, confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("prepared_by")),
                name="measure_four_eyes",
                violation_error_message=_("Somebody else has to confirm the decision than who prepared it."),
            ),
        ]
        triggers = [
            legal_moves(MEASURE_MOVES),
            never_deleted(),
            frozen(
                "as_prepared",
                ["loan", "kind", "on", "annex", "reasons", "paper", "prepared_by", "prepared_at"],
                when=pgtrigger.Q(),
            ),
            frozen("as_confirmed", ["amount", "rest"], when=pgtrigger.Q(old__state=MeasureState.CONFIRMED)),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"


class Telling(models.Model):
    """The loan told from its events up to the end of a day (przeliczenie), numbered; the last one is the current one.

    What it says of the debt on the day `on`: `overdue_…` fell due before it and is not paid. `unpaid_due`: the oldest
    instalment whose principal is not paid whole, due already or not: with it the days past due are known on any day
    until the next event. `again_on`: the first day on which the standing changes by itself.
    `entry`: what was posted since something told before turned out otherwise.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="tellings")
    number = models.PositiveIntegerField(_("number"))
    on = models.DateField(_("told up to"))
    reason = models.CharField(_("reason"), max_length=10, choices=TellingReason)
    current = models.BooleanField(_("current"), default=True)
    costs = _amount(_("costs"))
    penalty = _amount(_("interest for delay"))
    overdue_interest = _amount(_("overdue interest"))
    overdue_principal = _amount(_("overdue principal"))
    restructured = _amount(_("interest set apart"))
    over = _amount(_("overpayment"))
    principal = _amount(_("principal left"))
    unpaid_due = models.DateField(_("oldest unpaid instalment"), null=True, blank=True)
    next_due = models.DateField(_("next instalment"), null=True, blank=True)
    next_total = _amount(_("left of it"), null=True, blank=True)
    again_on = models.DateField(_("changes by itself on"), null=True, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry of the ledger"), related_name="telling"
    )
    by = _user(_("by"), null=True, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("telling of a loan")
        verbose_name_plural = _("tellings of loans")
        ordering = ["loan_id", "-number"]
        indexes = [
            models.Index(fields=["again_on"], name="telling_again", condition=Q(current=True)),
            models.Index(fields=["unpaid_due"], name="telling_unpaid", condition=Q(current=True)),
            # the few that found a loan late by more than 90 days, which counts for ever
            models.Index(
                fields=["loan"], name="telling_bad", include=["unpaid_due"], condition=Q(on__gt=F("unpaid_due") + 90)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="telling_once"),
            models.UniqueConstraint(fields=["loan"], condition=Q(current=True), name="telling_one_current"),
            models.CheckConstraint(condition=Q(reason__in=TellingReason.values), name="telling_reason"),
            models.CheckConstraint(
                condition=Q(
                    costs__gte=0,
                    penalty__gte=0,
                    overdue_interest__gte=0,
                    overdue_principal__gte=0,
                    restructured__gte=0,
                    over__gte=0,
                    principal__gte=F("overdue_principal"),
                ),
                name="telling_amounts",
            ),
        ]
        triggers = [
            never_deleted(),
            frozen(
                "stays",
                [
                    "loan",
                    "number",
                    "on",
                    "reason",
                    "costs",
                    "penalty",
                    "overdue_interest",
                    "overdue_principal",
                    "restructured",
                    "over",
                    "principal",
                    "unpaid_due",
                    "next_due",
                    "next_total",
                    "again_on",
                    "entry",
                    "by",
                    "at",
                ],
                when=pgtrigger.Q(),
            ),
            frozen("old_stays_old", ["current"], when=pgtrigger.Q(old__current=False)),
        ]

    def __str__(self):
        return f"{self.loan_id} {self.number}"

    @property
    def arrears(self):
        return self.costs + self.penalty + self.overdue_interest + self.overdue_principal + self.restructured


class Allocation(models.Model):
    """A part of a payment and what it pays (zaliczenie), as `told` first and until `withdrawn`: what was allocated
    stays readable beside what is. Without a payment: an overpayment of earlier ones that was used, or what a `measure`
    forgave. Below 0: an overpayment used or sent back, and what was sent back beyond it, which is owed as a cost."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="allocations")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="allocations")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, blank=True, related_name="allocations")
    on = models.DateField(_("day"))
    kind = models.CharField(_("pays"), max_length=15, choices=PartKind)
    nr = models.PositiveSmallIntegerField(_("instalment"), null=True, blank=True)
    amount = _amount(_("amount (PLN)"))
    told = models.ForeignKey(Telling, models.PROTECT, related_name="allocations")
    withdrawn = models.ForeignKey(Telling, models.PROTECT, null=True, blank=True, related_name="withdrawn")

    class Meta:
        verbose_name = _("part of a payment")
        verbose_name_plural = _("parts of payments")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["loan"], name="allocation_in_force", condition=Q(withdrawn=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PartKind.values) & ~Q(amount=0), name="allocation_known"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(kind__in=[PartKind.OVER, PartKind.COSTS, PartKind.PRINCIPAL]),
                name="allocation_amount",
            ),
            models.CheckConstraint(condition=Q(payment=None) | Q(measure=None), name="allocation_of_one"),
        ]
        triggers = [
            never_deleted(),
            frozen("stays", ["loan", "payment", "measure", "on", "kind", "nr", "amount", "told"], when=pgtrigger.Q()),
            frozen("withdrawn_once", ["withdrawn"], when=pgtrigger.Q(old__withdrawn__isnull=False)),
        ]

    def __str__(self):
        return f"{self.kind} {self.amount}"


class Accrual(models.Model):
    """How far the interest of a loan is posted: `amount` in all, up to the end of the day `to`. `plan`: of which pieces
    it is, so that they are made anew only when they change."""

    loan = models.OneToOneField(Loan, models.PROTECT, primary_key=True, related_name="accrual")
    amount = _amount(_("interest posted (PLN)"), default=0)
    to = models.DateField(_("posted up to"), null=True, blank=True)
    plan = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("interest posted")
        verbose_name_plural = _("interest posted")
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="accrual_amount")]

    def __str__(self):
        return f"{self.loan_id} {self.amount}"


class AccrualPiece(models.Model):
    """A stretch of days over which the interest of a loan grows evenly, from `begins` to the day before `ends`.

    Up to the end of a day D in it there accrued `base` + (`before` + `daily` × days from `begins` to D) /
    `denominator`, that part rounded once. They are made anew with the plan of the loan (loans/segments.py).
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="pieces")
    begins = models.DateField()
    ends = models.DateField()
    base = models.DecimalField(max_digits=14, decimal_places=2)
    before = models.DecimalField(max_digits=40, decimal_places=12)
    daily = models.DecimalField(max_digits=40, decimal_places=12)
    denominator = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("stretch of interest")
        verbose_name_plural = _("stretches of interest")
        ordering = ["loan_id", "begins"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "begins"], name="accrualpiece_once"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins"), denominator__gt=0, base__gte=0, before__gte=0, daily__gte=0),
                name="accrualpiece_whole",
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} {self.begins}"


class AccrualDay(models.Model):
    """A day whose interest is posted for all loans of a fund; `entry` None where nothing accrued."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accrual_days")
    day = models.DateField(_("day"))
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry of the ledger"), related_name="accrual_day"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("day of interest")
        verbose_name_plural = _("days of interest")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["fund", "day"], name="accrualday_once")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.fund} {self.day}"
