"""The application for a loan as a kind of the intake engine, and what that for a guarantee shares with it
(loans/guarantees/applying.py)."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from centrum.intake import matching
from centrum.intake import services as intake
from centrum.intake.kinds import CheckItem, Kind, Problem, Step, Summary, TableStep
from centrum.intake.matching import Match
from centrum.kit.polish import date_long, date_short, money, number
from centrum.kit.transitions import Refused
from centrum.register.enums import PesType
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import applying_forms as forms
from loans import calculator, granting, reviews
from loans.applying_forms import judged_on
from loans.applying_papers import ATTACHMENTS
from loans.enums import YesNo

_SEAT = ("street", "building", "flat", "postal_code", "locality", "commune")
_IDENTITY = ("name", "pes_type", "legal_form", "nip", "krs")
NO_DEBTS = _("the organisation owes nothing")
# What an application takes from the organisation of the register: what describes a body, and nobody's name.
OF_REGISTER = (*_IDENTITY, *_SEAT, "email", "phone")
# What the next application of the same applicant begins with.
AGAIN = (
    *_IDENTITY,
    "begun_on",
    "size",
    "vat_payer",
    *_SEAT,
    "contact_first_name",
    "contact_last_name",
    "contact_role",
    "email",
    "phone",
    "market",
)

# Pages that are tables


@dataclass(frozen=True)
class PurchasesStep(TableStep):
    formset: ClassVar = forms.PurchaseRows

    def line(self, row):
        words = {"what": row, "kind": row.get_kind_display(), "cost": money(row.cost), "loan": money(row.from_loan)}
        return gettext("%(what)s (%(kind)s): %(cost)s, of it %(loan)s from the loan") % words


@dataclass(frozen=True)
class JobsStep(TableStep):
    def line(self, row):
        words = {"position": row, "posts": number(row.posts), "day": date_short(row.since)}
        told = gettext("%(position)s: %(posts)s post from %(day)s") % words
        at_risk = gettext("for a person at risk of exclusion")
        return f"{told}, {at_risk}" if row.at_risk == YesNo.YES else told


@dataclass(frozen=True)
class DebtsStep(TableStep):
    def line(self, row):
        parts = [gettext("left to pay: %(amount)s") % {"amount": money(row.left)}]
        if row.instalment is not None:
            parts.append(gettext("%(amount)s a month") % {"amount": money(row.instalment)})
        if row.until:
            parts.append(gettext("until %(day)s") % {"day": date_short(row.until)})
        return f"{row} ({row.get_kind_display()}): {', '.join(parts)}"


@dataclass(frozen=True)
class AidStep(TableStep):
    def line(self, row):
        return f"{date_short(row.granted_on)}, {row}: {number(row.eur, places=2)} EUR"


def aid_step(form):
    return AidStep(
        "pomoc",
        _("De minimis aid of the last 3 years"),
        form,
        rows_name="aid",
        one=pgettext_lazy("row of a table", "Aid"),
        add=_("Add aid"),
        text=_("All that the organisation and those linked with it received. If there is none, go on."),
        nothing=_("no de minimis aid"),
        least=0,
    )


# Rules over several pages


def problems(answers):
    """[Problem]: what the product does not allow, days that have passed, purchases that do not make the amount."""
    found = []
    today = judged_on(answers)
    if None not in (answers.product, answers.amount, answers.months, answers.grace) and answers.method:
        found += [Problem("pozyczka", text) for text in _against_product(answers, today)]
    if answers.spent_by and answers.spent_by < today:
        found.append(Problem("cel", gettext("The day until which you spend the loan is over. Choose a later one.")))
    sums = list(answers.purchases.values_list("from_loan", flat=True))
    wrong = forms.sums_differ(answers.amount, sums) if sums else None
    if wrong:
        found.append(Problem("zakupy", wrong))
    return found + against_aid(answers)


def against_aid(answers):
    """[Problem] of the rows of aid: those that gainsay the question on it, and days to come."""
    days = list(answers.aid.values_list("granted_on", flat=True)) if answers.had_de_minimis else []
    wrong = None  # aid that has grown too old since does no harm: whoever reckons leaves it out
    if answers.had_de_minimis == YesNo.YES and not days:
        wrong = gettext("You had de minimis aid: list it.")
    elif answers.had_de_minimis == YesNo.NO and days:
        wrong = gettext("You list de minimis aid: answer yes to the question on it, or take the rows out.")
    elif any(day > judged_on(answers) for day in days):
        wrong = gettext("A day of the aid is still to come. Correct it.")
    return [Problem("pomoc", wrong)] if wrong else []


def _against_product(answers, today, held=0):
    """Sentences of what the product does not allow on a day."""
    product = answers.product
    if not calculator.offered(today).filter(pk=product.pk).exists():
        return [gettext("The loan “%(product)s” is not offered any more. Choose another one.") % {"product": product}]
    names = ("amount", "months", "grace", "method")
    try:
        calculator.must_be_allowed(product, **{name: getattr(answers, name) for name in names}, held=held)
    except Refused as refused:
        return refused.messages
    return []


# What the answers say of points of the checklist, for the staff


def entity(answers):
    words = {"kind": answers.get_pes_type_display(), "day": date_long(answers.begun_on)}
    return gettext("The applicant: %(kind)s, at work since %(day)s.") % words


def _of_entity(answers):
    return gettext("The loan is for: %(who)s.") % {"who": answers.product.for_whom_shown} + " " + entity(answers)


def together(answers):
    """What is asked for beside what the applicant holds, and what the product does not allow of it."""
    has = granting.held(organisation__nip=answers.nip)
    words = {"amount": money(answers.amount), "held": money(has)}
    told = gettext("Asked for: %(amount)s. Held from the fund already: %(held)s.") % words
    wrong = _against_product(answers, judged_on(answers), held=has)
    wrong += [problem.text for problem in problems(answers) if problem.slug == "zakupy"]
    return " ".join([told, *wrong])


def said(*names):
    """What was answered to these declarations, beside the question."""

    def told(answers):
        fields = answers._meta
        return " ".join(
            f"{fields.get_field(name).verbose_name} {capfirst(getattr(answers, f'get_{name}_display')())}."
            for name in names
        )

    return told


def _of_aid(answers):
    rows = list(answers.aid.all())
    told = [said("had_de_minimis")(answers)]
    if rows:
        words = {"sum": number(sum(row.eur for row in rows), places=2), "number": len(rows)}
        told.append(gettext("Listed: %(number)s, together %(sum)s EUR.") % words)
    return " ".join(told)


# What to have ready, points of the checklist and rows of the register that both kinds share

NEEDS_AID = _("de minimis aid of the last three years: days and amounts in euro")
AID = CheckItem("aid", _("De minimis aid is listed and agrees with the certificates and with SUDOP."), _of_aid)
PAPERS = CheckItem("papers", _("All attachments are there, in force and signed."))
NO_ARREARS = CheckItem(
    "no-arrears", _("There are no arrears to ZUS and the tax office, or they are spread by agreement."), said("arrears")
)
NO_DIFFICULTY = CheckItem(
    "no-difficulty",
    _("The applicant is not in difficulty and has no public aid to give back."),
    said("in_difficulty", "recovery_order"),
)
MANDATE = CheckItem("mandate", _("Whoever applies may speak for the organisation."))
MATCHING = (
    Match(
        "organisation",
        matching.ORGANISATION,
        _("Which organisation of the register is it?"),
        tuple((name, name) for name in (*_IDENTITY, "email", "phone", *_SEAT)),
    ),
    Match(
        "person",
        matching.PERSON,
        _("Who is the contact person in the register?"),
        (
            ("contact_first_name", "first_name"),
            ("contact_last_name", "last_name"),
            ("email", "email"),
            ("phone", "phone"),
        ),
    ),
)

LOAN = Kind(
    code="loan",
    title=_("Application for a loan"),
    label=pgettext_lazy("kind of application", "loan"),
    path="pozyczka",
    text=_("For social economy entities that want to borrow from our fund."),
    needs=(
        _("which loan you want, how much and for how long: the calculator helps"),
        _("the NIP of the organisation, and its KRS number if it has one"),
        _("what you will buy, for how much, and what of it from the loan"),
        _("what the organisation owes already, with instalments"),
        _("income and costs of the last year"),
        NEEDS_AID,
        _("papers as files or photos: statute, statements, certificates of ZUS and the tax office"),
        _("an e-mail address that you read"),
    ),
    minutes=45,
    free=False,
    series="WPZ",
    answers="loan_application",
    steps=(
        Step("pozyczka", _("The loan"), forms.LoanForm),
        Step("cel", _("What the loan is for"), forms.PurposeForm),
        PurchasesStep(
            "zakupy",
            _("Planned purchases"),
            forms.PurchaseForm,
            rows_name="purchases",
            one=_("Purchase"),
            add=_("Add a purchase"),
        ),
        Step("organizacja", _("The organisation"), forms.OrganisationForm),
        Step("wielkosc", _("Size and VAT"), forms.SizeForm),
        Step("siedziba", _("Seat of the organisation"), forms.SeatForm),
        Step("kontakt", _("Contact person"), forms.ContactForm),
        JobsStep(
            "miejsca-pracy",
            _("Planned jobs"),
            forms.JobForm,
            rows_name="jobs",
            one=_("Job"),
            add=_("Add a job"),
            text=_("Jobs that you will create thanks to the loan. If there are none, go on."),
            nothing=_("no new jobs"),
            least=0,
        ),
        DebtsStep(
            "zobowiazania",
            _("What the organisation owes"),
            forms.DebtForm,
            rows_name="debts",
            one=_("Debt"),
            add=_("Add a debt"),
            text=_("Loans, credits and leasing that you pay, and guarantees that you gave. If there are none, go on."),
            nothing=NO_DEBTS,
            least=0,
        ),
        Step("rynek", _("Market and repayment"), forms.MarketForm),
        Step("zabezpieczenie", _("Security"), forms.SecurityForm),
        Step("oswiadczenia", _("Declarations"), forms.DeclarationsForm),
        aid_step(forms.AidForm),
    ),
    attachments=ATTACHMENTS,
    problems=problems,
    again=AGAIN,
    summary=lambda answers: Summary(answers.name, answers.locality, answers.email),
    accept=reviews.accept,
    decided_at="loans:review",
    decided_with=Right.VIEW_LOANS,
    may_decide=reviews.may_decide,
    events=reviews.events,
    checklist=(
        CheckItem("entity", _("The applicant is an entity for which the product is meant."), _of_entity),
        CheckItem("purpose", _("The purpose is none of the excluded ones.")),
        CheckItem("sums", _("The purchases add up, and the amount and the term fit the product."), together),
        AID,
        PAPERS,
        NO_ARREARS,
        NO_DIFFICULTY,
        MANDATE,
    ),
    matching=MATCHING,
)


# From the register


def may_apply(organisation):
    """Whether an application may be begun for the organisation: a body with a legal form that was not merged away."""
    return organisation.merged_into_id is None and organisation.pes_type != PesType.INITIATIVE_GROUP


@transaction.atomic
def begin_for(organisation, *, by, key, language, kind=LOAN):
    """Begin a draft of a kind with what the register tells of an organisation that `by` sees; the same key gives the
    same draft.

    Raises Refused, PermissionDenied.
    """
    require(by, Right.EDIT_CLIENTS)
    if not may_apply(organisation):
        raise Refused(gettext("Nothing can be applied for here: there is no organisation yet, or it was merged."))
    known = {name: getattr(organisation, name) for name in OF_REGISTER}
    return intake.begin(kind=kind, key=key, language=language, **known)
