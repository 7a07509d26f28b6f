"""Pages of the application for a loan."""

import datetime
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrum.cases import application_forms as cases
from centrum.intake.forms import StepForm
from centrum.intake.tables import Rows
from centrum.kit import clock
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.kit.polish import money
from centrum.kit.transitions import Refused
from centrum.register.enterprise_forms import day
from loans import aid, calculator
from loans.enums import FirmSize
from loans.forms import whole_months
from loans.models import ExistingDebt, LoanAid, LoanApplication, LoanPurchase, PlannedJob, Product

# Annex I of Regulation (EU) 651/2014, art. 2: fewer yearly work units than
CEILINGS = {FirmSize.MICRO: 10, FirmSize.SMALL: 50, FirmSize.MEDIUM: 250}


def judged_on(answers) -> datetime.date:
    """The day as of which answers are judged: that of the sending, today before it, so that what was right when it was
    sent stays right while it is completed."""
    sent = answers.application.submitted_at
    return clock.local(sent).date() if sent else clock.today()


def first_day_of_aid(answers):
    """The first day, back from the sending, aid of which still counts."""
    return clock.months_later(judged_on(answers), -aid.WINDOW)


def sums_differ(amount, sums):
    """What is wrong when purchases that take `sums` (PLN) from the loan do not make its `amount`; None when nothing."""
    if amount is None or sum(sums) == amount:
        return None
    return gettext(
        "The purchases take %(sum)s from the loan, and you ask for %(amount)s. The two have to be the same: change"
        " a purchase or the amount of the loan."
    ) % {"sum": money(sum(sums)), "amount": money(amount)}


def _posts(label, digits, **more):
    return AmountField(label=label, max_digits=digits, help_text=_("Half a post is 0,5."), **more)


def _amount(label, **more):
    return AmountField(label=label, **more)


def _choices(*names):
    return dict.fromkeys(names, forms.RadioSelect)


def _not_before(field, today, text):
    if field is not None and field < today:
        raise ValidationError(text)
    return field


# The loan


class ProductChoice(forms.ModelChoiceField):
    def label_from_instance(self, product):
        words = {"product": product, "who": product.for_whom_shown, "amount": money(product.largest)}
        return gettext("%(product)s: %(who)s; up to %(amount)s") % words


class LoanForm(StepForm):
    """Products of the day, and what the chosen one allows.

    What the organisation holds from the fund already is told to the staff alone (`applying.together`): whoever types
    a NIP here is a stranger.
    """

    optional = ("grace",)
    product = ProductChoice(
        queryset=Product.objects.none(),
        label=_("Which loan?"),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_("All loans of one entity together have a limit as well. The calculator shows it."),
    )
    amount = _amount(_("How much (PLN)?"), min_value=Decimal("0.01"), help_text=_("For example: 50 000."))
    months = whole_months(label=_("For how many months?"), min_value=1, max_value=360)
    grace = whole_months(
        label=_("Grace on principal in months"),
        min_value=0,
        max_value=360,
        help_text=_("At the beginning you pay interest only. These months count in the term."),
    )

    class Meta:
        model = LoanApplication
        fields = ("product", "amount", "months", "grace", "method")
        widgets = _choices("method")
        help_texts = {"method": _("Decreasing ones cost less in all; equal ones are lower at the beginning.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "product" in self.fields:
            offered = calculator.offered(judged_on(self.instance))
            self.fields["product"].queryset = offered
            if not offered.exists():
                nothing = _("The fund offers no loan now. Ask us, and we will tell you where else to look.")
                self.fields["product"].help_text = nothing

    def clean_grace(self):
        return self.cleaned_data["grace"] or 0

    def clean(self):
        said = super().clean()
        if not self.partial and not self.errors:
            # one that is completed asks only some of it
            wishes = {name: said.get(name, getattr(self.instance, name)) for name in self._meta.fields}
            try:
                calculator.must_be_allowed(**wishes)
            except Refused as refused:
                for name, texts in refused.message_dict.items():
                    self.add_error(name if name in self.fields else None, texts)
        return said


class PurposeForm(StepForm):
    spent_by = day(label=_("Until when will you spend it?"), help_text=_("For example: 31.12.2026."))

    class Meta:
        model = LoanApplication
        fields = ("purpose", "spent_by")
        field_classes = {"purpose": MultilineField}
        help_texts = {
            "purpose": _(
                "What will you buy or do, and what will change by it? A loan does not pay other loans, nor arrears to"
                " ZUS or the tax office."
            )
        }

    def clean_spent_by(self):
        return _not_before(self.cleaned_data["spent_by"], judged_on(self.instance), _("Choose today or a later day."))


class PurchaseForm(StepForm):
    cost = _amount(_("Cost, gross (PLN)"), min_value=0)
    from_loan = _amount(_("Of it from the loan (PLN)"), min_value=0, help_text=_("You pay the rest yourselves."))

    class Meta:
        model = LoanPurchase
        fields = ("what", "kind", "cost", "from_loan")
        widgets = _choices("kind")
        field_classes = {"what": PlainTextField}
        help_texts = {
            "what": _("For example: a delivery van, renovation of the kitchen."),
            "kind": _("Fixed assets serve longer than a year: machines, cars, renovation. Working capital is used up."),
        }

    def clean_cost(self):
        if self.cleaned_data["cost"] == 0:
            raise ValidationError(_("Enter more than 0."))
        return self.cleaned_data["cost"]


class PurchaseRows(Rows):
    """The purchases take from the loan what is asked for, to the grosz."""

    @property
    def told(self):
        asked = self.answers.amount
        return asked and gettext("You ask for %(amount)s. The purchases together take just this from the loan.") % {
            "amount": money(asked)
        }

    def clean(self):
        super().clean()
        if self.partial or any(form.errors for form in self.forms):
            return
        wrong = sums_differ(self.answers.amount, [row["from_loan"] for row in self.cleaned_data])
        if wrong:
            raise ValidationError(wrong)


# The organisation


class OrganisationForm(cases.OrganisationForm):
    begun_on = day(
        label=_("Since when does the organisation work?"),
        help_text=_("The day of the entry in the KRS or in another register. For example: 1.3.2021."),
    )

    class Meta(cases.OrganisationForm.Meta):
        model = LoanApplication
        fields = ("name", "pes_type", "legal_form", "nip", "krs", "begun_on")
        widgets = {"name": cases.OrganisationForm.Meta.widgets["name"]}
        help_texts = {name: cases.OrganisationForm.Meta.help_texts[name] for name in ("name", "pes_type")}

    def clean_begun_on(self):
        begun = self.cleaned_data["begun_on"]
        if begun is not None and begun > judged_on(self.instance):
            raise ValidationError(_("Choose today or an earlier day."))
        return begun


class SizeForm(StepForm):
    staff = _posts(_("Full-time posts today"), 7, min_value=0)

    class Meta:
        model = LoanApplication
        fields = ("staff", "size", "vat_payer")
        widgets = _choices("size", "vat_payer")
        help_texts = {"size": _("Count partner and linked undertakings as well.")}

    def clean(self):
        said = super().clean()
        staff, size = (said.get(name, getattr(self.instance, name)) for name in ("staff", "size"))
        if not self.errors and size and staff is not None and staff >= CEILINGS[size]:
            self.add_error(
                "size" if "size" in self.fields else "staff",
                _("With so many posts the organisation is larger. The fund helps those below 250."),
            )
        return said


class SeatForm(cases.SeatForm):
    class Meta(cases.SeatForm.Meta):
        model = LoanApplication


class ContactForm(cases.ContactForm):
    class Meta(cases.ContactForm.Meta):
        model = LoanApplication


# What comes of it


class JobForm(StepForm):
    posts = _posts(_("Full-time posts"), 5, min_value=0)
    since = day(label=_("From when"), help_text=_("For example: 1.3.2027."))

    class Meta:
        model = PlannedJob
        fields = ("position", "posts", "since", "at_risk")
        widgets = _choices("at_risk")
        field_classes = {"position": PlainTextField}
        help_texts = {"at_risk": _("Write no names and nothing about anybody's health.")}

    def clean_posts(self):
        if self.cleaned_data["posts"] == 0:
            raise ValidationError(_("Enter more than 0."))
        return self.cleaned_data["posts"]

    def clean_since(self):
        today = judged_on(self.instance.answers)
        return _not_before(self.cleaned_data["since"], today, _("Choose today or a later day."))


class DebtForm(StepForm):
    optional = ("instalment", "until")
    left = _amount(_("Left to pay (PLN)"), min_value=0, help_text=_("Of a guarantee: up to how much."))
    instalment = _amount(_("Monthly instalment (PLN)"), min_value=0, help_text=_("A guarantee has none."))
    until = day(label=_("Until when"))

    class Meta:
        model = ExistingDebt
        fields = ("creditor", "kind", "left", "instalment", "until")
        widgets = _choices("kind")
        field_classes = {"creditor": PlainTextField}
        help_texts = {"creditor": _("For example: the name of the bank.")}

    def clean_until(self):
        today = judged_on(self.instance.answers)
        text = _("Choose today or a later day, or leave it empty when the term is over.")
        return _not_before(self.cleaned_data["until"], today, text)


class MarketForm(StepForm):
    income = _amount(_("Income of the last year (PLN)"), min_value=0, help_text=_("If you began this year: 0."))
    costs = _amount(_("Costs of the last year (PLN)"), min_value=0)

    class Meta:
        model = LoanApplication
        fields = ("market", "income", "costs", "repaid_from")
        field_classes = {"market": MultilineField, "repaid_from": MultilineField}
        help_texts = {
            "market": _("A few sentences: customers, contracts that you have, who else does the same nearby."),
            "repaid_from": _("For example: from the contract for school meals, which runs until June 2029."),
        }


class SecurityForm(StepForm):
    class Meta:
        model = LoanApplication
        fields = ("security",)
        field_classes = {"security": MultilineField}
        help_texts = {
            "security": _(
                "Usually a blank promissory note and something else: a surety, a pledge on what you buy, a mortgage, an"
                " assignment of an insurance policy. Write no PESEL. We will settle together what suffices."
            )
        }


class DeclarationsForm(StepForm):
    """A "yes" blocks nothing here: the page says what it means, and the staff see it at the checklist."""

    class Meta:
        model = LoanApplication
        fields = ("arrears", "in_difficulty", "recovery_order", "had_de_minimis")
        widgets = _choices(*fields)
        help_texts = {
            "arrears": _(
                "If it does, you can still apply: in place of the certificate add the agreement by which ZUS or the"
                " office has spread the debt. Without one the fund may not lend."
            ),
            "in_difficulty": _(
                "If so, the fund may not lend now. Call us before you go on: we will look for other help."
            ),
            "recovery_order": _("If so, the aid has to be given back first. Call us, and we will look for a way."),
            "had_de_minimis": _("If so, list the aid on the next page, and add the certificates."),
        }


class AidForm(StepForm):
    granted_on = day(label=_("When"), help_text=_("The day on the certificate. For example: 3.12.2025."))
    eur = AmountField(label=_("How much (EUR)"), min_value=Decimal("0.01"))

    class Meta:
        model = LoanAid
        fields = ("granted_on", "grantor", "eur")
        field_classes = {"grantor": PlainTextField}
        help_texts = {"grantor": _("For example: the labour office, the OWES, the tax office.")}

    def clean_granted_on(self):
        granted, answers = self.cleaned_data["granted_on"], self.instance.answers
        if granted is None:
            return None
        if granted > judged_on(answers):
            raise ValidationError(_("Choose today or an earlier day."))
        if granted < first_day_of_aid(answers):
            raise ValidationError(_("It is older than 3 years, so it does not count: take this row out."))
        return granted
