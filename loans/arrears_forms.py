"""What staff type about arrears and decisions on claims: parsed here, judged by loans/arrears.py, loans/measures.py."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock, files
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.kit.polish import date_short
from centrum.register.enterprise_forms import day
from loans import arrears_list, measures
from loans.enums import Ground, MeasureKind, RecoveryStep
from loans.forms import officer_filter


class ArrearsFilter(forms.Form):
    pokaz = forms.ChoiceField(label=_("Show"), required=False, choices=list(arrears_list.SHOWN.items()))
    officer = officer_filter()


class SendForm(forms.Form):
    how = PlainTextField(
        label=_("How it goes"), max_length=200, help_text=_("For example: registered letter and its number.")
    )


class _Decision(forms.Form):
    """What every decision has; the fields of a kind stand before the reasons."""

    reasons = MultilineField(label=_("Reasons"))
    document = forms.FileField(
        label=_("Document"),
        max_length=200,
        help_text=_("On which the decision rests. PDF, JPG, PNG, DOCX, XLSX or ODT, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
    )

    def __init__(self, *args, loan, **kwargs):
        super().__init__(*args, **kwargs)
        own = [name for name in self.fields if name not in ("reasons", "document")]
        self.order_fields([*own, "reasons", "document"])
        if "on" in self.fields:
            self.initial.setdefault("on", clock.today())


class TerminationForm(_Decision):
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices, widget=forms.RadioSelect)
    on = day(
        label=_("Everything is due on"),
        help_text=_("The notice runs from its delivery: leave time for the post."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["on"] = measures.earliest(MeasureKind.TERMINATION)
        self.fields["document"].required = False
        self.fields["document"].help_text = _("What proves the ground, where it is not in the portal.")


class RecoveryForm(_Decision):
    step = forms.ChoiceField(label=_("It begins with"), choices=RecoveryStep.choices, widget=forms.RadioSelect)
    on = day(label=_("Begins on"))


class WriteOffForm(_Decision):
    on = day(label=_("Written off as of"), help_text=_("No earlier than the last payment."))


class ForgivenessForm(_Decision):
    amount = AmountField(label=_("Principal forgiven (PLN)"), min_value=Decimal("0.01"))
    on = day(label=_("Forgiven on"))
    kept = forms.BooleanField(
        label=_("The conditions are kept: the jobs are there, and the document proves it"),
        error_messages={"required": _("Nothing is forgiven unless the conditions are kept.")},
    )


class RestructuringForm(_Decision):
    annex = forms.ModelChoiceField(
        label=_("Annex"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("What is overdue on its day goes into the schedule after it; overdue interest waits apart."),
        error_messages={"required": _("Choose the annex.")},
    )

    def __init__(self, *args, loan, **kwargs):
        super().__init__(*args, loan=loan, **kwargs)
        field = self.fields["annex"]
        field.queryset = measures.annexes_of(loan)
        words = _("Annex %(number)d, from %(day)s, %(state)s")
        field.label_from_instance = lambda row: (
            words
            % {
                "number": row.number,
                "day": date_short(row.valid_from),
                "state": row.get_state_display(),
            }
        )


OF_KIND = {
    MeasureKind.TERMINATION: TerminationForm,
    MeasureKind.RECOVERY: RecoveryForm,
    MeasureKind.RESTRUCTURING: RestructuringForm,
    MeasureKind.WRITE_OFF: WriteOffForm,
    MeasureKind.FORGIVENESS: ForgivenessForm,
}
