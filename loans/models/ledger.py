"""The ledger of the fund (księga): entries that balance, are only ever added, and fall into open months.

The rules are PostgreSQL's, whoever writes: plain SQL meets them too.
"""

from decimal import ROUND_DOWN

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
from loans.schedule import CENT

OF_GUARANTEES = ("gua_capital", "gua_reserved", "gua_exposure", "gua_claim", "gua_lost")
OF_ONE_GUARANTEE = ("reserved", "exposure", "claim", "lost")  # the same but the capital, of one of them
COUNTERS = ("capital", "committed", "outstanding", "lost", *OF_GUARANTEES)
_KEPT = {row: ", ".join(f"{row}.{name}" for name in COUNTERS) for row in ("OLD", "NEW")}
# events that the portal posts by itself
RECKONED = (EntryEvent.ACCRUAL, EntryEvent.RETELLING, EntryEvent.GUA_EARNED, EntryEvent.GUA_RELEASE)


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


def _counted(row, names, sums):
    """Assignments that add to the columns `names` of `row` the `sums` of what was written."""
    return ", ".join(f"{name} = {row}.{name} + s.{of}" for name, of in zip(names, sums, strict=True))


def _sums(counters):
    """Columns with what was written of each counter."""
    one = "COALESCE(sum(w.amount * a.sign) FILTER (WHERE a.counter = '{0}'), 0) AS {0}"
    return ", ".join(one.format(name) for name in counters)


class Fund(models.Model):
    """A fund for loans and guarantees. Its sums are counted by the lines of the ledger and nothing else; the CHECKs on
    them make it impossible to promise, lend and guarantee more than there is.

    `gua_multiplier`: how many times its capital for guarantees the fund guarantees; `gua_client_cap`: the largest part
    of that capital for one client with those linked. Both come from confirmed GuaranteeLimits.
    """

    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    capital = models.DecimalField(_("capital"), max_digits=14, decimal_places=2, default=0, editable=False)
    committed = models.DecimalField(
        _("approved, not paid out"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    outstanding = models.DecimalField(_("lent"), max_digits=14, decimal_places=2, default=0, editable=False)
    lost = models.DecimalField(_("lost"), max_digits=14, decimal_places=2, default=0, editable=False)
    gua_capital = models.DecimalField(
        _("capital for guarantees"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    gua_reserved = models.DecimalField(
        _("guarantees promised"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    gua_exposure = models.DecimalField(_("guaranteed"), max_digits=14, decimal_places=2, default=0, editable=False)
    gua_claim = models.DecimalField(_("recourse claims"), max_digits=14, decimal_places=2, default=0, editable=False)
    gua_lost = models.DecimalField(_("lost by guarantees"), max_digits=14, decimal_places=2, default=0, editable=False)
    gua_multiplier = models.DecimalField(_("multiplier"), max_digits=5, decimal_places=2, default=1, editable=False)
    gua_client_cap = models.DecimalField(
        _("largest part of the capital for one client"), max_digits=6, decimal_places=5, default=1, editable=False
    )
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
            models.CheckConstraint(
                condition=Q(gua_multiplier__gt=0, gua_client_cap__gt=0, gua_client_cap__lte=1), name="fund_gua_limits"
            ),
            models.CheckConstraint(
                condition=Q(gua_reserved__lte=F("gua_capital") * F("gua_multiplier") - F("gua_exposure")),
                name="fund_gua_limit",
                violation_error_message=_("The limit of the guarantees does not suffice."),
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="counted_by_the_ledger",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"ROW({_KEPT['OLD']}, OLD.gua_multiplier, OLD.gua_client_cap) IS DISTINCT FROM"
                    f" ROW({_KEPT['NEW']}, NEW.gua_multiplier, NEW.gua_client_cap) AND pg_trigger_depth() = 0"
                ),
            ),
            pgtrigger.Protect(
                name="begins_empty",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(f"{_KEPT['NEW'].replace(',', ' +')} <> 0"),
            ),
            # What was paid under calls and has not come back guarantees nothing. It may not stop what has to be
            # posted, so it counts where more is promised, or where capital or limits are lowered.
            pgtrigger.Trigger(
                name="guarantees_fit",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                declare=[("room", "numeric"), ("worst", "numeric")],
                func="""
                    room := NEW.gua_capital - NEW.gua_claim - NEW.gua_lost;
                    IF (NEW.gua_reserved + NEW.gua_exposure > OLD.gua_reserved + OLD.gua_exposure
                        OR NEW.gua_capital < OLD.gua_capital OR NEW.gua_multiplier < OLD.gua_multiplier)
                        AND NEW.gua_reserved + NEW.gua_exposure > room * NEW.gua_multiplier THEN
                        RAISE EXCEPTION 'The limit of the guarantees of fund % does not suffice', NEW.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_gua_limit';
                    END IF;
                    IF NEW.gua_capital < OLD.gua_capital OR NEW.gua_client_cap < OLD.gua_client_cap THEN
                        SELECT max(loans_at_stake(NEW.id, g.organisation_id)) INTO worst FROM loans_guarantee g
                        WHERE g.fund_id = NEW.id AND g.reserved + g.exposure > 0;
                        IF worst > room * NEW.gua_client_cap THEN
                            RAISE EXCEPTION 'A client of fund % would be over its part', NEW.id
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_gua_client';
                        END IF;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def free(self):
        """What may still be promised, in PLN."""
        return self.capital - self.committed - self.outstanding - self.lost

    @property
    def gua_gone(self):
        """What was paid under calls and has not come back, in PLN."""
        return self.gua_claim + self.gua_lost

    @property
    def gua_room(self):
        """The capital that guarantees, in PLN."""
        return self.gua_capital - self.gua_gone

    @property
    def gua_at_stake(self):
        """What of the limit is taken, promised or guaranteed, in PLN."""
        return self.gua_reserved + self.gua_exposure

    @property
    def gua_limit(self):
        return (self.gua_room * self.gua_multiplier).quantize(CENT, ROUND_DOWN)

    @property
    def gua_free(self):
        """What may still be guaranteed, in PLN."""
        return self.gua_limit - self.gua_at_stake

    @property
    def gua_client_limit(self):
        """What may be guaranteed for one client with those linked, in PLN."""
        return (self.gua_room * self.gua_client_cap).quantize(CENT, ROUND_DOWN)


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


# Names of columns alone are put into it.
_BALANCED_AND_COUNTED = """
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
    LEFT JOIN loans_guarantee g ON g.id = w.guarantee_id
    WHERE l.id IS NULL AND a.counter IN ('committed', 'outstanding') OR l.fund_id <> e.fund_id
        OR g.id IS NULL AND a.counter IN ('gua_reserved', 'gua_exposure', 'gua_claim', 'gua_lost')
        OR g.fund_id <> e.fund_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A line of entry % belongs to no loan or guarantee of its fund', bad.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'line_loan';
    END IF;
    UPDATE loans_fund f
    SET {counted_in_funds}
    FROM (
        SELECT e.fund_id, {sums_of_funds}
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
    IF NOT EXISTS (SELECT 1 FROM written WHERE guarantee_id IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    UPDATE loans_guarantee g
    SET {counted_in_guarantees}
    FROM (
        SELECT w.guarantee_id, {sums_of_guarantees}
        FROM written w JOIN loans_account a ON a.id = w.account_id
        WHERE w.guarantee_id IS NOT NULL AND a.counter <> '' GROUP BY w.guarantee_id
    ) s
    WHERE g.id = s.guarantee_id;
    -- the row of the fund is held by now, so whoever guarantees at the same time waits
    SELECT g.number AS number INTO bad FROM loans_guarantee g JOIN loans_fund f ON f.id = g.fund_id
    WHERE g.id IN (
        SELECT w.guarantee_id FROM written w JOIN loans_account a ON a.id = w.account_id
        WHERE a.counter IN ('gua_reserved', 'gua_exposure')
        GROUP BY w.guarantee_id HAVING sum(w.amount * a.sign) > 0
    ) AND loans_at_stake(g.fund_id, g.organisation_id)
        > (f.gua_capital - f.gua_claim - f.gua_lost) * f.gua_client_cap LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The client of % would be over its part of the capital', bad.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_gua_client';
    END IF;
    RETURN NULL;
""".format(  # noqa: S608
    counted_in_funds=_counted("f", COUNTERS, COUNTERS),
    sums_of_funds=_sums(COUNTERS),
    counted_in_guarantees=_counted("g", OF_ONE_GUARANTEE, OF_GUARANTEES[1:]),
    sums_of_guarantees=_sums(OF_GUARANTEES[1:]),
)


class Line(models.Model):
    """One account in an entry; `amount` in PLN, debit (Wn) above 0, credit (Ma) below.

    `loan`, `guarantee`: whose it is; what counts as promised, lent or guaranteed is always somebody's.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("account"), related_name="lines")
    loan = models.ForeignKey(
        "Loan", models.PROTECT, null=True, blank=True, verbose_name=_("loan"), related_name="lines"
    )
    guarantee = models.ForeignKey(
        "Guarantee", models.PROTECT, null=True, blank=True, verbose_name=_("guarantee"), related_name="lines"
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("line of an entry")
        verbose_name_plural = _("lines of entries")
        ordering = ["entry_id", "number"]
        indexes = [
            models.Index(fields=["account", "entry"], name="line_account"),
            models.Index(fields=["loan", "entry"], name="line_loan", condition=Q(loan__isnull=False)),
            models.Index(fields=["guarantee", "entry"], name="line_guarantee", condition=Q(guarantee__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="line_amount"),
            models.CheckConstraint(condition=Q(loan=None) | Q(guarantee=None), name="line_of_one"),
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
                func=_BALANCED_AND_COUNTED,
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
