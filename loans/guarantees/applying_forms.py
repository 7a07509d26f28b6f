"""Pages of the application for a guarantee: those on the applicant are as of a loan."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrum.intake.forms import StepForm
from centrum.kit.fields import AmountField, MultilineField
from centrum.kit.transitions import Refused
from loans import applying_forms as of_loan
from loans.applying_forms import judged_on
from loans.enums import YesNo
from loans.forms import ShareField, whole_months
from loans.guarantees import lenders, terms
from loans.models import GuaranteeAid, GuaranteeApplication, GuaranteeDebt, Lender

COVER_MOST = 80  # per cent, of any lender


# The credit


class CreditForm(StepForm):
    """Lenders of the day, and what may be guaranteed of a credit.

    What is guaranteed for the organisation already is told to the staff alone (`applying.together`): whoever types a
    NIP here is a stranger.
    """

    optional = ("grace",)
    lender = forms.ModelChoiceField(
        queryset=Lender.objects.none(),
        label=_("Which bank or fund gives the credit?"),
        empty_label=_("– choose –"),
        help_text=_("We guarantee credits of those with whom we have an agreement."),
    )
    credit = AmountField(
        label=_("Amount of the credit (PLN)"),
        min_value=Decimal("0.01"),
        help_text=_("All of it, as you ask the bank. We guarantee no credit that has been paid out already."),
    )
    months = whole_months(label=_("For how many months?"), min_value=1, max_value=360)
    grace = whole_months(
        label=_("Grace on principal in months"),
        min_value=0,
        max_value=360,
        help_text=_("At the beginning you pay interest only. These months count in the term."),
    )
    cover = ShareField(
        label=_("What part of the credit should we guarantee?"),
        min_value=Decimal("0.01"),
        max_value=COVER_MOST,
        decimal_places=2,
        help_text=_("In per cent of the principal, at most 80. For example: 70. We do not guarantee interest."),
    )

    class Meta:
        model = GuaranteeApplication
        fields = ("lender", "credit_kind", "credit", "months", "grace", "cover")
        widgets = {"credit_kind": forms.RadioSelect}
        help_texts = {
            "credit_kind": _("Working capital is used up: goods, wages, fuel. An investment serves longer than a year.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "lender" in self.fields:
            found = lenders.in_cooperation(judged_on(self.instance))
            self.fields["lender"].queryset = found
            if not found.exists():
                nothing = _("We have no agreement with any bank now. Ask us, and we will tell you where else to look.")
                self.fields["lender"].help_text = nothing

    def clean_grace(self):
        return self.cleaned_data["grace"] or 0

    def clean(self):
        said = super().clean()
        if not self.partial and not self.errors:
            # one that is completed asks only some of it
            wishes = {name: said.get(name, getattr(self.instance, name)) for name in self._meta.fields}
            try:
                terms.must_be_allowed(**wishes, on=judged_on(self.instance))
            except Refused as refused:
                for name, texts in refused.message_dict.items():
                    self.add_error(name if name in self.fields else None, texts)
        return said


class PurposeForm(StepForm):
    class Meta:
        model = GuaranteeApplication
        fields = ("purpose",)
        field_classes = {"purpose": MultilineField}
        help_texts = {
            "purpose": _(
                "What will you buy or do, and what will change by it? We guarantee no credit that pays other credits,"
                " nor arrears to ZUS or the tax office."
            )
        }


# The organisation


class OrganisationForm(of_loan.OrganisationForm):
    class Meta(of_loan.OrganisationForm.Meta):
        model = GuaranteeApplication


class SizeForm(of_loan.SizeForm):
    class Meta(of_loan.SizeForm.Meta):
        model = GuaranteeApplication


class SeatForm(of_loan.SeatForm):
    class Meta(of_loan.SeatForm.Meta):
        model = GuaranteeApplication


class ContactForm(of_loan.ContactForm):
    class Meta(of_loan.ContactForm.Meta):
        model = GuaranteeApplication


class DebtForm(of_loan.DebtForm):
    class Meta(of_loan.DebtForm.Meta):
        model = GuaranteeDebt


class MarketForm(of_loan.MarketForm):
    class Meta(of_loan.MarketForm.Meta):
        model = GuaranteeApplication


class LinksForm(StepForm):
    optional = ("linked_with",)

    class Meta:
        model = GuaranteeApplication
        fields = ("linked", "linked_with")
        widgets = {"linked": forms.RadioSelect}
        field_classes = {"linked_with": MultilineField}
        help_texts = {
            "linked": _(
                "One controls another with most of its votes, by choosing most of its board, or by an agreement or the"
                " statute. Those linked count as one in our limits and in de minimis aid."
            ),
            "linked_with": _("Only if you answered yes: one in a line."),
        }

    def clean(self):
        said = super().clean()
        linked, names = (said.get(name, getattr(self.instance, name)) for name in self._meta.fields)
        if not self.partial and not self.errors:
            wrong = links_differ(linked, names)
            if wrong:
                self.add_error("linked_with" if "linked_with" in self.fields else None, wrong)
        return said


def links_differ(linked, names):
    """What is wrong between the answer and the names; None when nothing."""
    if linked == YesNo.YES and not names:
        return gettext("Write which ones: their names and NIPs.")
    if linked == YesNo.NO and names:
        return gettext("You answered that there is none: leave it empty, or answer yes.")
    return None


# Security and declarations


class SecurityForm(StepForm):
    optional = ("bank_security",)

    class Meta:
        model = GuaranteeApplication
        fields = ("bank_security", "security")
        field_classes = {"bank_security": MultilineField, "security": MultilineField}
        help_texts = {
            "bank_security": _("Beside our guarantee: for example a promissory note, a pledge, own money put in."),
            "security": _(
                "Usually a blank promissory note with a declaration; it may be a surety or a pledge as well. Write no"
                " PESEL. We will settle together what suffices."
            ),
        }


class DeclarationsForm(of_loan.DeclarationsForm):
    class Meta(of_loan.DeclarationsForm.Meta):
        model = GuaranteeApplication
        help_texts = {
            **of_loan.DeclarationsForm.Meta.help_texts,
            "arrears": _(
                "If it does, you can still apply: in place of the certificate add the agreement by which ZUS or the"
                " office has spread the debt. Without one the fund may not guarantee."
            ),
            "in_difficulty": _(
                "If so, the fund may not guarantee now. Call us before you go on: we will look for other help."
            ),
        }


class AidForm(of_loan.AidForm):
    class Meta(of_loan.AidForm.Meta):
        model = GuaranteeAid
