"""Files that an application for a loan asks for, and with which answers each is needed."""

from django.utils.translation import gettext_lazy as _

from centrum.intake.kinds import AttachmentRule
from centrum.kit import clock
from centrum.register.enums import LegalForm
from loans.applying_forms import judged_on
from loans.enums import SpendingKind, YesNo


def _always(_answers):
    return True


def _a_year_old(answers):
    """Whether the organisation worked for 12 months when the application was sent."""
    return answers.begun_on is not None and clock.months_later(answers.begun_on, 12) <= judged_on(answers)


def _young(answers):
    return answers.begun_on is not None and not _a_year_old(answers)


def _without_krs(answers):
    return bool(answers.nip) and not answers.krs


def _in_debt(answers):
    return answers.debts.exists()


def _buys_assets(answers):
    return answers.purchases.filter(kind=SpendingKind.ASSETS).exists()


def _had_aid(answers):
    return answers.had_de_minimis == YesNo.YES


# Bodies of whose board a resolution of the members or of another organ is asked.
COLLECTIVE = frozenset(
    {
        LegalForm.COOPERATIVE,
        LegalForm.ASSOCIATION,
        LegalForm.SIMPLE_ASSOCIATION,
        LegalForm.FOUNDATION,
        LegalForm.UNION,
        LegalForm.KGW,
        LegalForm.OSP,
    }
)


def _needs_resolution(answers):
    return answers.legal_form in COLLECTIVE


ATTACHMENTS = (
    AttachmentRule(
        "rejestr",
        _("Extract from the register"),
        _("Where the organisation is registered, if not in the KRS: we read the KRS ourselves."),
        _without_krs,
        optional=False,
    ),
    AttachmentRule("statut", _("Statute or deed"), _("The one in force, with all changes."), _always),
    AttachmentRule(
        "sprawozdania",
        _("Financial statements of the last two years"),
        _("If the organisation works for less than two years: of the last one."),
        _a_year_old,
        many=True,
        optional=False,
    ),
    AttachmentRule(
        "bilans-otwarcia", _("Opening balance"), _("Of an organisation younger than a year."), _young, optional=False
    ),
    AttachmentRule(
        "biezace-wyniki",
        _("Balance and profit and loss account of this year, or the KPiR"),
        _("Up to the last full month."),
        _always,
        many=True,
    ),
    AttachmentRule(
        "prognoza",
        _("Financial projection or business plan"),
        _("For the years of the loan: income, costs, instalments."),
        _always,
        many=True,
    ),
    AttachmentRule(
        "opinia-bankowa",
        _("Bank's opinion or statement on your debts"),
        _("Of each bank or firm to which you owe: how much, and that you pay in time."),
        _in_debt,
        many=True,
        optional=False,
    ),
    AttachmentRule("zus", _("Certificate of ZUS: no arrears"), _("No older than 3 months."), _always),
    AttachmentRule("us", _("Certificate of the tax office: no arrears"), _("No older than 3 months."), _always),
    AttachmentRule(
        "uchwala",
        _("Resolution to borrow"),
        _("Of the general assembly or of the body that the statute names."),
        _needs_resolution,
        optional=False,
    ),
    AttachmentRule(
        "de-minimis-formularz",
        _("Form on de minimis aid"),
        _("The official form of information given when applying for de minimis aid."),
        _always,
    ),
    AttachmentRule(
        "de-minimis-zaswiadczenia",
        _("Certificates of de minimis aid of the last 3 years"),
        _("Or a statement that lists the aid."),
        _had_aid,
        many=True,
        optional=False,
    ),
    AttachmentRule(
        "oferty",
        _("Offers or pro forma invoices"),
        _("For the fixed assets that you want to buy."),
        _buys_assets,
        many=True,
    ),
    AttachmentRule(
        "zabezpieczenia",
        _("Papers on the security"),
        _("Income of a guarantor, title to the property, list of things for a pledge."),
        many=True,
    ),
    AttachmentRule(
        "beneficjent",
        _("Declaration of beneficial owners and political functions"),
        _("Who owns or controls the organisation, and whether any of them is a politically exposed person (PEP)."),
        _always,
    ),
    AttachmentRule(
        "pelnomocnictwo", _("Power of attorney"), _("If somebody else than the board signs for the organisation.")
    ),
    AttachmentRule(
        "rodo-poreczyciele",
        _("Information on data protection signed by guarantors"),
        _("Of each person who stands surety."),
        many=True,
    ),
)
