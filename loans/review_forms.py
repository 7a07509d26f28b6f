"""What is typed on the way to a decision on a loan or a guarantee: parsed here, judged by loans/reviews.py."""

from decimal import Decimal

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.intake.review_forms import MatchForm
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.register.forms import SearchField
from loans import committee, review_kinds, reviews, scoring
from loans.enums import (
    Collateral,
    CreditKind,
    GuaranteeRating,
    Method,
    Rating,
    ReviewState,
    SecurityKind,
    VoteVerdict,
)
from loans.forms import ShareField, whole_months
from loans.guarantees import terms
from loans.models import Fund

ROWS = "rows"


class ReviewFilter(forms.Form):
    q = SearchField(label=_("Search"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("reviews", "all")),
            ("mine", _("waiting for me")),
            ("new", _("not taken up yet")),
            *ReviewState.choices,
        ],
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", pgettext_lazy("reviews", "all")),
            (review_kinds.LOAN.code, _("Loan")),
            (review_kinds.GUARANTEE.code, _("Guarantee")),
        ],
    )


class CardForm(forms.Form):
    """Points and a note for every criterion, and the reasons."""

    text = MultilineField(label=_("Reasons"), help_text=_("The card can't be changed once it is saved."))

    def __init__(self, data=None):
        super().__init__(data)
        self.criteria = list(scoring.criteria())
        for criterion in self.criteria:
            self.fields[f"points-{criterion.pk}"] = forms.IntegerField(
                label=str(criterion),
                min_value=0,
                max_value=criterion.most,
                help_text=_("0 to %(most)d points") % {"most": criterion.most},
                widget=forms.TextInput(attrs={"class": "w4", "inputmode": "numeric", "autocomplete": "off"}),
            )
            self.fields[f"note-{criterion.pk}"] = PlainTextField(
                label=_("Note: %(criterion)s") % {"criterion": criterion}, required=False, max_length=300
            )
        self.order_fields([name for name in self.fields if name != "text"])

    def rows(self):
        """[(bound points, bound note)] for the template."""
        return [(self[f"points-{c.pk}"], self[f"note-{c.pk}"]) for c in self.criteria]

    def clean(self):
        data = super().clean()
        told = [c for c in self.criteria if f"points-{c.pk}" in data]
        marks = {c: (data[f"points-{c.pk}"], data.get(f"note-{c.pk}", "")) for c in told}
        kept = {"marks": marks, "text": data.get("text", "")}
        return kept | ({"impartial": data["impartial"]} if "impartial" in data else {})


class VoteForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Your vote"), choices=VoteVerdict, widget=forms.RadioSelect)
    text = MultilineField(
        label=_("Reasons"),
        required=False,
        help_text=_("Needed for a vote against. Your vote can't be changed once it is given."),
    )


class RefuseForm(forms.Form):
    reasons = MultilineField(label=_("Reasons"), help_text=_("The applicant will read them in the letter."))


class SendBackForm(forms.Form):
    decision = forms.IntegerField(widget=forms.HiddenInput)
    reason = MultilineField(label=_("Reason"), help_text=_("What has to be changed before it can be confirmed?"))


class ConfirmForm(forms.Form):
    """`officers`: who may lead what comes of it, None where nothing will; `leads`: the question who does."""

    decision = forms.IntegerField(widget=forms.HiddenInput)
    officer = forms.ModelChoiceField(queryset=None, empty_label=_("– choose –"))

    def __init__(self, *args, officers, leads, **kwargs):
        super().__init__(*args, **kwargs)
        if officers is None:
            del self.fields["officer"]
        else:
            self.fields["officer"].queryset, self.fields["officer"].label = officers, leads


class SecurityForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("– choose –")), *SecurityKind.choices])
    description = PlainTextField(
        label=_("Description"), max_length=300, help_text=_("For example: surety of the chairwoman.")
    )
    value = AmountField(label=_("Value (PLN)"), required=False, min_value=Decimal("0.01"))


class SecurityRows(BaseFormSet):
    """Rows left blank are not there."""

    def initial_form_count(self):
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def filled(self):
        return [form.cleaned_data for form in self.forms if form.has_changed()]


_Securities = formset_factory(
    SecurityForm,
    formset=SecurityRows,
    extra=0,
    min_num=1,
    max_num=reviews.MOST_SECURITIES,
    absolute_max=reviews.MOST_SECURITIES,
    validate_max=True,
)


class _PrepareForm(MatchForm):
    """The terms of an approval, its securities, what its aid is reckoned from, and whom of the register it is about.

    With "add" among the data nothing is checked: what was typed comes back with one more row of securities.
    `offer(application)` of each kind puts in what may be chosen.
    """

    months = whole_months(label=_("For how many months?"), min_value=1, max_value=360)
    grace = whole_months(
        label=_("Grace on principal in months"),
        min_value=0,
        max_value=360,
        help_text=_("These months count in the term."),
    )
    fund = forms.ModelChoiceField(label=_("From which fund?"), queryset=Fund.objects.order_by("pk"), empty_label=None)
    aid_reason = MultilineField(
        label=_("Why this rating?"),
        help_text=_("On which papers it rests. It is kept with the calculation of the de minimis aid."),
    )
    conditions = MultilineField(label=_("Conditions"), required=False)
    reasons = MultilineField(label=_("Reasons"))

    def __init__(self, data=None, *, user, application, review):
        adding = data is not None and "add" in data
        super().__init__(None if adding else data, user=user, application=application)
        self.review, self.opinion = review, committee.opinion_on(review, application)
        self.kind = review_kinds.of(application)
        self.asked = self.kind.answers_of(application)
        self.offer(application)
        if self.fields["fund"].queryset.count() < 2:
            del self.fields["fund"]
        if self.opinion.verdict == VoteVerdict.AGAINST:
            words = _("The committee voted against. Write why you differ from its opinion.")
            self.fields["reasons"].help_text = words
        self.initial |= {name: getattr(self.asked, name) for name in self.kind.terms} | {"fund": review.fund}
        rows = [{}]
        if adding:
            self.initial |= {name: self._typed(data, name) for name in self.fields}
            rows = [*_rows(data), {}][: reviews.MOST_SECURITIES]
        self.securities = _Securities(
            None if adding else data, prefix=ROWS, initial=None if data and not adding else rows
        )
        self.may_add = len(self.securities.forms) < reviews.MOST_SECURITIES
        if adding:
            self.securities.forms[-1].fields["kind"].widget.attrs["autofocus"] = True

    def _typed(self, data, name):
        many = isinstance(self.fields[name], forms.MultipleChoiceField)
        return data.getlist(name) if many else data.get(name)

    def clean(self):
        cleaned = super().clean()
        if self.securities.is_valid():
            cleaned["securities"] = self.securities.filled
        else:
            self.add_error(None, _("Look at the securities: something is missing or wrong there."))
        return cleaned


class PrepareLoanForm(_PrepareForm):
    product = forms.ModelChoiceField(label=_("Which loan?"), queryset=None, empty_label=None)
    amount = AmountField(label=_("Amount (PLN)"), min_value=Decimal("0.01"))
    method = forms.ChoiceField(label=_("Kind of instalments"), choices=Method, widget=forms.RadioSelect)
    new_job = forms.BooleanField(label=_("The borrower creates a job and pays the lower rate for it"), required=False)
    rating = forms.ChoiceField(
        label=_("How sound is the borrower?"),
        choices=[("", _("– choose –")), *Rating.choices],
        help_text=_("The margin of the reference rate depends on it (2008/C 14/02)."),
    )
    collateral = forms.ChoiceField(
        label=_("How well is the loan secured?"), choices=[("", _("– choose –")), *Collateral.choices]
    )
    field_order = (
        "product", "amount", "months", "grace", "method", "new_job", "fund", "rating", "collateral", "aid_reason",
        "conditions", "reasons",
    )  # fmt: skip
    _of_aid = ("rating", "collateral", "aid_reason")

    def offer(self, application):
        products = self.kind.products(application)
        self.fields["product"].queryset = products
        self.fields["conditions"].help_text = _("What has to be met before the payout. It stands in the letter.")
        giving = products.filter(de_minimis=True).count()
        for name in self._of_aid:
            if not giving:
                del self.fields[name]
            elif giving < products.count():  # by the product that is chosen
                self.fields[name].required = False

    def clean(self):
        cleaned = super().clean()
        product = cleaned.get("product")
        for name in self._of_aid:
            if name in cleaned and product and not product.de_minimis:
                cleaned[name] = ""
            elif name in cleaned and product and not cleaned[name]:
                self.add_error(name, _("This loan gives de minimis aid: fill this in."))
        return cleaned


class PrepareGuaranteeForm(_PrepareForm):
    lender = forms.ModelChoiceField(
        label=_("Which bank or fund gives the credit?"), queryset=None, empty_label=_("– choose –")
    )
    credit_kind = forms.ChoiceField(label=_("Kind of credit"), choices=CreditKind, widget=forms.RadioSelect)
    credit = AmountField(label=_("Amount of the credit (PLN)"), min_value=Decimal("0.01"))
    cover = ShareField(
        label=_("Part of the credit that is guaranteed (%)"),
        min_value=Decimal("0.01"),
        max_value=80,
        decimal_places=2,
    )
    amount = AmountField(
        label=_("Guaranteed at most (PLN)"),
        required=False,
        min_value=Decimal("0.01"),
        help_text=_("If you leave it empty: this part of the credit, rounded to the grosz."),
    )
    fee = ShareField(
        label=_("Yearly fee (%)"),
        min_value=0,
        max_value=Decimal("99.99"),
        help_text=_("Of what is guaranteed on the first day of each year."),
    )
    fee_from = forms.TypedChoiceField(
        label=_("From which year on is the fee paid?"),
        choices=[(1, _("from the first year")), (2, _("from the second year: the first one is free"))],
        coerce=int,
        widget=forms.RadioSelect,
        initial=1,
    )
    rating = forms.ChoiceField(
        label=_("How sound is the borrower?"),
        choices=[("", _("– choose –")), *GuaranteeRating.choices],
        help_text=_("The market premium depends on it (2008/C 155/02)."),
    )
    field_order = (
        "lender", "credit_kind", "credit", "cover", "amount", "months", "grace", "fee", "fee_from", "fund", "rating",
        "aid_reason", "conditions", "reasons",
    )  # fmt: skip

    def offer(self, application):
        self.fields["lender"].queryset = self.kind.lenders()
        self.fields["conditions"].help_text = _("What has to be met before the agreement. It stands in the letter.")
        self.initial["fee"] = terms.fee()


PREPARE_FORMS = {review_kinds.LOAN.code: PrepareLoanForm, review_kinds.GUARANTEE.code: PrepareGuaranteeForm}


def _rows(data):
    """Rows of securities as they were typed."""
    text = data.get(f"{ROWS}-TOTAL_FORMS", "")
    count = min(int(text), reviews.MOST_SECURITIES) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return [{name: data.get(f"{ROWS}-{n}-{name}", "") for name in SecurityForm.base_fields} for n in range(count)]
