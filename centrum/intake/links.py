"""Secret links to one application for one purpose. Only the digest of a token is kept, so no link is shown twice.

Opening one changes nothing: programmes that look into mail open links before people do.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from centrum.intake.enums import LinkPurpose
from centrum.intake.models import AccessLink
from centrum.kit import clock, outbox
from centrum.kit.polish import date_long
from centrum.staff.enums import Right
from centrum.staff.permissions import require

VALID = {
    LinkPurpose.RESUME: timedelta(days=14),
    LinkPurpose.STATUS: timedelta(days=90),
}
_URLS = {
    LinkPurpose.RESUME: "intake:resume",
    LinkPurpose.STATUS: "intake:status-link",
}


def make(application, purpose):
    """A new absolute link, for a letter to the application's address; earlier ones stay valid until they expire."""
    # the colon marks the segment as a secret for the outbox and the logs
    token = f"{purpose}:{secrets.token_urlsafe(32)}"
    now = clock.now()
    AccessLink.objects.create(
        application=application,
        purpose=purpose,
        digest=_digest(token),
        email=application.email,
        created_at=now,
        expires_at=now + VALID[purpose],
    )
    return outbox.link(_URLS[purpose], token)


def until(purpose):
    """The last day of a link made today, in words."""
    return date_long(clock.today() + VALID[purpose])


def application_of(token, purpose):
    """The application that the link opens; None when it is forged, expired, revoked or made for another purpose."""
    link = link_of(token, purpose)
    return link and link.application


def link_of(token, purpose):
    """The open link of this token and purpose, noted as used; None when there is none."""
    link = _open_links(purpose).filter(digest=_digest(token)).select_related("application").first()
    if link is not None:
        AccessLink.objects.filter(pk=link.pk).update(used_at=clock.now())
    return link


@transaction.atomic
def revoke(application, purpose=None):
    """Make the links of one purpose, or all, open nothing more. Browsers that came by them go on."""
    return _open_links(purpose).filter(application=application).update(revoked_at=clock.now())


@transaction.atomic
def close(application, *, by=None):
    """Close every link by hand and turn away whoever came by one: a letter went astray, somebody else reads the mail.

    `by` is the member of staff, None for the applicant.
    """
    if by is not None:
        require(by, Right.EDIT_CLIENTS)
    revoke(application)
    now = clock.now()
    links = AccessLink.objects.filter(application=application, closed_at=None)
    links.filter(revoked_at=None).update(revoked_at=now)  # the expired ones
    return links.update(closed_at=now, closed_by=by)


def lets_in(pk):
    """Whether a browser that came by this link may stay."""
    return AccessLink.objects.filter(pk=pk, closed_at=None).exists()


def state(application):
    """What the office sees: {open: how many links open it now, closed: the last one closed by hand, or None}."""
    closed = AccessLink.objects.filter(application=application, closed_at__isnull=False)
    return {
        "open": _open_links().filter(application=application).count(),
        "closed": closed.select_related("closed_by").order_by("-closed_at").first(),
    }


def _open_links(purpose=None):
    links = AccessLink.objects.filter(revoked_at=None, expires_at__gt=clock.now())
    return links.filter(purpose=purpose) if purpose else links


def _digest(token):
    # the token is long and random, so a plain hash cannot be tried out
    return hashlib.sha256(token.encode()).digest()
