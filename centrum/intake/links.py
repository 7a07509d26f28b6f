"""Secret links to an application, sent by e-mail to the applicant alone."""

from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

from centrum.intake.models import Application
from centrum.kit import outbox

VALID = timedelta(days=14)


def _signer(application):
    # The address is part of the purpose: once the applicant corrects it, links sent to the old one are dead.
    return TimestampSigner(salt=f"intake.resume {application.email}")


def resume(application):
    """Absolute address that opens the application in any browser for 14 days."""
    return outbox.link("intake:resume", _signer(application).sign(application.public_id.hex))


def application_of(token):
    """The application that a link opens; None when the link is forged, too old or made for something else."""
    try:
        application = Application.objects.get(public_id=UUID(hex=token.partition(":")[0]))
        _signer(application).unsign(token, max_age=VALID)
    except (ValueError, Application.DoesNotExist, BadSignature):
        return None
    return application
