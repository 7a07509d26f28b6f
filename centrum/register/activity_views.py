"""What an organisation does: its PKD codes, seen on its page and changed on a page of their own."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from centrum.kit.transitions import Refused
from centrum.register import pkd, queries
from centrum.register.enums import PkdVersion
from centrum.staff.enums import Right
from centrum.staff.permissions import requires


class PkdChoice(forms.ModelChoiceField):
    """Codes in a group for each version of the classification; its codes may be typed to be found."""

    def __init__(self):
        super().__init__(queryset=pkd.PkdCode.objects.none(), label=gettext_lazy("PKD code"), empty_label=None)

    def offer(self):
        self.queryset = pkd.codes_to_choose()
        codes = list(self.queryset)
        named = [(version.label, [(c.pk, str(c)) for c in codes if c.version == version]) for version in PkdVersion]
        self.choices = [("", _("– choose –")), *((label, rows) for label, rows in reversed(named) if rows)]


class ActivityForm(forms.Form):
    pkd = PkdChoice()
    main = forms.BooleanField(
        label=gettext_lazy("This is the main activity"),
        required=False,
        help_text=gettext_lazy("One in each version; it takes the place of the one before."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pkd"].offer()


def panel(user, organisation):
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    return {
        "organisation": organisation,
        "activities": pkd.activities_of(organisation),
        "may_edit": user.has_right(Right.EDIT_CLIENTS),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def activities(request, public_id):
    organisation = get_object_or_404(queries.visible_organisations(request.user), public_id=public_id)
    form = ActivityForm(request.POST or None)
    if form.is_valid():
        try:
            pkd.add_activity(organisation, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The activity is noted."))
            return redirect("register:organisation-activities", public_id)
    return render(
        request,
        "register/activities.html",
        {
            "organisation": organisation,
            "form": form,
            "activities": pkd.activities_of(organisation),
            "versions": pkd.versions(),
        },
    )


@require_http_methods(["POST"])
@requires(Right.EDIT_CLIENTS)
def change_activity(request, public_id, pk, change):
    organisation = get_object_or_404(queries.visible_organisations(request.user), public_id=public_id)
    activity = get_object_or_404(organisation.activities, pk=pk)
    try:
        if change == "main":
            pkd.make_main(activity, by=request.user)
            messages.success(request, _("The main activity is set."))
        else:
            pkd.remove_activity(activity, by=request.user)
            messages.success(request, _("The activity is removed."))
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("register:organisation-activities", public_id)
