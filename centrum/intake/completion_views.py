"""Pages of requests for completion: what the applicant meets, and how the staff ask and give more time."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from centrum.intake import completion, deciding, kinds, queries
from centrum.kit.fields import DateField
from centrum.kit.polish import date_long
from centrum.staff.enums import Right
from centrum.staff.permissions import requires


def late(request, application):
    """Instead of a page of the form: the last day is over, and whom to call."""
    context = {
        "application": application,
        "kind": kinds.of(application),
        "wanted": queries.open_request(application),
    }
    return render(request, "intake/completion_late.html", context)


def keep_to_request(application, step, form):
    """Leave in the form of a page only what was asked for.

    Returns the other answers as [{label, value}] to be read; None when nothing of the page was asked for.
    """
    wanted = queries.open_request(application)
    names = completion.asked_of(step, wanted) if wanted else []
    if not names:
        return None
    if names == step.names():
        return []
    for name in [name for name in form.fields if name not in names]:
        del form.fields[name]
    answers = kinds.of(application).answers_of(application)
    return [{"label": label, "value": value} for name, label, value in step.rows(answers) if name not in names]


class ExtendForm(forms.Form):
    due_on = DateField(
        label=gettext_lazy("New last day"),
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}),
    )
    mail = forms.BooleanField(
        label=gettext_lazy("Tell the applicant by e-mail, with a fresh link"), required=False, initial=True
    )


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request, public_id):
    """Give the applicant more time."""
    shown = deciding.opened(request, public_id)
    wanted = queries.open_request(shown)
    if wanted is None:
        messages.warning(request, _("Nothing is to be completed in this application any more."))
        return redirect("inbox:application", public_id)
    form = ExtendForm(request.POST or None, initial={"due_on": completion.default_day()})
    deciding.ask_impartiality(form, shown, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            data = deciding.declare_if_asked(form, shown, request.user)
            completion.extend(shown, by=request.user, **data)
        except ValidationError as error:
            deciding.show(form, error)
        else:
            messages.success(request, _("The applicant has time until %(day)s.") % {"day": date_long(data["due_on"])})
            return redirect("inbox:application", public_id)
    context = {"application": shown, "wanted": wanted, "form": form}
    return render(request, "intake/extend.html", context)
