"""Papers of a guarantee: promise, agreement and declaration to the lender as PDF from texts that the staff edit, and
files that were signed or brought.

A suretyship for a credit needs the declaration in writing and, for a debt to come, an amount up to which it holds
(Civil Code, art. 876 § 2 and 878 § 1). They are in Polish, whatever the language of whoever makes them.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import letters
from centrum.intake.letters import LetterKind
from centrum.kit import clock, files, paper
from centrum.kit.identifiers import format_nip
from centrum.kit.polish import money, percent
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans.enums import GuaranteePaperKind
from loans.models import GuaranteePaper
from loans.papers import FOLDER, borrower, parts, security_line
from loans.words import amount_in_words

PROMISE, AGREEMENT, DECLARATION = "guarantee_promise", "guarantee_agreement", "guarantee_declaration"
_COMMON = (
    "guarantee_number", "gua_client", "guarantor", "gua_lender", "gua_day", "gua_amount", "gua_words", "credit",
    "credit_kind", "credit_months", "cover", "gua_valid", "gua_sign_by",
)  # fmt: skip
_OF_AGREEMENT = ("gua_fee", "gua_fee_from", "gua_securities", "gua_conditions")
_OF_DECLARATION = ("cooperation", "days_to_pay")
# placeholder → (what it stands for, a sample)
_PLACEHOLDERS = {
    "guarantee_number": (gettext_lazy("number of the guarantee and its agreement"), "PR/2026/0001"),
    "gua_client": (
        gettext_lazy("organisation that takes the credit, with its numbers and seat"),
        "Spółdzielnia Socjalna „Żuraw”, NIP 599…",
    ),
    "guarantor": (gettext_lazy("who keeps the fund"), "Stowarzyszenie Wspierania Małej Przedsiębiorczości"),
    "gua_lender": (gettext_lazy("lender with its numbers and address"), "Bank Spółdzielczy w Dobiegniewie, NIP 599…"),
    "gua_day": (gettext_lazy("day of the paper"), "3 grudnia 2026"),
    "gua_amount": (gettext_lazy("amount up to which it is guaranteed"), "40 000,00 zł"),
    "gua_words": (gettext_lazy("the amount in words"), "czterdzieści tysięcy złotych 00/100"),
    "credit": (gettext_lazy("amount of the credit"), "50 000,00 zł"),
    "credit_kind": (gettext_lazy("what the credit is for"), "obrotowy"),
    "credit_months": (gettext_lazy("term of the credit in months"), "36"),
    "cover": (gettext_lazy("part of the principal that is guaranteed, in per cent"), "80"),
    "gua_valid": (gettext_lazy("months after the term in which a call is in time"), "3"),
    "gua_sign_by": (gettext_lazy("day by which all is signed and the credit paid out"), "3 marca 2027"),
    "gua_fee": (gettext_lazy("yearly fee in per cent"), "1"),
    "gua_fee_from": (gettext_lazy("year from which the fee is paid"), "1"),
    "gua_securities": (gettext_lazy("securities of the guarantee, a line each"), "– weksel in blanco"),
    "gua_conditions": (gettext_lazy("conditions of the decision"), "brak"),
    "cooperation": (gettext_lazy("number of the agreement on cooperation with the lender"), "WP/1/2025"),
    "days_to_pay": (gettext_lazy("days to pay a call"), "30"),
}


def register_texts():
    """The texts stand among the letters that the staff edit, in Polish alone."""
    words = {"link": "", "numbered": False, "folder": FOLDER, "group": gettext_lazy("Guarantees"), "languages": ("pl",)}
    words["must"] = "gua_amount"
    letters.register(
        LetterKind(PROMISE, gettext_lazy("Promise of a guarantee"), (*_COMMON, "gua_conditions"), **words),
        LetterKind(AGREEMENT, gettext_lazy("Agreement of a guarantee"), (*_COMMON, *_OF_AGREEMENT), **words),
        LetterKind(DECLARATION, gettext_lazy("Declaration to the lender"), (*_COMMON, *_OF_DECLARATION), **words),
        placeholders=_PLACEHOLDERS,
    )


# Reads


def papers_of(guarantee):
    """Papers, the newest first, without the bytes of their files."""
    return guarantee.papers.select_related("file", "by").defer("file__data").order_by("-pk")


# Files


def keep(guarantee, *, by, kind, title, upload, field="file"):
    """Keep an uploaded file as a paper. Raises Refused at `field` for a file that can't be taken."""
    try:
        stored = files.store(upload, by=by)
    except ValidationError as error:
        raise Refused({field: error.messages}) from error
    return GuaranteePaper.objects.create(
        guarantee=guarantee, kind=kind, title=title[:200], file=stored, by=by, at=clock.now()
    )


def add(guarantee, *, by, title, file):
    """Keep another file with the guarantee."""
    require(by, Right.KEEP_LOANS)
    return keep(guarantee, by=by, kind=GuaranteePaperKind.OTHER, title=title, upload=file)


# What is made


def make_promise(guarantee, *, by, day):
    """Make the PDF of the promise (promesa), which the fund alone signs."""
    values = {"gua_conditions": guarantee.decision.conditions or _none()}
    title = _titled(gettext_lazy("Promise of guarantee %(number)s"), guarantee)
    return _make(guarantee, GuaranteePaperKind.PROMISE, PROMISE, title, day, values, by=by)


def make_agreement(guarantee, *, by):
    """Make the PDFs of the agreement with the client and of the declaration to the lender, as all is now."""
    day, kinds = guarantee.drawn_on, GuaranteePaperKind
    with translation.override("pl"):
        securities = "\n".join(security_line(row) for row in guarantee.securities.order_by("pk")) or _none()
    values = {
        "gua_fee": percent(guarantee.fee),
        "gua_fee_from": guarantee.fee_from,
        "gua_securities": securities,
        "gua_conditions": guarantee.decision.conditions or _none(),
    }
    title = _titled(gettext_lazy("Agreement of guarantee %(number)s"), guarantee)
    _make(guarantee, kinds.AGREEMENT, AGREEMENT, title, day, values, by=by)
    values = {"cooperation": guarantee.lender.agreement, "days_to_pay": guarantee.lender.days_to_pay}
    title = _titled(gettext_lazy("Declaration of guarantee %(number)s"), guarantee)
    _make(guarantee, kinds.DECLARATION, DECLARATION, title, day, values, by=by)


def _titled(words, guarantee):
    with translation.override("pl"):
        return str(words) % {"number": guarantee.number}


def _none():
    with translation.override("pl"):
        return _("none")


def _make(guarantee, kind, code, title, day, values, *, by):
    with translation.override("pl"):
        signatures = [_("for the fund")] + ([_("for the client")] if code == AGREEMENT else [])
        made = letters.compose(code, "pl", {**_common(guarantee, day), **values})
        words = {"title": made.subject, "parts": parts(made.body), "schedules": [], "signatures": signatures}
        data = paper.pdf("loan_agreement.typ", words)
    upload = ContentFile(data, name=f"{title.replace('/', '-')}.pdf")
    return keep(guarantee, by=by, kind=kind, title=title, upload=upload)


def _common(guarantee, day):
    lender = guarantee.lender
    return {
        "guarantee_number": guarantee.number,
        "gua_client": borrower(guarantee.organisation),
        "guarantor": f"{settings.CONTACT['name']}, {settings.CONTACT['address']}",
        "gua_lender": f"{lender.name}, {lender.address}, NIP {format_nip(lender.nip)}",
        "gua_day": day,
        "gua_amount": money(guarantee.amount),
        "gua_words": amount_in_words(guarantee.amount),
        "credit": money(guarantee.credit),
        "credit_kind": guarantee.get_credit_kind_display(),
        "credit_months": guarantee.months,
        "cover": percent(guarantee.cover),
        "gua_valid": lender.months_after,
        "gua_sign_by": guarantee.sign_by,
    }
