"""Consents: free, each for one purpose of one controller, withdrawn as easily as given (art. 7 GDPR).

They stand apart from the information clauses and from what we process because the law orders so: giving or
withdrawing one changes nothing there.
"""

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from centrum.intake.models import Application, Consent, ConsentText
from centrum.kit import clock, outbox
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused
from centrum.register.models import Person
from centrum.staff.enums import Right
from centrum.staff.permissions import why_not

_SALT = "intake.consents"

# Reads


def texts():
    """What one may consent to today, in the order of the codes."""
    return ConsentText.objects.filter(in_force()).order_by("code")


def given(holder):
    """Consents of an application or of a person, those in force first, then the newest."""
    return holder.consents.select_related("text", "application", "noted_by", "withdrawn_by").order_by(
        "withdrawn_at", "-given_at", "-id"
    )


def may_note(user):
    """Whether `user` may write down and withdraw consents for people."""
    return user.has_right(Right.EDIT_CLIENTS) or user.has_right(Right.HANDLE_REQUESTS)


def link(holder):
    """Absolute address at which the holder sees and withdraws the consents; it never expires, as the right does not.

    It shows nobody's name and lets nobody do more than withdraw.
    """
    name = "application" if isinstance(holder, Application) else "person"
    return outbox.link("consents:mine", signing.Signer(salt=_SALT).sign_object({name: str(holder.public_id)}))


def holder_of(token):
    """The application or person of a link; None when it is forged or was made for something else."""
    try:
        ((name, public_id),) = signing.Signer(salt=_SALT).unsign_object(token).items()
    except (signing.BadSignature, ValueError):
        return None
    if name == "application":
        return Application.objects.get(public_id=public_id)
    person = Person.objects.get(public_id=public_id)
    while person.merged_into:
        person = person.merged_into
    return person


# Writes


@transaction.atomic
def give(text, *, application=None, person=None, channel="", by=None):
    """Write down a consent that came with an application, or (`channel`, `by`) that a person told the staff.

    One in force already is returned as it is. Raises Refused when the text is no longer (or not yet) used.
    """
    if by is not None:
        _may_note(by)
    if not texts().filter(pk=text.pk).exists():
        raise Refused(_("The text of this consent has changed. Read it again."))
    holder = application or person
    type(holder).objects.select_for_update(of=("self",), no_key=True).get(pk=holder.pk)  # one at a time
    same = holder.consents.filter(text=text, withdrawn_at=None).first()
    return same or Consent.objects.create(
        text=text, application=application, person=person, channel=channel, noted_by=by, given_at=clock.now()
    )


@transaction.atomic
def give_all(chosen, *, language, application=None, person=None, channel="", by=None):
    """Give each of the `chosen` texts and confirm them in one letter, which carries the link to withdraw."""
    made = [give(text, application=application, person=person, channel=channel, by=by) for text in chosen]
    holder = application or person
    if made and holder.email:
        with translation.override(language):
            outbox.post(
                to=holder.email,
                template="mail/intake/consents.txt",
                context={"consents": made, "link": link(holder), "contact": settings.CONTACT},
                about=application.number or "" if application else "",
            )
    return made


@transaction.atomic
def bind(application, person):
    """Let the consents of an accepted application be those of its applicant, now known to the register."""
    application.consents.filter(person=None).update(person=person)


@transaction.atomic
def withdraw(consent, *, by=None):
    """Take a consent back, with every other of the same person for the same purpose; once more: as it is.

    `by=None`: the holder, through the link.
    """
    if by is not None:
        _may_note(by)
    same = Q(pk=consent.pk)
    if consent.person_id:
        same |= Q(person=consent.person_id, text__code=consent.text.code)
    # locked first: of two at once the second then sees what the first has withdrawn
    rows = Consent.objects.filter(same).order_by("pk").select_for_update(of=("self",), no_key=True)
    keys = [row.pk for row in rows]
    Consent.objects.filter(pk__in=keys, withdrawn_at=None).update(withdrawn_at=clock.now(), withdrawn_by=by)
    return Consent.objects.select_related("text").get(pk=consent.pk)


def _may_note(user):
    if not may_note(user):
        raise PermissionDenied(why_not(user, Right.EDIT_CLIENTS))
