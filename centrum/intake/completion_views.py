"""Pages of requests for completion: what the applicant meets, and how the staff ask and give more time."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from centrum.intake import completion, kinds, letters, queries
from centrum.intake.deciding import decide
from centrum.intake.enums import ApplicationState
from centrum.kit.fields import DateField
from centrum.kit.polish import date_long
from centrum.kit.transitions import Move
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


EXTEND = Move(
    "extend",
    gettext_lazy("Give more time"),
    (ApplicationState.COMPLETION,),
    ApplicationState.COMPLETION,
    Right.EDIT_CLIENTS,
)


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request, public_id):
    """Give the applicant more time; the letter is the request once more."""

    def make_form(shown, data):
        form = ExtendForm(data, initial={"due_on": completion.default_day()})
        wanted = queries.open_request(shown)
        if wanted:
            form.fields["due_on"].help_text = _("The last day is %(day)s.") % {"day": date_long(wanted.due_on)}
        return form

    def do(shown, letter, due_on):
        return completion.extend(shown, by=request.user, due_on=due_on, letter=letter)

    def draft(shown, data):
        return letters.draft("completion", shown, text=shown.request, due=data["due_on"])

    def said(done):
        day = date_long(queries.open_request(done).due_on)
        return _("The applicant has time until %(day)s.") % {"day": day}

    return decide(request, public_id, EXTEND, make_form, do, draft=draft, said=said)
