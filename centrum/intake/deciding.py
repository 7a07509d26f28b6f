"""The pages of one step on an application: its form, then the letter as it will go out, then the doing.

Nothing is kept between the two pages: the second carries the answers of the first. Before the letter is shown the
step is rehearsed and undone, so that whatever the services refuse is told while the form is still at hand.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from centrum.intake import kinds, queries, review
from centrum.intake.enums import CheckVerdict
from centrum.intake.review_forms import LetterForm
from centrum.kit import transitions
from centrum.staff.permissions import require

# steps that follow from those of a wing, where the kind says so (`Kind.decided_at`)
WING_DECIDES = frozenset({"accept", "reserve", "reject"})


def opened(request, public_id):
    """The application of the address, as far as the user sees it; raises Http404."""
    rows = queries.visible_applications(request.user).select_related("assignee", "unit", "decided_by", "call")
    return get_object_or_404(rows, public_id=public_id)


def _new_state(done):
    return _("%(number)s: the state is now “%(state)s”.") % {"number": done.number, "state": done.get_state_display()}


def decide(request, public_id, action, make_form, do, *, draft=None, template="intake/decide.html", said=_new_state):
    """One step: the name of one in the table of moves, or a Move of its own that leaves the state as it is.

    `make_form(application, data)` asks what it needs, `draft(application, cleaned_data)` writes its letter (None:
    there is none), `do(application, letter, **cleaned_data)` does it, `said(application)` tells of it afterwards.
    When somebody was quicker, the fresh application is shown with a message of what they did.
    """
    shown = opened(request, public_id)
    move = action if isinstance(action, transitions.Move) else transitions.find(shown.MOVES, action)
    require(request.user, move.right)
    if kinds.of(shown).decided_at and move.action in WING_DECIDES:
        return redirect(kinds.of(shown).decided_at, public_id)
    if shown.state not in move.sources:
        return _back(request, shown, transitions.what_changed(shown))
    if review.has_conflict(shown, request.user):
        return _back(request, shown, review.barred_text())
    form = make_form(shown, request.POST or None)
    ask_impartiality(form, shown, request.user)
    context = {"application": shown, "kind": kinds.of(shown), "move": move, "form": form, "letter_follows": bool(draft)}
    points = review.checklist(shown)
    passed = all(point.answer and point.answer.verdict != CheckVerdict.NO for point in points)
    context |= {"opinions": review.opinions(shown), "points": points, "passed": passed and _("every point is met")}
    if request.method != "POST" or "back" in request.POST or not form.is_valid():
        return render(request, template, context)
    written = draft(shown, form.cleaned_data) if draft else None
    confirming = draft is None or "confirm" in request.POST
    if draft and confirming and request.POST.get("seen") != queries.version_of(shown):
        return _back(request, shown, transitions.what_changed(shown))
    letter_form = LetterForm(request.POST if draft and confirming else None, written=written) if draft else None
    if confirming and (letter_form is None or letter_form.is_valid()):
        try:
            done = _run(request.user, shown, form, do, letter_form and letter_form.letter())
        except transitions.Stale as error:
            return _back(request, shown, " ".join(error.messages))
        except ValidationError as error:
            show(form, error)
            return render(request, template, context)
        messages.success(request, said(done))
        return redirect("inbox:application", public_id)
    try:
        _run(request.user, shown, form, do, None, keep=False)
    except transitions.Stale as error:
        return _back(request, shown, " ".join(error.messages))
    except ValidationError as error:
        show(form, error)
        return render(request, template, context)
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "confirm", "seen") and not name.startswith("letter-")
        for value in values
    ]
    context |= {"form": letter_form, "carried": carried, "seen": queries.version_of(shown)}
    return render(request, "intake/letter.html", context)


def ask_impartiality(form, application, user):
    """Add the declaration to the first form of somebody who has made none; it is never ticked beforehand."""
    if not review.has_declared(application, user):
        form.fields["impartial"] = forms.BooleanField(
            label=_("I declare that nothing ties me to the applicant"),
            error_messages={"required": _("Declare it, or tell of a conflict of interest.")},
        )


def declare_if_asked(form, application, user):
    """Take the declaration of `ask_impartiality` out of the cleaned data and make it."""
    data = dict(form.cleaned_data)
    if data.pop("impartial", False):
        review.declare(application, by=user, conflict=False)
    return data


@transaction.atomic
def _run(user, application, form, do, letter, *, keep=True):
    done = do(application, letter, **declare_if_asked(form, application, user))
    transaction.set_rollback(not keep)
    return done


def _back(request, application, text):
    messages.warning(request, text)
    return redirect("inbox:application", application.public_id)


def show(form, error):
    """Put a refusal of a service at its field, where the form has it, else above the form."""
    for name, texts in getattr(error, "message_dict", {None: error.messages}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
