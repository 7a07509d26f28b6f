"""The ledger of a fund: posting, reversing, closing months, balances.

The tables refuse what is wrong, whoever writes; here it gets words. Amounts are Decimal in PLN, debit (Wn) above 0,
credit (Ma) below. Services raise Refused in words for the user, PermissionDenied.
"""

import datetime
import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from centrum.kit import clock, saving
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import consistency, days
from loans.enums import EntryEvent
from loans.models import Account, Entry, Fund, Guarantee, Line, Loan, Month
from loans.schedule import DAY

BANK, CAPITAL, ENTRUSTED = "130", "801", "802"
GUA_BANK, GUA_CAPITAL, GUA_ENTRUSTED = "131", "801-1", "802-1"  # of guarantees
PRINCIPAL, PROMISED, PROMISED_CONTRA = "211", "992", "993"
INTEREST, PENALTY, COSTS, RESTRUCTURED, IN_RECOVERY = "212", "213", "214", "215", "218"
UNIDENTIFIED, OVERPAID = "248", "249"
INTEREST_INCOME, PENALTY_INCOME, OTHER_INCOME, BANK_COSTS = "701", "702", "760", "761"
LOST, LOST_REST, FORGIVEN = "751", "751-1", "752"
CLAIM, CLAIM_CONTRA = "994", "995"
GUARANTEED, GUARANTEED_CONTRA, RESERVED, RESERVED_CONTRA = "990", "991", "990-1", "991-1"
RECOURSE, RECOURSE_INTEREST, RECOURSE_LOST = "241", "704", "753"
FEES_DEFERRED, FEES = "641", "703"
OF_GUARANTEE_LIMITS = ("fund_gua_limit", "fund_gua_client", "fund_gua_capital")
OF_NO_LOAN = (UNIDENTIFIED,)  # what is not anybody's yet
# (bank, capital) by (for guarantees, entrusted)
_CAPITAL = {
    (False, False): (BANK, CAPITAL),
    (False, True): (BANK, ENTRUSTED),
    (True, False): (GUA_BANK, GUA_CAPITAL),
    (True, True): (GUA_BANK, GUA_ENTRUSTED),
}
_MONEY = DecimalField(max_digits=14, decimal_places=2)
_ZERO = Decimal(0)


# Reads


def balances(fund, on=None):
    """The accounts with a turnover up to a day (today): each with `debit`, `credit` and `balance` (trial balance,
    zestawienie obrotów i sald)."""
    lines = Line.objects.filter(entry__fund=fund, entry__book_date__lte=on or clock.today(), account=OuterRef("pk"))
    lines = lines.order_by().values("account")

    def total(amount):
        return Coalesce(Subquery(lines.annotate(found=Sum(amount)).values("found"), output_field=_MONEY), _ZERO)

    rows = Account.objects.annotate(
        debit=total(Greatest(F("amount"), _ZERO)),
        credit=total(-Least(F("amount"), _ZERO)),
    )
    return rows.annotate(balance=F("debit") - F("credit")).filter(~Q(debit=0) | ~Q(credit=0)).order_by("code")


def entries(fund):
    """Entries of the fund, each with its `amount`: the sum of its debits."""
    debit = Sum("lines__amount", filter=Q(lines__amount__gt=0))
    return fund.entries.select_related("by").annotate(amount=debit)


def may_be_reversed(entry, by):
    return (
        by.has_right(Right.KEEP_LEDGER)
        and entry.by_id != by.pk
        and entry.event in (EntryEvent.CAPITAL_IN, EntryEvent.CAPITAL_OUT)
        and not Entry.objects.filter(reverses=entry).exists()
    )


# Services


@dataclass(frozen=True)
class Posting:
    """What an entry is made of: `lines` [(code of the account, amount)]; `loan` or `guarantee`: whose the lines are.
    An entry of several guarantees has lines [(code, amount, Guarantee or None)]. `text` is kept in Polish, whoever
    posts, with what is `said` put in. `on`: a day of the past under which it is booked, of what the portal reckons by
    itself."""

    event: str
    key: str
    lines: list
    text: str
    value_date: datetime.date
    said: dict = field(default_factory=dict)
    document: str = ""
    reverses: Entry | None = None
    loan: Loan | None = None
    on: datetime.date | None = None
    guarantee: Guarantee | None = None

    @property
    def polish(self):
        with override(settings.LANGUAGE_CODE):
            return str(self.text) % self.said if self.said else str(self.text)

    @property
    def rows(self):
        """[(code, amount, whose guarantee)]"""
        return [(*line, self.guarantee) if len(line) == 2 else line for line in self.lines]

    @property
    def fingerprint(self):
        lines = [
            [code, f"{amount:.2f}", *([more[0] and more[0].pk] if more else [])] for code, amount, *more in self.lines
        ]
        of = [self.reverses and self.reverses.pk, self.loan and self.loan.pk]
        of += [f"guarantee {self.guarantee.pk}"] if self.guarantee else []
        asked = [self.event, self.value_date.isoformat(), self.document, self.polish, *of, lines]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


@transaction.atomic
def post(fund, *, by, **posting):
    """Add an entry (fields of Posting) to the month of today. Returns the Entry.

    The same `key` again returns the first entry; with anything else in it, Refused. Whoever calls for a loan has
    checked the right and holds its row.
    """
    (entry,) = post_together(fund, [Posting(**posting)], by=by)
    return entry


@transaction.atomic
def post_together(fund, postings, *, by):
    """Add entries whose lines come in one statement, so that no sum is counted between them. Returns the Entries."""
    known = {entry.key: entry for entry in Entry.objects.filter(fund=fund, key__in=[one.key for one in postings])}
    if known:
        return [_same(known[posting.key], posting.fingerprint) for posting in postings]
    today = clock.today()
    for posting in postings:
        if posting.value_date > (posting.on or today):
            raise Refused({"value_date": _("This day has not come yet.")})
        open_month(fund, posting.on or today)
    accounts = Account.objects.in_bulk({line[0] for one in postings for line in one.lines}, field_name="code")
    try:
        with transaction.atomic():
            entries = [
                Entry.objects.create(
                    fund=fund,
                    event=posting.event,
                    key=posting.key,
                    fingerprint=posting.fingerprint,
                    text=posting.polish,
                    document=posting.document,
                    value_date=posting.value_date,
                    book_date=posting.on or today,
                    reverses=posting.reverses,
                    by=by,
                    at=clock.now(),
                )
                for posting in postings
            ]
            Line.objects.bulk_create(
                Line(
                    entry=entry,
                    number=number,
                    account=accounts[code],
                    loan=None if code in OF_NO_LOAN else posting.loan,
                    guarantee=guarantee,
                    amount=amount,
                )
                for entry, posting in zip(entries, postings, strict=True)
                for number, (code, amount, guarantee) in enumerate(posting.rows, 1)
            )
    except IntegrityError as error:
        return [_explained(error, fund, posting, _capital_of(postings)) for posting in postings]
    return entries


def _same(entry, fingerprint):
    if entry.fingerprint != fingerprint:
        raise Refused(_("Something else was posted under this key already. Open the page anew."))
    return entry


def _capital_of(postings):
    """What some postings add to the capital for guarantees; below 0 what they take out."""
    rows = [row for posting in postings for row in posting.rows]
    return -sum((amount for code, amount, _guarantee in rows if code in (GUA_CAPITAL, GUA_ENTRUSTED)), _ZERO)


def _explained(error, fund, posting, capital):
    """Words for what the tables refused; the entry of another request with the same key. `capital`: what was to be
    added to the capital for guarantees."""
    broken = error.__cause__.diag.constraint_name
    if broken == "entry_key_once":
        return _same(Entry.objects.get(fund=fund, key=posting.key), posting.fingerprint)
    words = {
        "fund_limit": _("The capital of the fund does not suffice."),
        "entry_month_open": _("This month of the ledger is closed."),
        "entry_day_open": _("This day of the ledger is over. Try once more."),
        "loans_entry_reverses_id_key": _("This entry is reversed already."),
        "entry_reverses": _("A reversal can't be reversed. Post the entry anew."),
        "loan_limit": _("This is more than was granted."),
        "guarantee_limit": _("This is more than was guaranteed."),
    }
    if broken in OF_GUARANTEE_LIMITS:
        raise Refused(limit_words(broken, fund, capital=capital)) from error
    if broken in words or broken.startswith("fund_"):
        raise Refused(words.get(broken) or words["fund_limit"]) from error
    raise error


def limit_words(broken, fund, *, capital=_ZERO, multiplier=None, client_cap=None):
    """What a limit of the guarantees refused, with its numbers.

    They are those of the fund as it is now; where limits or capital were to be lowered, as it would be. `capital`: PLN
    that were to be added, below 0 to be taken out.
    """
    row = Fund.objects.get(pk=fund.pk)
    if capital < 0 and row.gua_room + capital < 0:
        words = _("%(amount)s is to go out, and of the capital for guarantees %(most)s is there.")
        return words % {"amount": money(-capital), "most": money(max(row.gua_room, _ZERO))}
    row.gua_capital += capital
    row.gua_multiplier, row.gua_client_cap = multiplier or row.gua_multiplier, client_cap or row.gua_client_cap
    of_client = broken == "fund_gua_client"
    if of_client and capital < 0:
        words = _(
            "With the capital that is left at most %(client)s may be guaranteed for one client, with those linked to"
            " it, and %(most)s is."
        )
    elif of_client and client_cap:
        words = _(
            "With these limits at most %(client)s may be guaranteed for one client, with those linked to it, and"
            " %(most)s is."
        )
    elif of_client:
        words = _("For one client, with those linked to it, at most %(client)s may be guaranteed.")
    elif capital < 0:
        words = _("With the capital that is left at most %(limit)s may be guaranteed, and %(taken)s is.")
    elif multiplier:
        words = _("With these limits at most %(limit)s may be guaranteed, and %(taken)s is.")
    else:
        words = _("The limit of the guarantees is %(limit)s, and %(taken)s of it is taken.")
    return words % {
        "limit": money(row.gua_limit),
        "taken": money(row.gua_at_stake),
        "client": money(row.gua_client_limit),
        "most": money(_largest_part(row)),
    }


def _largest_part(fund):
    """The most that is promised and guaranteed for one client with those linked to it, in PLN."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(max(loans_at_stake(fund_id, organisation_id)), 0) FROM loans_guarantee"
            " WHERE fund_id = %s AND reserved + exposure > 0",
            [fund.pk],
        )
        return cursor.fetchone()[0]


def pay_in(fund, *, by, key, amount, value_date, document, entrusted=False, guarantees=False):
    """Capital comes into the fund, for loans or for `guarantees`: own, or entrusted and to be given back."""
    require(by, Right.KEEP_LEDGER)
    bank, source = _CAPITAL[guarantees, entrusted]
    return post(
        fund,
        by=by,
        event=EntryEvent.CAPITAL_IN,
        key=key,
        lines=[(bank, amount), (source, -amount)],
        text=gettext_lazy("Capital for guarantees paid in") if guarantees else gettext_lazy("Capital paid in"),
        value_date=value_date,
        document=document,
    )


def pay_out(fund, *, by, key, amount, value_date, document, guarantees=True, entrusted=False):
    """Capital goes out of the fund, own or given back to whom it was entrusted by; never what `guarantees` stand on.

    Capital for loans goes out by a line of the bank statement (statement_lines.capital_out).
    """
    require(by, Right.KEEP_LEDGER)
    bank, source = _CAPITAL[guarantees, entrusted]
    return post(
        fund,
        by=by,
        event=EntryEvent.CAPITAL_OUT,
        key=key,
        lines=[(source, amount), (bank, -amount)],
        text=gettext_lazy("Capital for guarantees paid out") if guarantees else gettext_lazy("Capital paid out"),
        value_date=value_date,
        document=document,
    )


@transaction.atomic
def reverse(entry, *, by, key, reason):
    """Post the same lines with the other sign, once and by somebody else than who posted them."""
    require(by, Right.KEEP_LEDGER)
    if entry.by_id == by.pk:
        raise Refused(_("You posted this entry, so somebody else must reverse it."))
    if entry.lines.exclude(loan=None).exists():
        raise Refused(_("This entry is of a loan. Set it right on the page of the loan."))
    if entry.lines.exclude(guarantee=None).exists():
        words = _(
            "This entry is of a guarantee. A report, a recovery or the payment of a fee is taken back on its page;"
            " other entries of guarantees can't be reversed."
        )
        raise Refused(words)
    (posted,) = post_together(entry.fund, [reversal(entry, key=key, reason=reason)], by=by)
    return posted


def reversal(entry, *, key, reason, loan=None):
    """The Posting that reverses an entry, each line for the guarantee that it was of."""
    lines = entry.lines.select_related("account", "guarantee").order_by("number")
    return Posting(
        event=EntryEvent.REVERSAL,
        key=key,
        lines=[(line.account.code, -line.amount, *([line.guarantee] if line.guarantee else [])) for line in lines],
        text=gettext_lazy("Reversal of entry %(number)d: %(reason)s"),
        said={"number": entry.pk, "reason": reason.strip()[:200]},
        value_date=entry.value_date,
        document=entry.document,
        reverses=entry,
        loan=loan,
    )


def open_month(fund, day):
    """The month of a day, opened by the first entry; never one before a month that is closed."""
    first = day.replace(day=1)
    months = dict(fund.months.filter(first__gte=first).order_by().values_list("first", "closed_at"))
    if any(closed for month, closed in months.items() if month > first):
        raise Refused(_("A later month of the ledger is closed."))
    if first not in months:
        Month.objects.get_or_create(fund=fund, first=first)


@transaction.atomic
def close(month, *, by):
    """Close a month that is over, after those before it, once the ledger agrees with itself. There is no way back."""
    require(by, Right.KEEP_LEDGER)
    row = Month.objects.select_for_update(of=("self",)).select_related("fund").get(pk=month.pk)
    if row.closed_at:
        raise Stale(_("This month is closed already."))
    if clock.today() < clock.months_later(row.first, 1):
        raise Refused(_("This month is not over yet."))
    earlier = row.fund.months.filter(first__lt=row.first, closed_at=None).order_by("first").first()
    if earlier:
        raise Refused(_("Close the month that begins on %(day)s first.") % {"day": date_short(earlier.first)})
    days.must_be_whole(row.fund, clock.months_later(row.first, 1) - DAY)
    if found := consistency.differences(row.fund):
        raise Refused(found)
    row.closed_at, row.closed_by = clock.now(), by
    row.save(update_fields=["closed_at", "closed_by"])
    return row


def create_fund(*, by, code, name):
    require(by, Right.KEEP_LEDGER)
    return saving.save(Fund(code=code, name=name))
