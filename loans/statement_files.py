"""Bank statements taken in: each once, in unbroken order, and what came in matched where only one loan can be meant.

A statement is one entry of the ledger: all that came in waits on the account of unidentified receipts. A line leaves
that account when it is explained (loans/statement_lines.py), by somebody or here, by the portal. A file is kept when it
brings something new. Services raise Refused in words for the user, PermissionDenied.
"""

import hashlib
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import clock, files
from centrum.kit.identifiers import format_iban
from centrum.kit.models import LARGEST_FILE, StateChange, StoredFile
from centrum.kit.polish import date_short, file_size, money
from centrum.kit.transitions import Refused, noun_of
from centrum.register.models import BankAccount
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from centrum.staff.queries import unit_scope
from loans import ledger, repayments
from loans.enums import AFTER_PAYOUT, OWING, EntryEvent, LineState, LoanState
from loans.models import BankStatement, Fund, Loan, StatementLine
from loans.statements import mt940, reading
from loans.statements.matching import candidates
from loans.statements.reading import StatementError, continues

MOST = 1_000  # statements of one file: a bank makes one a day
MATCHED_STATES = (*OWING, LoanState.REPAID)
_MOST_MONEY = Decimal(10) ** 12  # PLN; an amount of the ledger is less
_CONTENT = {"sta": "text/plain", "csv": "text/csv", "xml": "application/xml"}
_BLOCK = 1_000
_TEXTS = ("counterparty_account", "counterparty_name", "title", "bank_reference")
_LONGEST = {name: StatementLine._meta.get_field(name).max_length for name in _TEXTS}
_NUMBER = BankStatement._meta.get_field("number").max_length


@dataclass(frozen=True)
class Taken:
    """What became of a file: its statements as they are kept, how many of them are new and how many were known, lines
    left out because an earlier statement has them, credits that were matched at once, lines that wait."""

    statements: tuple
    new: int
    known: int
    repeated: int = 0
    matched: int = 0
    waiting: int = 0


# Reads


def sees(user):
    """A statement names payers of every unit, so only those see it who book payouts and see all units."""
    return user.has_right(Right.PAY_LOANS) and unit_scope(user) is None


def visible(user):
    """Statements that `user` sees, without the bytes of their files."""
    rows = BankStatement.objects.all() if sees(user) else BankStatement.objects.none()
    return rows.select_related("fund", "by", "file").defer("file__data")


def visible_lines(user):
    rows = StatementLine.objects.all() if sees(user) else StatementLine.objects.none()
    return rows.select_related("statement", "fund")


def waiting_for(user):
    """Lines that nobody has explained."""
    return visible_lines(user).filter(state=LineState.WAITING)


def count_waiting(statements):
    """The statements as a list, each with `waiting`, how many of its lines nobody has explained; one query."""
    rows = list(statements)
    lines = StatementLine.objects.filter(statement__in=rows, state=LineState.WAITING).order_by()
    counts = dict(lines.values_list("statement").annotate(Count("pk"))) if rows else {}
    for row in rows:
        row.waiting = counts.get(row.pk, 0)
    return rows


def fingerprint(statement):
    """64 hex digits of what a read statement says; its number may differ from format to format."""
    parts = [statement.account, statement.first_day.isoformat(), statement.last_day.isoformat()]
    parts += [f"{statement.opening:.2f}", f"{statement.closing:.2f}"]
    parts += [line.hash() for line in statement.lines]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


# Taking in


def take_in(fund, data, name, *, by, bank=None, key=None, within=None):
    """Take in the statements of a file (`data`, of that `name`) of the fund's account. Returns the Taken.

    All of them or none, in one transaction; then what came in is matched (`match`). A statement that is known already
    changes nothing. `bank`: one of reading.BANKS, where the file leaves something open. `key`: UUID of the request,
    the same request again returns the first result.
    """
    _must_see(by)
    found = _read(data, bank)
    taken, new = _keep(fund, found, data, name, by=by, key=key)
    matched = match(new, by=by, within=within) if new else taken.matched
    waiting = StatementLine.objects.filter(statement__in=taken.statements, state=LineState.WAITING).count()
    return replace(taken, matched=matched, waiting=waiting)


def _must_see(by):
    require(by, Right.PAY_LOANS)
    if not sees(by):
        raise PermissionDenied(_("A bank statement names payers of all units, and you see those of your own."))


def _read(data, bank):
    if len(data) > LARGEST_FILE:
        words = _("The file is too large (%(size)s). The largest we take is 10 MB: ask the bank for a shorter time.")
        raise Refused({"file": words % {"size": file_size(len(data))}})
    try:
        found = reading.read(data, bank)
    except StatementError as error:
        raise Refused({"file": str(error)}) from error
    if len(found) > MOST:
        raise Refused({"file": _("The file has more than %(most)d statements.") % {"most": MOST}})
    return found


@transaction.atomic
def _keep(fund, found, data, name, *, by, key):
    """(Taken, new BankStatements); one file of a fund at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('loans-statements'), %s)", [fund.pk])
    fund = Fund.objects.get(pk=fund.pk)
    if key and (kept := StoredFile.objects.filter(public_id=key).defer("data").first()):
        return _same(kept, data), []
    _must_be_of(fund, found)
    prints = [fingerprint(statement) for statement in found]
    rows = {row.fingerprint: row for row in fund.statements.filter(fingerprint__in=prints)}
    known = len(rows)
    pending = [(print_, one) for print_, one in zip(prints, found, strict=True) if print_ not in rows]
    _must_be_other_than(fund, [statement for _print, statement in pending])
    pending.sort(key=lambda pair: (pair[1].first_day, pair[1].last_day))
    last = fund.statements.filter(account=fund.iban, following=None).first()
    file = _stored(data, name, by=by, key=key) if pending else None
    new, repeated = [], 0
    while pending:
        print_, statement = pending.pop(_next(last, pending))
        last, left_out = _write(fund, statement, print_, previous=last, file=file, by=by)
        rows[print_] = last
        new.append(last)
        repeated += left_out
    statements = tuple(rows[print_] for print_ in prints)
    return Taken(statements, new=len(new), known=known, repeated=repeated), new


def _same(kept, data):
    """The Taken of the request that kept this file."""
    if kept.sha256 != hashlib.sha256(data).hexdigest() or not kept.bank_statements.exists():
        raise Refused(_("Another file was taken in under this key already. Open the page anew."))
    rows = tuple(kept.bank_statements.order_by("pk"))
    matched = StatementLine.objects.filter(statement__in=rows, state=LineState.MATCHED).count()
    return Taken(rows, new=len(rows), known=0, matched=matched)


def _must_be_of(fund, found):
    if not fund.iban:
        raise Refused(_("%(fund)s has no account. Enter it in the ledger of the fund.") % {"fund": fund})
    for statement in found:
        if statement.account != fund.iban:
            words = _("The statement is of the account %(account)s, and that of %(fund)s is %(iban)s.")
            said = {"account": format_iban(statement.account), "fund": fund, "iban": format_iban(fund.iban)}
            raise Refused({"file": words % said})
        if statement.last_day > clock.today():
            words = _("The statement ends on %(day)s, a day that has not come yet.")
            raise Refused({"file": words % {"day": date_short(statement.last_day)}})


def _must_be_other_than(fund, found):
    """Refuse a statement that is here already from a file of another format, where titles and references differ: the
    same account, days, balances and amounts. Where a day ends as it began, the balances alone would let it in."""
    kept = defaultdict(list)
    for row in fund.statements.filter(first_day__in={statement.first_day for statement in found}):
        kept[_told_by(row)].append(row)
    for statement in found:
        amounts = sorted((line.value_date, line.amount) for line in statement.lines)
        for row in kept[_told_by(statement)] if amounts else ():
            if sorted(row.lines.values_list("value_date", "amount")) == amounts:
                words = _(
                    "The statement from %(first)s to %(last)s is in the portal already, from another file of the bank: "
                    "days, balances and amounts are the same."
                )
                said = {"first": date_short(row.first_day), "last": date_short(row.last_day)}
                raise Refused({"file": words % said})


def _told_by(statement):
    return statement.account, statement.first_day, statement.last_day, statement.opening, statement.closing


def _next(last, pending):
    """Which of the statements to come takes up the last one kept; the first of an account takes up none."""
    if last is None:
        return 0
    for nth, (_print, statement) in enumerate(pending):
        if continues(last, statement):
            return nth
    statement = pending[0][1]
    said = {
        "opening": money(statement.opening),
        "first": date_short(statement.first_day),
        "closing": money(last.closing),
        "last": date_short(last.last_day),
    }
    if statement.first_day < last.last_day:
        words = _(
            "The statement begins on %(first)s, but the portal has statements up to %(last)s. Expected is one that "
            "begins on %(last)s or later with %(closing)s."
        )
    else:
        words = _(
            "A statement is missing: this one begins on %(first)s with %(opening)s, and the last one ended on %(last)s "
            "with %(closing)s. Take in the one between them first."
        )
    raise Refused({"file": words % said})


def _stored(data, name, *, by, key):
    kind = _kind(data)
    own = {"public_id": key} if key else {}
    return StoredFile.objects.create(
        name=files.clean_name(name or "", kind),
        content_type=_CONTENT[kind],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        created_at=clock.now(),
        created_by=by,
        **own,
    )


def _kind(data):
    """The ending of a file that has been read."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "xml"
    return "sta" if mt940.RECOGNISED.search(data.removeprefix(b"\xef\xbb\xbf")) else "csv"


def _write(fund, statement, print_, *, previous, file, by):
    """(BankStatement with its lines and the entry of what came in, how many lines were left out)."""
    lines = _hashed(fund, statement)
    received = sum((line.amount for _nth, _hash, line in lines if line.amount > 0), Decimal(0))
    if received >= _MOST_MONEY:
        raise Refused({"file": _("The amounts of the statement are larger than the ledger takes.")})
    entry = _post(fund, statement, print_, received, by=by) if received else None
    row = BankStatement.objects.create(
        fund=fund,
        account=statement.account,
        number=statement.number[:_NUMBER],
        first_day=statement.first_day,
        last_day=statement.last_day,
        opening=statement.opening,
        closing=statement.closing,
        fingerprint=print_,
        previous=previous,
        entry=entry,
        file=file,
        by=by,
        at=clock.now(),
    )
    StatementLine.objects.bulk_create(
        (
            StatementLine(
                statement=row,
                fund=fund,
                number=nth,
                hash=hash_,
                booked_on=line.booked_on,
                value_date=line.value_date,
                amount=line.amount,
                **{text: getattr(line, text)[: _LONGEST[text]] for text in _TEXTS},
            )
            for nth, hash_, line in lines
        ),
        batch_size=_BLOCK,
    )
    return row, len(statement.lines) - len(lines)


def _post(fund, statement, print_, received, *, by):
    days = f"{date_short(statement.first_day)} – {date_short(statement.last_day)}"
    return ledger.post(
        fund,
        by=by,
        event=EntryEvent.RECEIPTS,
        key=f"statement-{print_}",
        lines=[(ledger.BANK, received), (ledger.UNIDENTIFIED, -received)],
        text=gettext_lazy("Receipts of the bank statement %(statement)s"),
        said={"statement": statement.number[:_NUMBER] or days},
        value_date=statement.last_day,
        document=(statement.number or days)[:60],
    )


def _hashed(fund, statement):
    """[(position from 1, hash, line)] of the lines that are new.

    A line may be like one of another statement in all that its hash is made of. Booked on the same day, and together
    with the others of the kind coming to nothing, it is the same movement, which both statements have: it is left out.
    Otherwise the balances say that it is another one, and it counts on after those that are like it.
    """
    lines = [(nth, line.hash(), line) for nth, line in enumerate(statement.lines, 1)]
    kept = dict(
        StatementLine.objects.filter(fund=fund, hash__in=[hash_ for _nth, hash_, _line in lines]).values_list(
            "hash", "booked_on"
        )
    )
    if not kept:
        return lines
    same = [nth for nth, hash_, line in lines if kept.get(hash_) == line.booked_on]
    if not sum(statement.lines[nth - 1].amount for nth in same):
        lines = [one for one in lines if one[0] not in set(same)]
    alike = defaultdict(list)
    for nth, _hash, line in lines:
        alike[replace(line, booked_on=line.value_date, counterparty_name="", ordinal=1)].append(nth)
    hashes = {nth: hash_ for nth, hash_, _line in lines}
    for first, numbers in alike.items():
        if any(hashes[nth] in kept for nth in numbers):
            hashes |= zip(numbers, _free(fund, first, len(numbers)), strict=True)
    return [(nth, hashes[nth], line) for nth, _hash, line in lines]


def _free(fund, line, count):
    """The first `count` hashes of lines like this one that no line of the fund has."""
    found, first = [], 1
    while len(found) < count:
        block = [replace(line, ordinal=number).hash() for number in range(first, first + _BLOCK)]
        taken = set(StatementLine.objects.filter(fund=fund, hash__in=block).values_list("hash", flat=True))
        found += [hash_ for hash_ in block if hash_ not in taken]
        first += _BLOCK
    return found[:count]


# Matching


def match(statements, *, by, within=None):
    """Identify the receipts of these statements that can be of one loan only. Returns how many.

    Each in a transaction of its own, so that no loan waits for the others; what is left, because of an error or after
    `within` seconds, waits and may be matched again. What somebody put back is left to people.
    """
    _must_see(by)
    end = None if within is None else time.monotonic() + within
    put_back = StateChange.objects.filter(noun=noun_of(StatementLine), object_id=OuterRef("pk"))
    rows = StatementLine.objects.filter(statement__in=statements, state=LineState.WAITING, amount__gt=0)
    rows = rows.exclude(Exists(put_back)).defer("search").order_by("value_date", "pk")
    matched = 0
    for line, loan in meant(list(rows)):
        if end is not None and time.monotonic() >= end:
            break
        try:
            repayments.identify(line, loan, by=by, action="match")
        except Refused:
            continue  # it waits for somebody who reads why
        matched += 1
    return matched


def meant(lines):
    """[(line, Loan)] of those of a fund's lines that can be of one loan only; three queries, however many lines.

    The number in the title says which, unless the account or the NIP is that of another borrower. Without a number the
    payer's account, as the bank has it, or a NIP says whose it is; it is clear which where they have one loan that was
    paid out. Loans of other funds and states are looked up too: who names or has one besides may mean that one.
    """
    if not lines:
        return []
    told = [candidates(line) for line in lines]
    numbers = {number for one in told for number in one.loans}
    owners = _owners({line.counterparty_account for line in lines} - {""})
    nips = {nip for one in told for nip in one.nips}
    holders = {organisation for rows in owners.values() for organisation, _from, _to in rows}
    by_number = {loan.number: loan for loan in Loan.objects.filter(number__in=numbers)}
    by_organisation, by_nip = defaultdict(list), defaultdict(set)
    of_payers = Q(organisation__in=holders) | Q(organisation__nip__in=nips)
    for loan in Loan.objects.filter(of_payers, state__in=AFTER_PAYOUT).annotate(nip=F("organisation__nip")):
        by_organisation[loan.organisation_id].append(loan)
        by_nip[loan.nip].add(loan.organisation_id)
    found = []
    for line, one in zip(lines, told, strict=True):
        borrowers = {owner for owner in _owners_on(owners.get(line.counterparty_account, ()), line.value_date)}
        borrowers = borrowers.union(*(by_nip[nip] for nip in one.nips)) & by_organisation.keys()
        if one.loans:
            loans = [by_number[number] for number in one.loans if number in by_number]
        else:
            loans = [loan for borrower in borrowers for loan in by_organisation[borrower]]
        if len(loans) == 1 and _fits(loans[0], line) and borrowers <= {loans[0].organisation_id}:
            found.append((line, loans[0]))
    return found


def _fits(loan, line):
    return loan.fund_id == line.fund_id and loan.state in MATCHED_STATES


def _owners(ibans):
    """{account: [(organisation, from, to)]} of accounts that a second person has confirmed."""
    found = defaultdict(list)
    rows = BankAccount.objects.filter(iban__in=ibans, confirmed_at__isnull=False, organisation__isnull=False)
    for iban, *period in rows.values_list("iban", "organisation", "valid_from", "valid_to"):
        found[iban].append(tuple(period))
    return found


def _owners_on(periods, day):
    return [owner for owner, first, end in periods if first <= day and (end is None or day < end)]
