"""The secret link of an enrolment: whoever is enrolled sees, changes and cancels it without an account."""

import segno
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, outbox, saving
from centrum.kit.transitions import Refused
from trainings.enums import ENROLLED, EventState
from trainings.models import AccessNeeds, Enrolment

# without a time in it: a code printed once stays the same one
_SIGNER = signing.Signer(salt="trainings.enrolment")


def token(enrolment):
    return _SIGNER.sign_object(str(enrolment.public_id))


def link(enrolment):
    """Absolute address of the own page, for letters and QR codes."""
    return outbox.link("events:own", token(enrolment))


def enrolment_of(text):
    """The enrolment that a link opens, None for a forged one."""
    try:
        public_id = _SIGNER.unsign_object(text)
    except signing.BadSignature:
        return None
    rows = Enrolment.objects.select_related("event__organiser", "group", "commune", "application", "needs")
    return rows.filter(public_id=public_id).first()


def picture(enrolment):
    """QR code to show at the door, SVG that stands in the page: leads the organiser's telephone to the attendance."""
    return segno.make(outbox.link("trainings:door", token(enrolment)), error="m").svg_inline(
        scale=5, border=4, light="#fff", svgclass="qr", lineclass=None
    )


def is_open(enrolment):
    """Whether the person may still change something: enrolled, and the event is neither over nor cancelled."""
    event = enrolment.event
    over = event.state in (EventState.SETTLED, EventState.CANCELLED) or clock.today() > event.ends_on
    return enrolment.state in ENROLLED and not over


@transaction.atomic
def change(enrolment, *, email, phone, needs):
    """Change how the person is reached and what they need (fields of AccessNeeds). Raises Refused."""
    row = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("event").get(pk=enrolment.pk)
    if not is_open(row):
        raise Refused(_("This enrolment can no longer be changed."))
    row.email, row.phone = email.lower(), phone
    saving.save(row)
    AccessNeeds.objects.filter(enrolment=row).delete()
    if any(needs.values()):
        saving.save(AccessNeeds(enrolment=row, **needs))
    return row
