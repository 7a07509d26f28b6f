"""At-risk groups of a person: what stands on their page, noting a proof, ending one."""

import datetime

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.kit.clock import today
from centrum.kit.fields import DateField
from centrum.kit.transitions import Refused
from centrum.register import at_risk, queries
from centrum.register.enums import HIDDEN_RISKS, Proof
from centrum.register.models import AtRisk
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

write = require_http_methods(["GET", "HEAD", "POST"])


def _date(label, **kwargs):
    return DateField(label=label, widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}), **kwargs)


class AtRiskForm(forms.Form):
    group = forms.ModelChoiceField(
        label=gettext_lazy("At-risk group"),
        queryset=None,
        empty_label=gettext_lazy("– choose –"),
        help_text=gettext_lazy("Disability, disorders, prison and protection of refugees are kept as sensitive data."),
    )
    proof = forms.ChoiceField(label=gettext_lazy("Proof"), choices=[("", gettext_lazy("– choose –")), *Proof.choices])
    valid_from = _date(gettext_lazy("Date of the proof"))
    last_day = _date(
        gettext_lazy("Last day on which it holds"),
        required=False,
        help_text=gettext_lazy("Leave it empty when the proof has no end."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = at_risk.groups()

    def values(self):
        values = dict(self.cleaned_data)
        last = values.pop("last_day")
        return {**values, "valid_to": last and last + datetime.timedelta(days=1)}


class EndForm(forms.Form):
    on = _date(
        gettext_lazy("First day on which it is gone"),
        help_text=gettext_lazy("If it was noted by mistake, give the date of the proof itself: then it is taken away."),
    )


def panel(user, person):
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    return {
        "person": person,
        "proofs": _told(at_risk.visible_proofs(user, person)),
        "more": at_risk.has_hidden(user, person),
        "may_edit": user.has_right(Right.EDIT_CLIENTS),
    }


def _told(proofs):
    """The proofs with their state of today in a word: `tag`, `word`, and their `last_day`."""
    day = today()
    told = list(proofs)
    for row in told:
        row.last_day = row.valid_to and row.valid_to - datetime.timedelta(days=1)
        row.over = bool(row.valid_to and row.valid_to <= day)
        soon = row.valid_to and row.valid_to <= day + datetime.timedelta(days=at_risk.SOON)
        row.tag = "quiet" if row.over else "wait" if soon else "ok"
        row.word = _("ended") if row.over else _("ends soon") if soon else _("in force")
    return told


@write
@requires(Right.EDIT_CLIENTS)
def note(request, public_id):
    person = get_object_or_404(queries.visible_people(request.user), public_id=public_id)
    form = AtRiskForm(request.POST or None)
    if form.is_valid():
        try:
            made = at_risk.note_at_risk(person, by=request.user, **form.values())
        except Refused as refusal:
            form.add_error(None, _at_fields(refusal))
        else:
            if made.group.category in HIDDEN_RISKS:
                messages.success(request, _("The proof is noted and kept as sensitive data."))
            else:
                messages.success(request, _("The proof is noted."))
            return redirect("register:person", public_id)
    return render(request, "register/at_risk_form.html", {"person": person, "form": form})


def _at_fields(refusal):
    """The form asks for the last day, the service for the first one after it."""
    errors = refusal.message_dict if hasattr(refusal, "error_dict") else {None: refusal.messages}
    return {"last_day" if name == "valid_to" else name: told for name, told in errors.items()}


@never_cache
@write
@requires(Right.EDIT_CLIENTS)
def end(request, public_id, pk):
    """A hidden proof is found by those who may open it, and named to nobody here."""
    person = get_object_or_404(queries.visible_people(request.user), public_id=public_id)
    visible = at_risk.visible_proofs(request.user, person)
    found = AtRisk.objects.filter(person=person) if request.user.has_right(Right.REVEAL_SENSITIVE) else visible
    row = get_object_or_404(found.select_related("group", "person"), pk=pk)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            at_risk.end_at_risk(row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The proof is ended."))
            return redirect("register:person", public_id)
    shown = row if row.group.category not in HIDDEN_RISKS else None
    return render(request, "register/at_risk_end.html", {"person": person, "form": form, "proof": shown})
