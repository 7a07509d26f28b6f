"""The secret link of an enrolment: whoever is enrolled sees, changes and cancels it without an account."""

from django.core import signing

from centrum.kit import outbox
from trainings.models import Enrolment

_SALT = "trainings.enrolment"


def token(enrolment):
    return signing.dumps(str(enrolment.public_id), salt=_SALT)


def link(enrolment):
    """Absolute address of the own page, for letters and QR codes."""
    return outbox.link("events:own", token(enrolment))


def enrolment_of(text):
    """The enrolment that a link opens, None for a forged one."""
    try:
        public_id = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    rows = Enrolment.objects.select_related("event__organiser", "group", "commune", "application")
    return rows.filter(public_id=public_id).first()
