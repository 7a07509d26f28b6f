"""Papers of a loan: agreement and annex as PDF from texts that the staff edit, and files that were signed or brought.

Every paper is a StoredFile with its SHA-256, only ever added; a later one does not replace an earlier one. Agreements
and annexes are in Polish, whatever the language of whoever makes them.
"""

import re
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from centrum.intake import letters
from centrum.intake.letters import LetterKind
from centrum.kit import clock, files, paper
from centrum.kit.identifiers import format_nip
from centrum.kit.polish import date_long, date_short, money, nbsp_words, percent
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import schedules
from loans.enums import PaperKind
from loans.models import LoanPaper
from loans.words import amount_in_words

AGREEMENT, ANNEX = "loan_agreement", "loan_annex"
FOLDER = Path(__file__).resolve().parent / "data" / "letters"
_COMMON = ("loan_number", "borrower", "lender", "day", "amount", "amount_words")
_ZLOTE_WORDS = "pięćdziesiąt tysięcy złotych 00/100"
# placeholder → (what it stands for, a sample)
_PLACEHOLDERS = {
    "loan_number": (gettext_lazy("number of the loan and its agreement"), "PZ/2026/0001"),
    "borrower": (gettext_lazy("organisation with its numbers and seat"), "Spółdzielnia Socjalna „Żuraw”, NIP 599…"),
    "lender": (gettext_lazy("who keeps the fund"), "Stowarzyszenie Wspierania Małej Przedsiębiorczości"),
    "day": (gettext_lazy("day of the agreement"), "3 grudnia 2026"),
    "amount": (gettext_lazy("amount of the loan"), "50 000,00 zł"),
    "amount_words": (gettext_lazy("the amount in words"), _ZLOTE_WORDS),
    "product": (gettext_lazy("name of the product"), "FERS na rozwój"),
    "purpose": (gettext_lazy("what the loan is for, from the application"), "Piec do kuchni"),
    "tranches": (gettext_lazy("tranches with their days"), "25 000,00 zł – 10 grudnia 2026"),
    "months": (gettext_lazy("term in months"), "36"),
    "grace": (gettext_lazy("months of grace on principal"), "6"),
    "method": (gettext_lazy("kind of instalments"), "raty malejące"),
    "first_due": (gettext_lazy("day of the first instalment"), "10 stycznia 2027"),
    "last_due": (gettext_lazy("day of the last instalment"), "10 grudnia 2029"),
    "due_day": (gettext_lazy("day of the month of instalments"), "10"),
    "day_count": (gettext_lazy("how days are counted"), "rzeczywista liczba dni, rok 365 dni"),
    "rate": (gettext_lazy("yearly rate in per cent"), "3,8"),
    "rate_source": (gettext_lazy("what the rate was reckoned from"), "stopa redyskonta weksli NBP 3,8%"),
    "securities": (gettext_lazy("securities of the loan, a line each"), "– weksel in blanco"),
    "settlement_days": (gettext_lazy("days for the settlement of spending"), "90"),
    "settlement_extension_days": (gettext_lazy("days by which it may be extended"), "90"),
    "conditions": (gettext_lazy("conditions of the decision"), "brak"),
    "annex_number": (gettext_lazy("number of the annex"), "1"),
    "agreement_day": (gettext_lazy("day on which the agreement was signed"), "3 grudnia 2026"),
    "valid_from": (gettext_lazy("instalment after which the annex changes the schedule"), "10 czerwca 2027"),
    "changes": (gettext_lazy("what the annex changes, a line each"), "– karencja dłuższa o 3 miesiące"),
    "reasons": (gettext_lazy("reasons of the annex"), "Spadek zamówień"),
}
_OF_AGREEMENT = tuple(_PLACEHOLDERS)[6:22]
_OF_ANNEX = tuple(_PLACEHOLDERS)[22:]


def register_texts():
    """The texts of agreement and annex stand among the letters that the staff edit, in Polish alone."""
    words = {"link": "", "numbered": False, "folder": FOLDER, "group": gettext_lazy("Loans"), "languages": ("pl",)}
    letters.register(
        LetterKind(AGREEMENT, gettext_lazy("Loan agreement"), (*_COMMON, *_OF_AGREEMENT), must="amount", **words),
        LetterKind(ANNEX, gettext_lazy("Annex to a loan agreement"), (*_COMMON, *_OF_ANNEX), must="changes", **words),
        placeholders=_PLACEHOLDERS,
    )


# Reads


def papers_of(loan):
    """Papers of a loan, the newest first, without the bytes of their files."""
    return loan.papers.select_related("file", "by", "annex").defer("file__data").order_by("-pk")


def last_agreement(loan):
    return papers_of(loan).filter(kind=PaperKind.AGREEMENT).first()


# Files


def keep(loan, *, by, kind, title, upload, annex=None, field="file"):
    """Keep an uploaded file as a paper. Raises Refused at `field` for a file that can't be taken."""
    try:
        stored = files.store(upload, by=by)
    except ValidationError as error:
        raise Refused({field: error.messages}) from error
    return LoanPaper.objects.create(
        loan=loan, annex=annex, kind=kind, title=title[:200], file=stored, by=by, at=clock.now()
    )


def add(loan, *, by, title, file):
    """Keep another file with the loan."""
    require(by, Right.KEEP_LOANS)
    return keep(loan, by=by, kind=PaperKind.OTHER, title=title, upload=file)


def _keep_made(loan, *, by, kind, title, data, annex=None):
    upload = ContentFile(data, name=f"{title.replace('/', '-')}.pdf")
    return keep(loan, by=by, kind=kind, title=title, upload=upload, annex=annex)


# The agreement


def draw_agreement(loan, *, by):
    """Make the PDF of the agreement as the loan, its schedule and securities are now, and keep it."""
    version = schedules.current(loan)
    rows = list(version.rows.order_by("nr"))
    with translation.override("pl"):
        title = _("Agreement %(number)s") % {"number": loan.number}
        made = letters.compose(AGREEMENT, "pl", {**_common(loan, loan.drawn_on), **_agreed(loan, rows)})
        data = paper.pdf(
            "loan_agreement.typ",
            {
                "title": made.subject,
                "parts": parts(made.body),
                "schedules": [_table(_("Appendix 1: schedule"), rows)],
                "signatures": _signatures(),
            },
        )
    return _keep_made(loan, by=by, kind=PaperKind.AGREEMENT, title=title, data=data)


def _common(loan, day):
    return {
        "loan_number": loan.number,
        "borrower": borrower(loan.organisation),
        "lender": f"{settings.CONTACT['name']}, {settings.CONTACT['address']}",
        "day": day,
        "amount": money(loan.amount),
        "amount_words": amount_in_words(loan.amount),
    }


def borrower(organisation):
    numbers = [
        f"NIP {format_nip(organisation.nip)}" if organisation.nip else "",
        f"REGON {organisation.regon}" if organisation.regon else "",
        f"KRS {organisation.krs}" if organisation.krs else "",
    ]
    return ", ".join(filter(None, [organisation.name, *organisation.address_lines, *numbers]))


def _agreed(loan, rows):
    rate = loan.rates.select_related("nbp_rate").order_by("valid_from").first()
    answers = getattr(loan.decision.review.application, "loan_application", None)
    return {
        "product": str(loan.product),
        # one line: what an applicant typed makes no paragraph of the agreement
        "purpose": " ".join(answers.purpose.split()) if answers else "",
        "tranches": "\n".join(f"– {money(amount)}: {date_long(day)}" for day, amount in schedules.drawn(loan)),
        "months": loan.months,
        "grace": loan.grace,
        "method": loan.get_method_display(),
        "first_due": rows[0].nominal_due,
        "last_due": rows[-1].nominal_due,
        "due_day": loan.due_day,
        "day_count": loan.get_day_count_display(),
        "rate": percent(rate.rate),
        "rate_source": rate_source(loan, rate),
        "securities": "\n".join(security_line(row) for row in loan.securities.order_by("pk")) or _("none"),
        "settlement_days": loan.product.settlement_days,
        "settlement_extension_days": loan.product.settlement_extension_days,
        "conditions": loan.decision.conditions or _("none"),
    }


def rate_source(loan, rate):
    """Where the rate of an agreement comes from, in words."""
    if rate.nbp_rate is None:
        return _("fixed rate of the product")
    return _("%(kind)s %(rate)s%% in force since %(day)s: %(source)s") % {
        "kind": rate.nbp_rate.get_kind_display(),
        "rate": percent(rate.nbp_rate.rate),
        "day": date_long(rate.nbp_rate.valid_from),
        "source": rate.nbp_rate.source,
    }


def security_line(row):
    value = _(", value %(amount)s") % {"amount": money(row.value)} if row.value else ""
    return f"– {row.get_kind_display()}: {row.description}{value}"


# The annex


def draw_annex(annex, *, by, old, new):
    """Make the PDF of an annex with the rows of the old and the new schedule, and keep it."""
    loan = annex.loan
    with translation.override("pl"):
        title = _("Annex %(annex)d to agreement %(number)s") % {"annex": annex.number, "number": loan.number}
        values = {
            "annex_number": annex.number,
            "agreement_day": loan.signed_on,
            "valid_from": annex.valid_from,
            "changes": "\n".join(f"– {line}" for line in changes(annex)),
            "reasons": annex.reasons,
        }
        made = letters.compose(ANNEX, "pl", {**_common(loan, clock.today()), **values})
        data = paper.pdf(
            "loan_agreement.typ",
            {
                "title": made.subject,
                "parts": parts(made.body),
                "schedules": [
                    _table(_("Appendix 1: new schedule"), new),
                    _table(_("Appendix 2: schedule up to now"), old),
                ],
                "signatures": _signatures(),
            },
        )
    return _keep_made(loan, by=by, kind=PaperKind.ANNEX, title=title, data=data, annex=annex)


def changes(annex):
    """What an annex changes, a sentence each."""
    found = []
    if annex.holiday:
        words = ngettext(
            "nothing is paid for %(n)d month; its interest comes with the first instalment after it",
            "nothing is paid for %(n)d months; their interest comes with the first instalment after them",
            annex.holiday,
        )
        found.append(words % {"n": annex.holiday})
    if annex.grace:
        words = ngettext(
            "%(n)d month more in which only interest is paid",
            "%(n)d months more in which only interest is paid",
            annex.grace,
        )
        found.append(words % {"n": annex.grace})
    if annex.months:
        words = ngettext("the term is longer by %(n)d month", "the term is longer by %(n)d months", annex.months)
        found.append(words % {"n": annex.months})
    if annex.rate is not None and annex.rate_months:
        words = ngettext(
            "a rate of %(rate)s%% a year for %(n)d month, then the rate up to now",
            "a rate of %(rate)s%% a year for %(n)d months, then the rate up to now",
            annex.rate_months,
        )
        found.append(words % {"rate": percent(annex.rate), "n": annex.rate_months})
    elif annex.rate is not None:
        found.append(_("a rate of %(rate)s%% a year to the end") % {"rate": percent(annex.rate)})
    return found


# Parts of a paper

_HEADING = re.compile(r"§\s*\d")


def parts(body):
    """[{heading, lines}] of a text: a line that begins with § and a number heads what follows it."""
    made = [{"heading": "", "lines": []}]
    for line in filter(None, (line.strip() for line in body.splitlines())):
        if _HEADING.match(line):
            made.append({"heading": line, "lines": []})
        else:
            made[-1]["lines"].append(nbsp_words(line))
    return [part for part in made if part["heading"] or part["lines"]]


def _signatures():
    return [_("for the lender"), _("for the borrower")]


def _table(title, rows):
    cells = [
        [
            str(row.nr),
            date_short(row.due),
            money(row.principal),
            money(row.interest + row.deferred),
            money(row.total),
            money(row.balance),
        ]
        for row in rows
    ]
    sums = [
        money(sum(row.principal for row in rows)),
        money(sum(row.interest + row.deferred for row in rows)),
        money(sum(row.total for row in rows)),
    ]
    return {
        "title": title,
        "head": [_("No."), _("Due"), _("Principal"), _("Interest"), _("Instalment"), _("Left to pay back")],
        "rows": cells,
        "foot": [_("Together"), "", *sums, ""],
    }
