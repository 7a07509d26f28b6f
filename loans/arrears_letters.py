"""What is written to a borrower in arrears: texts that the staff edit, filled with what is owed on a day.

E-mails go as they are; letters and the notice of termination become PDF, kept as papers of the loan. All in Polish,
whatever the language of whoever sends them.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from centrum.intake import letters
from centrum.intake.letters import LetterKind
from centrum.kit import clock, paper
from centrum.kit.identifiers import format_iban, format_nip
from centrum.kit.polish import date_long, money
from centrum.kit.transitions import Refused
from loans import papers
from loans.enums import ArrearsLetter, PaperKind, SecurityKind, SecurityState

FOLDER = Path(__file__).resolve().parent / "data" / "letters"
GUARANTORS = (SecurityKind.CIVIL_SURETY, SecurityKind.BILL_SURETY)
_COMMON = ("loan_number", "borrower", "lender", "day", "agreement_day")
# placeholder → (what it stands for, a sample)
_PLACEHOLDERS = {
    "overdue_since": (gettext_lazy("day on which the oldest unpaid instalment was due"), "10 listopada 2026"),
    "days_late": (gettext_lazy("days past due"), "14"),
    "overdue_total": (gettext_lazy("what is to be paid, all of it"), "1 012,34 zł"),
    "overdue_sums": (gettext_lazy("what it consists of, a line each"), "– kapitał: 1 000,00 zł"),
    "pay_by": (gettext_lazy("day by which it is to be paid"), "1 grudnia 2026"),
    "pay_to": (gettext_lazy("account and title of the transfer, a line each"), "PL61 1090 1014 0000 0712 1981 2874"),
    "called_on": (gettext_lazy("day from which the whole loan is due"), "10 stycznia 2027"),
    "principal_left": (gettext_lazy("principal that is not paid back"), "40 000,00 zł"),
    "grounds": (gettext_lazy("reasons of the termination"), "zaległość w spłacie"),
}
_DEMANDED = tuple(_PLACEHOLDERS)[:5]


def register_texts():
    words = {"link": "", "numbered": False, "folder": FOLDER, "group": gettext_lazy("Loans"), "languages": ("pl",)}
    own = {
        ArrearsLetter.OVERDUE: (*_DEMANDED, "pay_to"),
        ArrearsLetter.TERMINATION: (*_DEMANDED[:4], "called_on", "principal_left", "grounds"),
    }
    must = {ArrearsLetter.OVERDUE: "pay_to", ArrearsLetter.TERMINATION: "called_on"}
    letters.register(
        *(
            LetterKind(
                kind.value, kind.label, (*_COMMON, *own.get(kind, _DEMANDED)), must=must.get(kind, "pay_by"), **words
            )
            for kind in ArrearsLetter
        ),
        placeholders=_PLACEHOLDERS,
    )


@dataclass(frozen=True)
class Owed:
    """What a letter tells: the day from which the arrears count, how many `days` that is, and sums in PLN. `pay_by`:
    the last day for the payment, or the day from which all is due. Interest set apart by a restructuring is interest.
    """

    since: object
    days: int
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    costs: Decimal
    pay_by: object

    @property
    def total(self):
        return self.principal + self.interest + self.penalty + self.costs

    @property
    def columns(self):
        """The same for the columns of a Notice."""
        names = ("days", "principal", "interest", "penalty", "costs", "pay_by")
        return {name: getattr(self, name) for name in names}


def guarantors(loan):
    """Who stands surety for the loan, a description each; a security that was released binds nobody."""
    rows = loan.securities.filter(kind__in=GUARANTORS).exclude(state=SecurityState.RELEASED)
    return [row.description for row in rows.order_by("pk")]


def compose(code, loan, owed, *, grounds=""):
    """The Letter of a text with what is owed today. Raises Refused while the fund has no account to pay to."""
    if not loan.fund.iban:
        raise Refused(_("%(fund)s has no account. Enter it in the ledger of the fund.") % {"fund": loan.fund})
    with translation.override("pl"):
        values = {
            "loan_number": loan.number,
            "borrower": _borrower(loan.organisation),
            "lender": f"{settings.CONTACT['name']}, {settings.CONTACT['address']}",
            "day": clock.today(),
            "agreement_day": loan.signed_on,
            "overdue_since": owed.since or "–",
            "days_late": owed.days,
            "overdue_total": money(owed.total),
            "overdue_sums": "\n".join(f"– {label}: {money(amount)}" for label, amount in _sums(owed)),
            "pay_by": owed.pay_by,
            "pay_to": "\n".join(f"{label}: {value}" for label, value in _transfer(loan)),
            "called_on": owed.pay_by,
            "principal_left": money(loan.outstanding),
            "grounds": " ".join(grounds.split()),  # one line: what is typed makes no paragraph of the letter
        }
        return letters.compose(code, "pl", values)


def _sums(owed):
    rows = (
        (_("principal"), owed.principal),
        (_("interest"), owed.interest),
        (_("interest for delay, up to today"), owed.penalty),
        (_("costs"), owed.costs),
    )
    return [row for row in rows if row[1]]


def _transfer(loan):
    title = _("Loan %(number)s") % {"number": loan.number}
    return [
        (_("Account"), format_iban(loan.fund.iban)),
        (pgettext("transfer", "Recipient"), settings.CONTACT["name"]),
        (pgettext("transfer", "Title"), title),
    ]


def _borrower(organisation):
    nip = f"NIP {format_nip(organisation.nip)}" if organisation.nip else ""
    return ", ".join(filter(None, [organisation.name, *organisation.address_lines, nip]))


def draw(letter, loan, owed, *, by, to_guarantors=False):
    """Make the PDF of a letter and keep it with the loan. Returns the LoanPaper."""
    terminates = letter.code == ArrearsLetter.TERMINATION
    with translation.override("pl"):
        amount = _("Overdue today") if terminates else _("Amount today")
        until = _("Everything is due on") if terminates else _("To be paid by")
        data = paper.pdf(
            "loan_notice.typ",
            {
                "title": letter.subject,
                "day": date_long(clock.today()),
                "to": [loan.organisation.name, *loan.organisation.address_lines],
                "parts": papers.parts(letter.body),
                "transfer-title": _("Transfer"),
                "transfer": [
                    *_transfer(loan),
                    (amount, money(owed.total)),
                    (until, date_long(owed.pay_by)),
                ],
                "copies-title": _("Sent as well to the guarantors:"),
                "copies": guarantors(loan) if to_guarantors else [],
                "signature": _("for the lender"),
            },
        )
    upload = ContentFile(data, name=f"{letter.subject.replace('/', '-')}.pdf")
    return papers.keep(loan, by=by, kind=PaperKind.NOTICE, title=letter.subject, upload=upload)
