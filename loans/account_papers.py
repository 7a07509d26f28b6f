"""The account of a loan on paper: a statement of a period, and a confirmation of balance as of a day.

Always in Polish. Interest of a day that is over must be posted before, so that a paper of a past day stays right.
Raises Refused in words for the user, PermissionDenied.
"""

import hashlib
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from centrum.kit import clock, paper
from centrum.kit.identifiers import format_iban, format_nip
from centrum.kit.models import ExportRecord
from centrum.kit.polish import date_long, date_short, money, nbsp_words
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import account, accruals, ledger
from loans.account import ACCOUNTS, OWED
from loans.enums import AFTER_PAYOUT

STATEMENT, BALANCE = "loan_statement", "loan_balance"  # what the journal calls them
_ZERO = Decimal("0.00")


def statement_pdf(loan, *, by, first, last):
    """(name, bytes) of the statement of account, for the staff; that it was taken is kept in the journal.

    Raises Refused in words, PermissionDenied.
    """
    require(by, Right.VIEW_LOANS)
    _must_be_days(loan, last, "last")
    if first > last:
        raise Refused({"first": _("The first day comes after the last one.")})
    with translation.override("pl"):
        data = paper.pdf("loan_account.typ", _statement_page(loan, first, last, account.statement(loan, first, last)))
    name = f"zestawienie-{loan.number.replace('/', '-')}-{last}.pdf"
    return _taken(loan, by=by, profile=STATEMENT, day=last, name=name, data=data)


def balance_pdf(loan, *, by, day):
    """(name, bytes) of the confirmation of balance, for the staff; that it was taken is kept in the journal."""
    require(by, Right.VIEW_LOANS)
    name, data = own_balance_pdf(loan, day)
    return _taken(loan, by=by, profile=BALANCE, day=day, name=name, data=data)


def own_balance_pdf(loan, day):
    """The same for the borrower, who is nobody of the staff and takes their own."""
    _must_be_days(loan, day, "day")
    with translation.override("pl"):
        data = paper.pdf("loan_account.typ", _balance_page(loan, day, account.balances(loan, day)))
    return f"saldo-{loan.number.replace('/', '-')}-{day}.pdf", data


def _must_be_days(loan, day, field):
    if loan.state not in AFTER_PAYOUT:
        raise Refused(_("Nothing of this loan is paid out, so it has no account yet."))
    if day > clock.today():
        raise Refused({field: _("This day has not come yet.")})
    if day < loan.signed_on:
        raise Refused({field: _("The agreement was not signed yet on this day.")})
    accruals.must_be_posted(loan.fund, day)


def _taken(loan, *, by, profile, day, name, data):
    with translation.override("pl"):
        reasons = {STATEMENT: _("statement of account for the borrower"), BALANCE: _("confirmation of balance")}
    ExportRecord.objects.create(
        profile=profile,
        scope=loan.number,
        as_of=day,
        reason=reasons[profile],
        rows=1,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=name,
        by=by,
        at=clock.now(),
    )
    return name, data


def _facts(loan, *more):
    body = loan.organisation
    borrower = ", ".join(
        filter(None, [body.name, *body.address_lines, f"NIP {format_nip(body.nip)}" if body.nip else ""])
    )
    return [
        {"label": _("Borrower"), "value": nbsp_words(borrower)},
        {"label": _("Lender"), "value": nbsp_words(f"{settings.CONTACT['name']}, {settings.CONTACT['address']}")},
        {"label": _("Agreement"), "value": _agreement(loan)},
        *({"label": label, "value": nbsp_words(value)} for label, value in more),
    ]


def _agreement(loan):
    said = {"number": loan.number, "day": date_long(loan.signed_on), "amount": money(loan.amount)}
    return nbsp_words(_("loan agreement %(number)s of %(day)s for %(amount)s") % said)


def _made():
    words = _("Made on %(day)s by the portal from the ledger of the fund; amounts are sums of its entries.")
    return nbsp_words(words % {"day": date_long(clock.today())})


def _not_booked(loan, day):
    """What has to be said besides, since the ledger leaves out the interest of who is late for long."""
    amount = account.interest_not_booked(loan, day)
    words = _("Interest of %(amount)s is owed besides: it grew by the end of this day and is not booked yet.")
    return [words % {"amount": money(amount)}] if amount else []


def _left_out(loan, found):
    """The sentence of instalments that are not listed, where the table itself does not say it."""
    said = account.left_out(loan)
    return [said] if said and found.instalments else []


def _balance_page(loan, day, found):
    words, always = account.names(), (ledger.PRINCIPAL, ledger.INTEREST)
    rows = [[words[code], money(found[code])] for code in OWED if found[code] or code in always]
    notes = [
        _("Interest is counted as booked up to the end of this day, interest for delay as it was booked last."),
        *_not_booked(loan, day),
    ]
    if found[ledger.OVERPAID]:
        over = _("An overpayment of the borrower of %(amount)s waits besides; it is not taken off this sum.")
        notes.append(over % {"amount": money(-found[ledger.OVERPAID])})
    return {
        "title": _("Confirmation of balance as of %(day)s") % {"day": date_long(day)},
        "facts": _facts(loan),
        "lead": nbsp_words(
            _("We confirm that by the end of %(day)s the borrower owes of this agreement %(amount)s.")
            % {"day": date_long(day), "amount": money(account.owed(found))}
        ),
        "tables": [
            {
                "title": _("What it is made of"),
                "head": [_("What"), _("Amount")],
                "rows": rows,
                "foot": [_("Owed together"), money(account.owed(found))],
                "numbers": [1],
                "wide": 0,
                "empty": "",
            }
        ],
        "notes": [nbsp_words(note) for note in notes] + [_made()],
    }


def _statement_page(loan, first, last, found):
    words = account.names()

    def said(parts):
        return "; ".join(f"{words[code]} {money(amount)}" for code, amount in parts)

    period = f"{date_long(first)} – {date_long(last)}"
    closing = account.balances(loan, last)
    return {
        "title": _("Statement of the loan account"),
        "facts": _facts(
            loan,
            (_("Period"), period),
            (_("Account for repayments"), format_iban(loan.fund.iban) if loan.fund.iban else "–"),
        ),
        "lead": "",
        "tables": [
            {
                "title": _("Operations"),
                "head": [_("Booked"), _("Of the day"), _("What"), _("Amount"), _("Owed after it")],
                "rows": [
                    [date_short(first), "", _("balance before"), "", money(found.opening)],
                    *(
                        [
                            date_short(one.day),
                            date_short(one.value_date),
                            nbsp_words(f"{one.words}\n{said(one.parts)}"),
                            money(one.amount),
                            money(one.balance),
                        ]
                        for one in found.operations
                    ),
                ],
                "foot": [date_short(last), "", _("Balance"), "", money(found.closing)],
                "numbers": [3, 4],
                "wide": 2,
                "empty": "",
            },
            {
                "title": _("Instalments due in this time"),
                "head": [_("No."), _("Due"), _("Principal"), _("Interest"), _("Paid"), pgettext("amount", "Left")],
                "rows": [
                    [
                        str(one.row.nr),
                        date_short(one.row.due),
                        money(one.row.principal),
                        money(one.row.interest + one.row.deferred),
                        money(one.paid),
                        money(one.left),
                    ]
                    for one in found.instalments
                ],
                "foot": [],
                "numbers": [2, 3, 4, 5],
                "wide": 1,
                "empty": account.left_out(loan) or _("No instalment fell due in this time."),
            },
            {
                "title": _("Payments and what they paid"),
                "head": [_("Paid on"), _("Document"), _("What it paid"), _("Amount")],
                "rows": [
                    [
                        date_short(payment.value_date),
                        payment.document,
                        nbsp_words("; ".join(f"{label} {money(amount)}" for label, amount in parts)),
                        money(payment.amount),
                    ]
                    for payment, parts in found.payments
                ],
                "foot": [_("Together"), "", "", money(sum((one.amount for one, _parts in found.payments), _ZERO))],
                "numbers": [3],
                "wide": 2,
                "empty": _("Nothing was paid in this time."),
            },
            {
                "title": _("Balance at the end"),
                "head": [_("What"), _("Amount")],
                "rows": [[words[code], money(closing[code])] for code in ACCOUNTS if closing[code]],
                "foot": [_("Together"), money(found.closing)],
                "numbers": [1],
                "wide": 0,
                "empty": _("Nothing is owed."),
            },
        ],
        "notes": [
            *map(nbsp_words, _not_booked(loan, last)),
            *map(nbsp_words, _left_out(loan, found)),
            nbsp_words(_("An amount above nothing is what the borrower owes more, one below it lowers the debt.")),
            _made(),
        ],
    }
