"""Files of transfers for the bank: made once of released tranches, kept byte for byte, downloaded under the journal."""

import hashlib

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import override

from centrum.kit import clock, numbering, saving
from centrum.kit.models import ExportRecord, StoredFile
from centrum.kit.transitions import Refused, move
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from centrum.staff.queries import unit_scope
from loans import elixir, payouts, schedule
from loans.enums import TrancheState
from loans.models import BankOrder, Fund, Loan

SERIES = "ZP"
PROFILE = "elixir-o"


# Reads


def of_fund(user, fund):
    """Tranches of a fund's loans that `user` sees."""
    return payouts.visible_tranches(user).filter(loan__fund=fund).order_by("planned_on", "pk")


def waiting(user, fund):
    """Those of them that are released and in no file yet."""
    return of_fund(user, fund).filter(state=TrancheState.APPROVED)


def made(user):
    """Files for the bank without their bytes, with `left`, how many of their transfers still go by them.

    They name loans of every unit, so who sees one unit sees those that they made.
    """
    rows = BankOrder.objects.select_related("fund", "by", "file").defer("file__data").annotate(left=Count("tranches"))
    return rows if unit_scope(user) is None else rows.filter(by=user)


# Services


@transaction.atomic
def order(tranches, *, by, key):
    """Make one BankOrder of released `tranches` of one fund, and put each into it.

    `key`: UUID of the request, kept as the public id of the file: the same request again returns the first order.
    """
    require(by, Right.PAY_LOANS)
    if not tranches:
        raise Refused({"tranches": _("Choose at least one tranche.")})
    loans = sorted({row.loan_id for row in tranches})
    list(Loan.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=loans).order_by("pk"))
    if kept := StoredFile.objects.filter(public_id=key).defer("data").first():
        return _same(getattr(kept, "bank_order", None), tranches)
    rows = [payouts.begin(row, "order", by) for row in sorted(tranches, key=lambda row: (row.loan_id, row.number))]
    for row in rows:
        payouts.still_payable(row)
    fund = _fund_of(rows)
    day = schedule.adjusted(clock.today(), schedule.FOLLOWING)
    with override("pl"):  # what the bank and the client read, whoever clicks
        transfers = [_transfer(row, fund, day) for row in rows]
    number = numbering.next_number(SERIES)
    data = elixir.build(transfers)
    made = BankOrder.objects.create(
        number=number,
        fund=fund,
        transfers=len(rows),
        total=elixir.total(transfers),
        file=StoredFile.objects.create(
            public_id=key,
            name=f"{number.replace('/', '-')}.txt",
            content_type=elixir.CONTENT_TYPE,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
            created_at=clock.now(),
            created_by=by,
        ),
        by=by,
        at=clock.now(),
    )
    for row in rows:
        move(row, "order", by=by, changes={"order": made})
    return made


def _same(first, tranches):
    if first is None or (first.transfers, first.total) != (len(tranches), sum(row.amount for row in tranches)):
        raise Refused(_("Another file was made under this key already. Open the page anew."))
    return first


def _fund_of(rows):
    """The fund of all of them, with the account from which it pays."""
    funds = {row.loan.fund for row in rows}
    if len(funds) > 1:
        raise Refused({"tranches": _("One file holds transfers of one fund.")})
    fund = funds.pop()
    if not fund.iban:
        words = _("%(fund)s has no account to pay from. Enter it in the ledger of the fund.")
        raise Refused(words % {"fund": fund})
    return fund


def _transfer(row, fund, day):
    to = row.loan.organisation
    return elixir.Transfer(
        on=day,
        amount=row.amount,
        payer=elixir.Party(fund.iban.removeprefix("PL"), fund.name),
        payee=elixir.Party(row.account.iban.removeprefix("PL"), to.name, tuple(to.address_lines)),
        title=_("Loan %(loan)s, tranche %(number)d") % {"loan": row.loan.number, "number": row.number},
        reference=f"{row.loan.number}/{row.number}",
    )


@transaction.atomic
def download(made, *, by):
    """The file of an order, the same bytes for ever; that it left the house is kept in the journal.

    Refused once a tranche was sent back out of it: that one is paid by another file, and would be paid twice.
    """
    require(by, Right.PAY_LOANS)
    if made.tranches.count() < made.transfers:
        raise Refused(
            _("A tranche was sent back out of this file, so the bank never gets it. Send back the others too.")
        )
    ExportRecord.objects.create(
        profile=PROFILE,
        scope=made.number,
        as_of=clock.local(made.at).date(),
        reason=_("file of transfers for the bank"),
        rows=made.transfers,
        size=made.file.size,
        sha256=made.file.sha256,
        file_name=made.file.name,
        by=by,
        at=clock.now(),
    )
    return made.file


@transaction.atomic
def set_account(fund, *, by, iban):
    """The account from which a fund pays. Files that were made stay as they are."""
    require(by, Right.KEEP_LEDGER)
    row = Fund.objects.select_for_update(of=("self",), no_key=True).get(pk=fund.pk)
    row.iban = iban
    return saving.save(row)
