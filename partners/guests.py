"""A partner's representative from outside sees one partnership by a link in a letter, without an account."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from centrum.kit import outbox
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused
from partners.models import Representative
from partners.services import lock_kept

_SALT = "partners.guest"
LINK_DAYS = 90


def token(representative):
    return signing.dumps(representative.pk, salt=_SALT)


def representative_of(text):
    """The representative whose link this is; None when it is forged, older than LINK_DAYS, or the power has ended."""
    try:
        pk = signing.loads(text, salt=_SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:  # an expired one too
        return None
    rows = Representative.objects.filter(in_force(), in_force(prefix="membership__"), pk=pk)
    return rows.select_related("person", "membership__organisation", "membership__partnership").first()


@transaction.atomic
def send_link(representative, *, by):
    """Write to the representative with a link to their partnership."""
    lock_kept(representative.membership.partnership, by)
    if not Representative.objects.filter(in_force(), in_force(prefix="membership__"), pk=representative.pk).exists():
        raise Refused(_("This person does not represent the member today."))
    if not representative.person.email:
        raise Refused(_("This person has no e-mail address in the register."))
    context = {
        "partnership": representative.membership.partnership,
        "link": outbox.link("partnerships:guest", token(representative)),
        "days": LINK_DAYS,
        "contact": settings.CONTACT,
    }
    with translation.override("pl"):
        outbox.post(to=representative.person.email, template="mail/partners/guest.txt", context=context)
    return representative
