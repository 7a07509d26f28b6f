"""What staff type about partnerships: parsed here, judged by services."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import clock
from centrum.kit.fields import MultilineField, PlainTextField
from centrum.register.enterprise_forms import day
from centrum.register.forms import SearchField
from centrum.register.tie_forms import PickForm
from centrum.reporting.queries import visible_projects
from partners import queries
from partners.enums import MemberRole, PartnershipKind, PartnershipState


def _competence_choices():
    return [("", pgettext_lazy("competence", "any")), *((row.pk, str(row)) for row in queries.competences())]


def _commune_choices():
    return [("", pgettext_lazy("commune", "all")), *queries.communes()]


def narrow():
    return forms.TextInput(attrs={"class": "w4", "inputmode": "decimal", "autocomplete": "off"})


class PartnershipFilter(forms.Form):
    q = SearchField(label=_("Search"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", pgettext_lazy("kind", "all")), *PartnershipKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("partnerships", "all")),
            ("open", pgettext_lazy("partnerships", "not ended")),
            *PartnershipState.choices,
        ],
    )
    competence = forms.ChoiceField(label=_("Competence"), required=False, choices=_competence_choices)
    teryt = forms.ChoiceField(label=_("Commune"), required=False, choices=_commune_choices)


class CompetenceFilter(forms.Form):
    competence = forms.ChoiceField(label=_("Competence"), required=False, choices=_competence_choices)
    teryt = forms.ChoiceField(label=_("Commune"), required=False, choices=_commune_choices)


class PartnershipForm(forms.Form):
    name = PlainTextField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=PartnershipKind, widget=forms.RadioSelect)
    purpose = MultilineField(
        label=_("Purpose"), required=False, help_text=_("What you work on together. It stands on the public page.")
    )
    coordinator = forms.ModelChoiceField(
        label=_("Coordinator of the partnership"), queryset=None, required=False, empty_label=_("– choose –")
    )
    project = forms.ModelChoiceField(
        label=_("EU project"), queryset=None, required=False, empty_label=_("without an EU project")
    )
    founded_on = day(label=_("Founded on"), required=False, help_text=_("Leave empty while it is being formed."))
    public = forms.BooleanField(
        label=_("Show it on the public site"),
        required=False,
        help_text=_("Name, purpose, area and members, once the partners have agreed. Never people."),
    )

    def __init__(self, *args, user, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = queries.coordinators(unit)
        self.fields["project"].queryset = visible_projects(user)


class StepForm(forms.Form):
    """What a move needs besides the click; fields that it does not ask for are taken out."""

    founded_on = day(label=_("Founded on"), help_text=_("The day on which the partners agreed."))
    ended_on = day(label=_("Last day"))
    coordinator = forms.ModelChoiceField(label=_("Coordinator of the partnership"), queryset=None)
    reason = MultilineField(label=_("Reason"))

    def __init__(self, *args, partnership, move, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = queries.coordinators(partnership.unit)
        asked = {*move.needs, *(["reason"] if move.reason else [])}
        for name in set(self.fields) - asked:
            del self.fields[name]
        for name in self.fields:
            self.initial.setdefault(name, getattr(partnership, name, None) or (_today_of(name)))


def _today_of(name):
    return clock.today() if name == "ended_on" else None


class AreaForm(forms.Form):
    """One of the communes and counties `found` by a search."""

    teryt = forms.ChoiceField(label=_("Commune or county"), widget=forms.RadioSelect)

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["teryt"].choices = found

    def clean(self):
        cleaned = super().clean()
        names = dict(self.fields["teryt"].choices)
        return cleaned | {"name": names[cleaned["teryt"]]} if cleaned.get("teryt") in names else cleaned


class _Competences(forms.ModelMultipleChoiceField):
    def __init__(self):
        super().__init__(
            label=_("Competences"),
            queryset=None,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("What the member brings. The administrator keeps the list."),
        )


class MemberForm(PickForm):
    picked, label = "organisation", _("Organisation")
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole, widget=forms.RadioSelect)
    valid_from = day(label=_("Member since"))
    competences = _Competences()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competences"].queryset = queries.competences()


class ChangeMemberForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole, widget=forms.RadioSelect)
    competences = _Competences()

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        brought = [row.pk for row in membership.competences.all()]
        self.fields["competences"].queryset = queries.competences(brought)
        self.initial |= {"role": membership.role, "competences": brought}


class EndMemberForm(forms.Form):
    valid_to = day(label=_("First day after membership"))
    leaving = PlainTextField(label=_("Why it left"), max_length=300, required=False)


class ObjectiveForm(forms.Form):
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=99, widget=narrow())
    text = MultilineField(label=_("Objective"))


class TaskForm(forms.Form):
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=99, widget=narrow())
    text = MultilineField(label=_("Task"))
    responsible = forms.ModelChoiceField(
        label=_("Responsible partner"), queryset=None, required=False, empty_label=_("nobody is named")
    )

    def __init__(self, *args, partnership, task=None, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = task.responsible_id if task else None
        rows = queries.may_answer(partnership, chosen)
        self.fields["responsible"].queryset = rows
        self.fields["responsible"].label_from_instance = lambda member: str(member.organisation)


class MilestoneForm(forms.Form):
    name = PlainTextField(label=_("Indicator or milestone"), max_length=200)
    planned = forms.DecimalField(
        label=_("Planned"),
        localize=True,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        initial=1,
        help_text=_("A milestone is one thing: leave 1."),
        widget=narrow(),
    )
    unit = PlainTextField(label=_("Unit of measure"), max_length=40, required=False)
    planned_on = day(label=_("To be reached by"))


class ReachedForm(forms.Form):
    reached = forms.DecimalField(
        label=_("Reached in all"),
        localize=True,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        widget=narrow(),
    )
    on = day(label=_("As of"))


class RepresentativeForm(PickForm):
    picked, label = "person", _("Person")
    valid_from = day(label=_("Since"))
    signs = forms.BooleanField(label=_("May sign for the member"), required=False)
