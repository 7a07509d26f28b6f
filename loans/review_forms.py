"""What is typed on the way to a decision on a loan: parsed here, judged by loans/reviews.py."""

from decimal import Decimal

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.intake.review_forms import MatchForm
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.register.forms import SearchField
from loans import committee, reviews, scoring
from loans.enums import Method, ReviewState, SecurityKind, VoteVerdict
from loans.forms import whole_months
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
    """`officers`: who may lead the loan, None where there will be none."""

    decision = forms.IntegerField(widget=forms.HiddenInput)
    officer = forms.ModelChoiceField(label=_("Who leads the loan?"), queryset=None, empty_label=_("– choose –"))

    def __init__(self, *args, officers, **kwargs):
        super().__init__(*args, **kwargs)
        if officers is None:
            del self.fields["officer"]
        else:
            self.fields["officer"].queryset = officers


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


class PrepareForm(MatchForm):
    """The terms of an approval, its securities, and whom of the register it is about.

    With "add" among the data nothing is checked: what was typed comes back with one more row of securities.
    """

    product = forms.ModelChoiceField(label=_("Which loan?"), queryset=None, empty_label=None)
    amount = AmountField(label=_("Amount (PLN)"), min_value=Decimal("0.01"))
    months = whole_months(label=_("For how many months?"), min_value=1, max_value=360)
    grace = whole_months(
        label=_("Grace on principal in months"),
        min_value=0,
        max_value=360,
        help_text=_("These months count in the term."),
    )
    method = forms.ChoiceField(label=_("Kind of instalments"), choices=Method, widget=forms.RadioSelect)
    new_job = forms.BooleanField(label=_("The borrower creates a job and pays the lower rate for it"), required=False)
    fund = forms.ModelChoiceField(label=_("From which fund?"), queryset=Fund.objects.order_by("pk"), empty_label=None)
    conditions = MultilineField(
        label=_("Conditions"),
        required=False,
        help_text=_("What has to be met before the payout. It stands in the letter."),
    )
    reasons = MultilineField(label=_("Reasons"))

    def __init__(self, data=None, *, user, application, review):
        adding = data is not None and "add" in data
        super().__init__(None if adding else data, user=user, application=application)
        self.review, self.opinion = review, committee.opinion_on(review, application)
        asked = application.loan_application
        self.fields["product"].queryset = reviews.products(application)
        if self.fields["fund"].queryset.count() < 2:
            del self.fields["fund"]
        if self.opinion.verdict == VoteVerdict.AGAINST:
            words = _("The committee voted against. Write why you differ from its opinion.")
            self.fields["reasons"].help_text = words
        self.initial |= {name: getattr(asked, name) for name in reviews.TERMS} | {"fund": review.fund}
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


def _rows(data):
    """Rows of securities as they were typed."""
    text = data.get(f"{ROWS}-TOTAL_FORMS", "")
    count = min(int(text), reviews.MOST_SECURITIES) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return [{name: data.get(f"{ROWS}-{n}-{name}", "") for name in SecurityForm.base_fields} for n in range(count)]
