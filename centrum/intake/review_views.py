"""The staff's pages on the way to a decision: conflict of interest, checklist, opinions, comparison."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.intake import kinds, matching, review
from centrum.intake.deciding import ask_impartiality, declare_if_asked, opened, show
from centrum.intake.enums import OPEN
from centrum.intake.review_forms import AskOpinionForm, ChecklistForm, ConflictForm, OpinionForm
from centrum.kit.transitions import Stale, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import requires


def _work(request, shown, form, do, done, template, **more):
    """A page with one form: `do(cleaned_data)` and back to the application with the words `done`."""
    user = request.user
    if shown.state not in OPEN or review.has_conflict(shown, user):
        open_ = shown.state in OPEN
        messages.warning(request, review.barred_text() if open_ else what_changed(shown))
        return redirect("inbox:application", shown.public_id)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                do(declare_if_asked(form, shown, user))
        except Stale as error:
            messages.warning(request, " ".join(error.messages))
            return redirect("inbox:application", shown.public_id)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, done)
            return redirect("inbox:application", shown.public_id)
    return render(request, template, {"application": shown, "kind": kinds.of(shown), "form": form, **more})


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request, public_id):
    """Declare a conflict of interest."""
    shown = opened(request, public_id)
    form = ConflictForm(request.POST or None)

    def do(data):
        review.declare(shown, by=request.user, conflict=True, text=data["text"])

    done = _("Your conflict of interest is written down. Somebody else will take care of this application.")
    return _work(request, shown, form, do, done, "intake/declaration.html")


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request, public_id):
    shown = opened(request, public_id)
    kind = kinds.of(shown)
    answers = kind.answers_of(shown) if request.user.has_right(kind.decided_with) else None
    form = ChecklistForm(request.POST or None, points=review.checklist(shown), answers=answers)
    ask_impartiality(form, shown, request.user)

    def do(_data):
        review.save_checklist(shown, by=request.user, answers=form.answers())

    return _work(request, shown, form, do, _("The checklist is saved."), "intake/checklist.html")


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_opinion(request, public_id):
    shown = opened(request, public_id)
    form = AskOpinionForm(request.POST or None, colleagues=review.may_be_asked(shown, request.user))
    ask_impartiality(form, shown, request.user)

    def do(data):
        review.ask_opinion(shown, by=request.user, **data)

    done = _("The question is asked. Your colleague sees it on their day and on this page.")
    return _work(request, shown, form, do, done, "intake/opinion_ask.html")


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, public_id):
    """Give the opinion that was asked of the user."""
    shown = opened(request, public_id)
    asked = review.opinions(shown).filter(of=request.user).last()
    if asked is None:
        raise Http404
    if asked.given_at:
        messages.warning(request, _("You have given this opinion already."))
        return redirect("inbox:application", public_id)
    form = OpinionForm(request.POST or None)
    ask_impartiality(form, shown, request.user)

    def do(data):
        review.give_opinion(asked, by=request.user, **data)

    return _work(request, shown, form, do, _("Your opinion is written down."), "intake/opinion.html", opinion=asked)


@requires(Right.EDIT_CLIENTS)
@require_safe
def match(request, public_id):
    """Whom of the register the application may speak of, without deciding anything."""
    shown = opened(request, public_id)
    context = {"application": shown, "kind": kinds.of(shown), "comparisons": matching.compare(shown, request.user)}
    return render(request, "intake/match.html", context)
