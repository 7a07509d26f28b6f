"""Consents: the page behind the link in a letter, and what the staff note on a person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.intake import consents
from centrum.intake.forms import NoteConsentsForm, WithdrawForm
from centrum.intake.models import Consent
from centrum.kit.polish import datetime_short
from centrum.kit.transitions import Refused
from centrum.register.queries import visible_people
from centrum.staff.enums import Right
from centrum.staff.permissions import requires, why_not


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request, token):
    """One's own consents, each with a button to withdraw it; to look changes nothing."""
    holder = consents.holder_of(token)
    if holder is None:
        return render(request, "intake/consents_dead_link.html", status=404)
    rows = consents.given(holder)
    if request.method == "POST":
        form = WithdrawForm(request.POST)
        chosen = get_object_or_404(rows, public_id=form.cleaned_data["consent"] if form.is_valid() else None)
        if chosen.withdrawn_at:
            messages.info(
                request,
                _("You withdrew this consent on %(when)s already.") % {"when": datetime_short(chosen.withdrawn_at)},
            )
        else:
            consents.withdraw(chosen)
            messages.success(request, _("You have withdrawn the consent: %(purpose)s.") % _purpose(chosen))
        return redirect("consents:mine", token)
    return render(request, "intake/consents.html", {"consents": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.VIEW_CLIENTS)
def note(request, public_id):
    """Note what a person consented to on paper, by phone or otherwise than by a form."""
    _may_note(request.user)
    person = get_object_or_404(visible_people(request.user), public_id=public_id)
    form = NoteConsentsForm(request.POST if request.method == "POST" else None, texts=consents.texts())
    if request.method == "POST" and form.is_valid():
        try:
            consents.give_all(
                form.chosen(), person=person, channel=form.cleaned_data["channel"], by=request.user, language="pl"
            )
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The consents are noted."))
            return redirect("register:person", public_id)
    return render(request, "intake/consents_note.html", {"person": person, "form": form})


@require_http_methods(["POST"])
@requires(Right.VIEW_CLIENTS)
def withdraw(request, public_id):
    """Withdraw a consent for a person who asked for it."""
    _may_note(request.user)
    chosen = get_object_or_404(Consent, public_id=public_id, person__in=visible_people(request.user))
    consents.withdraw(chosen, by=request.user)
    messages.success(request, _("The consent is withdrawn: %(purpose)s.") % _purpose(chosen))
    return redirect("register:person", chosen.person.public_id)


def _may_note(user):
    if not consents.may_note(user):
        raise PermissionDenied(why_not(user, Right.EDIT_CLIENTS))


def _purpose(consent):
    return {"purpose": consent.text.purpose_shown}
