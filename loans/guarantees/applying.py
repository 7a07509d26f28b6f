"""The application for a guarantee as a kind of the intake engine; loans/applying.py has what it shares with a loan."""

from dataclasses import dataclass

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from centrum.intake.kinds import CheckItem, Kind, Problem, Step, Summary
from centrum.kit.polish import money, percent
from centrum.kit.transitions import Refused
from centrum.register.models import Organisation
from centrum.staff.enums import Right
from loans import applying, review_kinds, reviews
from loans.applying_forms import judged_on
from loans.guarantees import applying_forms as forms
from loans.guarantees import terms
from loans.guarantees.applying_papers import ATTACHMENTS


@dataclass(frozen=True)
class CreditStep(Step):
    def rows(self, answers):
        """The part as the per cent that was typed."""
        rows = super().rows(answers)
        shown = None if answers.cover is None else f"{percent(answers.cover)}%"
        return [(name, label, shown if name == "cover" else value) for name, label, value in rows]


# Rules over several pages


def problems(answers):
    """[Problem]: what cannot be guaranteed as of the day, and answers that gainsay each other."""
    found = [Problem("kredyt", text) for text in _against_terms(answers)]
    linked = forms.links_differ(answers.linked, answers.linked_with)
    if linked:
        found.append(Problem("powiazania", linked))
    return found + applying.against_aid(answers)


def _against_terms(answers):
    names = ("lender", "credit_kind", "credit", "cover", "months", "grace")
    wishes = {name: getattr(answers, name) for name in names}
    if any(value in (None, "") for value in wishes.values()):
        return []
    try:
        terms.must_be_allowed(**wishes, on=judged_on(answers))
    except Refused as refused:
        return refused.messages
    return []


# What the answers say of points of the checklist, for the staff


def together(answers):
    """What is asked for beside what is guaranteed for the applicant with those linked, and what does not fit."""
    asked = review_kinds.GUARANTEE.amount(answers)
    words = {"amount": money(asked), "credit": money(answers.credit), "percent": percent(answers.cover)}
    told = [gettext("Asked for: %(amount)s, which is %(percent)s%% of a credit of %(credit)s.") % words]
    fund = review_kinds.GUARANTEE.first_fund()
    if fund is not None:
        known = Organisation.objects.filter(nip=answers.nip, merged_into=None).first()
        part = terms.part_of(known, fund)
        words = {"taken": money(part.taken), "limit": money(part.limit), "free": money(fund.gua_free)}
        told.append(
            gettext(
                "Guaranteed already for the applicant with those linked: %(taken)s of at most %(limit)s. The fund may"
                " still guarantee %(free)s."
            )
            % words
        )
    return " ".join([*told, *_against_terms(answers)])


def _of_credit(answers):
    words = {"lender": answers.lender, "kind": answers.get_credit_kind_display()}
    return gettext("%(lender)s, credit: %(kind)s.") % words


def _of_links(answers):
    return " ".join([applying.said("linked")(answers), " ".join(answers.linked_with.split())]).strip()


GUARANTEE = Kind(
    code=review_kinds.GUARANTEE.code,
    title=_("Application for a guarantee"),
    label=pgettext_lazy("kind of application", "guarantee"),
    path="poreczenie",
    text=_("For social economy entities whose bank wants our guarantee for a credit."),
    needs=(
        _("which bank or fund gives the credit, how much and for how long"),
        _("the decision or the offer of the bank, or the application that you made there"),
        _("the NIP of the organisation, and its KRS number if it has one"),
        _("what the organisation owes already, with instalments"),
        _("income and costs of the last year"),
        applying.NEEDS_AID,
        _("papers as files or photos: statute, statements, certificates of ZUS and the tax office"),
        _("an e-mail address that you read"),
    ),
    minutes=45,
    free=False,
    series="WPR",
    answers="guarantee_application",
    steps=(
        CreditStep("kredyt", _("The credit"), forms.CreditForm),
        Step("cel", _("What the credit is for"), forms.PurposeForm),
        Step("organizacja", _("The organisation"), forms.OrganisationForm),
        Step("wielkosc", _("Size and VAT"), forms.SizeForm),
        Step("siedziba", _("Seat of the organisation"), forms.SeatForm),
        Step("kontakt", _("Contact person"), forms.ContactForm),
        Step("powiazania", _("Linked organisations"), forms.LinksForm),
        applying.DebtsStep(
            "zobowiazania",
            _("What the organisation owes"),
            forms.DebtForm,
            rows_name="debts",
            one=_("Debt"),
            add=_("Add a debt"),
            text=_("Loans, credits and leasing that you pay, and guarantees that you gave. If there are none, go on."),
            nothing=applying.NO_DEBTS,
            least=0,
        ),
        Step("rynek", _("Market and repayment"), forms.MarketForm),
        Step("zabezpieczenie", _("Security"), forms.SecurityForm),
        Step("oswiadczenia", _("Declarations"), forms.DeclarationsForm),
        applying.aid_step(forms.AidForm),
    ),
    attachments=ATTACHMENTS,
    problems=problems,
    again=applying.AGAIN,
    summary=lambda answers: Summary(answers.name, answers.locality, answers.email),
    accept=reviews.accept,
    decided_at="loans:review",
    decided_with=Right.VIEW_LOANS,
    may_decide=reviews.may_decide,
    events=reviews.events,
    checklist=(
        CheckItem("entity", _("The applicant is an entity that the fund may guarantee for."), applying.entity),
        CheckItem("not-paid-out", _("The credit has not been paid out: the bank waits for the guarantee."), _of_credit),
        CheckItem("purpose", _("The purpose is none of the excluded ones.")),
        CheckItem("sums", _("The amount, the part and the term fit the terms of the fund and its limits."), together),
        CheckItem("linked", _("Organisations linked with the applicant are noted in the register."), _of_links),
        applying.AID,
        applying.PAPERS,
        applying.NO_ARREARS,
        applying.NO_DIFFICULTY,
        applying.MANDATE,
    ),
    matching=applying.MATCHING,
)
