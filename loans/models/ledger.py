"""The ledger of the fund (księga): entries that balance, are only ever added, and fall into open months.

The rules are PostgreSQL's, whoever writes: plain SQL meets them too.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.triggers import frozen, never_deleted
from loans.enums import AccountKind, Counter, EntryEvent

COUNTERS = ("capital", "committed", "outstanding", "lost")
# events that the portal posts by itself
RECKONED = (EntryEvent.ACCRUAL, EntryEvent.RETELLING)


def _forbidden(name, operation):
    """Refuse it, also to the owner of the table: what is wrong is reversed by another entry."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        level=pgtrigger.Statement,
        func="""
            RAISE EXCEPTION '% of % is forbidden: reverse the entry', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
        """,
    )


def _only_added():
    return [
        _forbidden("only_added", pgtrigger.Update | pgtrigger.Delete),
        _forbidden("not_truncated", pgtrigger.Truncate),
    ]


class Fund(models.Model):
    """A fund for loans. Its sums are counted by the lines of the ledger and nothing else; the CHECK on them makes it
    impossible to promise and lend more than there is."""

    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    capital = models.DecimalField(_("capital"), max_digits=14, decimal_places=2, default=0, editable=False)
    committed = models.DecimalField(
        _("approved, not paid out"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    outstanding = models.DecimalField(_("lent"), max_digits=14, decimal_places=2, default=0, editable=False)
    lost = models.DecimalField(_("lost"), max_digits=14, decimal_places=2, default=0, editable=False)
    # the account from which loans are paid out, needed for a file for the bank
    iban = models.CharField(_("account number (IBAN)"), max_length=28, blank=True)

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="fund_code_once",
                violation_error_message=_("There is a fund of this code already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="fund_named"),
            models.CheckConstraint(condition=Q(iban="") | Q(iban__regex=r"^PL[0-9]{26}$"), name="fund_iban"),
            *(models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"fund_{name}") for name in COUNTERS),
            models.CheckConstraint(
                condition=Q(capital__gte=F("committed") + F("outstanding") + F("lost")),
                name="fund_limit",
                violation_error_message=_("The capital of the fund does not suffice."),
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="counted_by_the_ledger",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.capital, OLD.committed, OLD.outstanding, OLD.lost) IS DISTINCT FROM"
                    " ROW(NEW.capital, NEW.committed, NEW.outstanding, NEW.lost) AND pg_trigger_depth() = 0"
                ),
            ),
            pgtrigger.Protect(
                name="begins_empty",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.capital + NEW.committed + NEW.outstanding + NEW.lost <> 0"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def free(self):
        """What may still be promised, in PLN."""
        return self.capital - self.committed - self.outstanding - self.lost


@history()
class Account(models.Model):
    """An account of the chart (konto księgowe). `counter`: which sum of the fund its lines count in, and `sign`
    whether a debit raises it (1) or a credit (-1)."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind)
    counter = models.CharField(_("counts in"), max_length=12, choices=Counter, blank=True)
    sign = models.SmallIntegerField(_("sign"), default=1)
    confirmed = models.BooleanField(_("confirmed by the accountant"), default=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("chart of accounts")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{3}(-[0-9]{1,4})?$"), name="account_code"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name_en=""), name="account_named"),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="account_kind"),
            models.CheckConstraint(condition=Q(counter__in=Counter.values), name="account_counter"),
            models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="account_sign"),
        ]
        triggers = [never_deleted(), frozen("of_its_kind", ["code", "kind", "counter", "sign"], when=pgtrigger.Q())]

    def __str__(self):
        return f"{self.code} {self.name if get_language() == 'pl' else self.name_en}"


@history()
class Month(models.Model):
    """A month of the ledger (okres księgowy), open until it is closed; there is no way back."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="months")
    first = models.DateField(_("first day"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("closed by"), related_name="+"
    )

    class Meta:
        verbose_name = _("month of the ledger")
        verbose_name_plural = _("months of the ledger")
        ordering = ["-first"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "first"], name="month_once"),
            models.CheckConstraint(condition=Q(first__day=1), name="month_first"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="month_closed",
            ),
        ]
        triggers = [
            never_deleted(),
            frozen("of_its_fund", ["fund", "first"], when=pgtrigger.Q()),
            frozen("closed_stays", ["closed_at", "closed_by"], when=pgtrigger.Q(old__closed_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.first:%Y-%m}"


class Entry(models.Model):
    """One thing that happened to the money of a fund (zapis księgowy). Its lines come in the same transaction, in one
    statement, and sum up to nothing.

    `value_date`: when it happened; `book_date`: the day of an open month under which it is kept. `key` makes a
    repeated request find the first entry; `fingerprint` tells whether it asked for the same. `transaction` is
    PostgreSQL's own number of the transaction.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries")
    event = models.CharField(_("event"), max_length=20, choices=EntryEvent)
    value_date = models.DateField(_("value date"))
    book_date = models.DateField(_("booked on"))
    text = models.CharField(_("description"), max_length=300)
    document = models.CharField(_("number of the document"), max_length=60, blank=True)
    key = models.CharField(_("key"), max_length=100)
    fingerprint = models.CharField(max_length=64)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("reverses"), related_name="reversed_by"
    )
    transaction = models.BigIntegerField(db_default=0, editable=False)
    # nobody: the portal itself, of what follows from the events by reckoning alone
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+"
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        ordering = ["-id"]
        indexes = [models.Index(fields=["fund", "book_date", "id"], name="entry_fund")]
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], name="entry_key_once"),
            models.CheckConstraint(condition=Q(event__in=EntryEvent.values), name="entry_event"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(key=""), name="entry_told"),
            models.CheckConstraint(condition=Q(book_date__gte=F("value_date")), name="entry_dates"),
            models.CheckConstraint(condition=Q(by__isnull=False) | Q(event__in=RECKONED), name="entry_by_somebody"),
            models.CheckConstraint(
                condition=Q(event=EntryEvent.REVERSAL, reverses__isnull=False)
                | ~Q(event=EntryEvent.REVERSAL) & Q(reverses=None),
                name="entry_reversal",
            ),
        ]
        triggers = [
            *_only_added(),
            # The month is locked for sharing, so that nothing slips into one that is being closed.
            pgtrigger.Trigger(
                name="into_an_open_month",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("closed", "timestamptz")],
                func="""
                    NEW.transaction := pg_current_xact_id()::text::bigint;
                    SELECT closed_at INTO closed FROM loans_month
                    WHERE fund_id = NEW.fund_id AND first = date_trunc('month', NEW.book_date)::date FOR SHARE;
                    IF NOT FOUND OR closed IS NOT NULL THEN
                        RAISE EXCEPTION 'The month of % is not open', NEW.book_date
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_month_open';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM loans_turnover WHERE fund_id = NEW.fund_id AND day >= NEW.book_date
                    ) THEN
                        RAISE EXCEPTION 'The turnovers of % are kept already', NEW.book_date
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_day_open';
                    END IF;
                    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM loans_entry
                        WHERE id = NEW.reverses_id AND fund_id = NEW.fund_id AND reverses_id IS NULL
                    ) THEN
                        RAISE EXCEPTION 'A reversal is of an entry of the same fund and of no reversal'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_reverses';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="has_lines",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM loans_line WHERE entry_id = NEW.id) THEN
                        RAISE EXCEPTION 'Entry % has no lines', NEW.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_has_lines';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.pk} {self.text}"


class Line(models.Model):
    """One account in an entry; `amount` in PLN, debit (Wn) above 0, credit (Ma) below.

    `loan`: whose it is; what counts as promised or lent is always somebody's.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("account"), related_name="lines")
    loan = models.ForeignKey(
        "Loan", models.PROTECT, null=True, blank=True, verbose_name=_("loan"), related_name="lines"
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("line of an entry")
        verbose_name_plural = _("lines of entries")
        ordering = ["entry_id", "number"]
        indexes = [
            models.Index(fields=["account", "entry"], name="line_account"),
            models.Index(fields=["loan", "entry"], name="line_loan", condition=Q(loan__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="line_amount"),
        ]
        triggers = [
            *_only_added(),
            # Over all rows of the statement, so that nothing is put off and nothing dodged.
            pgtrigger.Trigger(
                name="balanced_and_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="written"),
                declare=[("bad", "record")],
                func="""
                    SELECT entry_id INTO bad FROM written GROUP BY entry_id
                    HAVING sum(amount) <> 0 OR count(*) < 2 LIMIT 1;
                    IF FOUND THEN
                        RAISE EXCEPTION 'Entry % does not balance', bad.entry_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'line_balanced';
                    END IF;
                    SELECT e.id INTO bad FROM loans_entry e
                    WHERE e.id IN (SELECT entry_id FROM written)
                        AND e.transaction <> pg_current_xact_id()::text::bigint LIMIT 1;
                    IF FOUND THEN
                        RAISE EXCEPTION 'Entry % is sealed', bad.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'line_sealed';
                    END IF;
                    SELECT e.id INTO bad FROM written w
                    JOIN loans_account a ON a.id = w.account_id
                    JOIN loans_entry e ON e.id = w.entry_id
                    LEFT JOIN loans_loan l ON l.id = w.loan_id
                    WHERE l.id IS NULL AND a.counter IN ('committed', 'outstanding') OR l.fund_id <> e.fund_id LIMIT 1;
                    IF FOUND THEN
                        RAISE EXCEPTION 'A line of entry % belongs to no loan of its fund', bad.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'line_loan';
                    END IF;
                    UPDATE loans_fund f
                    SET capital = f.capital + s.capital, committed = f.committed + s.committed,
                        outstanding = f.outstanding + s.outstanding, lost = f.lost + s.lost
                    FROM (
                        SELECT e.fund_id,
                            COALESCE(sum(w.amount * a.sign) FILTER (WHERE a.counter = 'capital'), 0) AS capital,
                            COALESCE(sum(w.amount * a.sign) FILTER (WHERE a.counter = 'committed'), 0) AS committed,
                            COALESCE(sum(w.amount * a.sign) FILTER (WHERE a.counter = 'outstanding'), 0) AS outstanding,
                            COALESCE(sum(w.amount * a.sign) FILTER (WHERE a.counter = 'lost'), 0) AS lost
                        FROM written w
                        JOIN loans_account a ON a.id = w.account_id
                        JOIN loans_entry e ON e.id = w.entry_id
                        WHERE a.counter <> '' GROUP BY e.fund_id
                    ) s
                    WHERE f.id = s.fund_id;
                    UPDATE loans_loan l
                    SET committed = l.committed + s.committed, outstanding = l.outstanding + s.outstanding,
                        paid_out = l.paid_out + s.paid_out
                    FROM (
                        SELECT w.loan_id,
                            COALESCE(sum(w.amount * a.sign) FILTER (WHERE a.counter = 'committed'), 0) AS committed,
                            COALESCE(sum(w.amount * a.sign) FILTER (WHERE a.counter = 'outstanding'), 0) AS outstanding,
                            COALESCE(sum(w.amount * a.sign) FILTER (
                                WHERE a.counter = 'outstanding' AND 'payout' IN (e.event, r.event)
                            ), 0) AS paid_out
                        FROM written w
                        JOIN loans_account a ON a.id = w.account_id
                        JOIN loans_entry e ON e.id = w.entry_id
                        LEFT JOIN loans_entry r ON r.id = e.reverses_id
                        WHERE a.counter IN ('committed', 'outstanding') GROUP BY w.loan_id
                    ) s
                    WHERE l.id = s.loan_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.account_id} {self.amount}"

    @property
    def debit(self):
        return max(self.amount, 0)

    @property
    def credit(self):
        return max(-self.amount, 0)
