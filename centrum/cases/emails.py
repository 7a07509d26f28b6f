"""The mail with the link by which a client confirms a service, and the token in that link."""

from django.conf import settings
from django.core import signing
from django.utils import translation

from centrum.kit import outbox

_SALT = "cases.service.confirm"
LINK_DAYS = 30


def confirmation_token(service, participation):
    """Signed name of one card and of the one person who may confirm it through this link."""
    return signing.dumps({"service": str(service.public_id), "participation": participation.pk}, salt=_SALT)


def read_token(token):
    """Return (public id of the service, pk of the participation).

    Raises signing.SignatureExpired after LINK_DAYS, signing.BadSignature for a forged token.
    """
    data = signing.loads(token, salt=_SALT, max_age=LINK_DAYS * 24 * 3600)
    return data["service"], data["participation"]


def ask_to_confirm(service):
    """Write to everyone who took part and has an address, in the language of their application; returns how many.

    Needs the transaction of what it tells of.
    """
    case = service.case
    recipients = [p for p in service.recipients.select_related("person").order_by("pk") if p.person.email]
    with translation.override(case.application.language if case.application else "pl"):
        for participation in recipients:
            token = confirmation_token(service, participation)
            outbox.post(
                to=participation.person.email,
                template="mail/cases/confirm_service.txt",
                context={
                    "service": service,
                    "person": participation.person,
                    "link": outbox.link("card:confirm", token),
                    "days": LINK_DAYS,
                    "contact": settings.CONTACT,
                },
                about=service.number,
            )
    return len(recipients)
