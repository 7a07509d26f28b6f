"""The secret link by which a borrower sees their own loan, without an account: sent by the staff, one at a time.

Only the digest of its token is kept, so no link is shown twice; a new one closes the one before. Opening it changes
nothing but the time of its last use. Services raise Refused in words for the user, PermissionDenied.
"""

import datetime
import hashlib
import secrets
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import letters
from centrum.intake.letters import LetterKind
from centrum.kit import clock, outbox, parameters
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import queries
from loans.enums import AFTER_PAYOUT
from loans.models import Loan, LoanLink

LETTER, DAYS = "loan_link", "loan-link-days"
FOLDER = Path(__file__).resolve().parent / "data" / "letters"


def register_letter():
    own = ("link", "until", "loan_number", "borrower")
    kind = LetterKind(
        LETTER,
        gettext_lazy("Link to the own loan"),
        own,
        link="",
        numbered=False,
        folder=FOLDER,
        must="link",
        group=gettext_lazy("Loans"),
    )
    letters.register(kind, placeholders={})


# Reads


def addresses(loan):
    """Where a link may go: the addresses of the borrower in their order, then that of the application."""
    application = loan.decision.review.application.email
    return list(dict.fromkeys([*queries.addresses(loan), *([application.lower()] if application else [])]))


def last(loan):
    """The link that was sent last, None where none was."""
    return loan.links.select_related("by").order_by("-pk").first()


def is_open(link):
    return link is not None and link.closed_at is None and link.expires_at > clock.now()


def loan_of(token):
    """The loan that a link opens, None for one that is forged, closed or too old. Its use is noted."""
    found = LoanLink.objects.filter(digest=_digest(token), closed_at=None, expires_at__gt=clock.now())
    link = found.select_related("loan__product", "loan__fund", "loan__organisation").first()
    if link is None:
        return None
    found.update(used_at=clock.now())
    return link.loan


# Services


@transaction.atomic
def send(loan, *, by, email):
    """Send a new link to one of the known addresses, in the language of the application. Returns the LoanLink."""
    require(by, Right.KEEP_LOANS)
    row = _lock(loan)
    if row.state not in AFTER_PAYOUT:
        raise Refused(_("Nothing of this loan is paid out, so there is nothing to see yet."))
    if email not in addresses(row):
        raise Refused({"email": _("Choose one of the addresses in the register or the application.")})
    # the colon marks the segment as a secret for the outbox and the logs
    token, now = f"loan:{secrets.token_urlsafe(32)}", clock.now()
    row.links.filter(closed_at=None).update(closed_at=now)
    link = LoanLink.objects.create(
        loan=row,
        digest=_digest(token),
        email=email,
        by=by,
        at=now,
        expires_at=now + datetime.timedelta(days=parameters.whole(DAYS)),
    )
    values = {
        "link": outbox.link("own-loan:page", token),
        "until": clock.local(link.expires_at).date(),
        "loan_number": row.number,
        "borrower": row.organisation.name,
    }
    letter = letters.compose(LETTER, row.decision.review.application.language, values)
    outbox.write(to=email, subject=letter.subject, body=letter.body, about=row.number)
    return link


@transaction.atomic
def close(loan, *, by):
    """Close the link: the letter went astray, or somebody else reads the mail. Returns whether one was open."""
    require(by, Right.KEEP_LOANS)
    return bool(_lock(loan).links.filter(closed_at=None).update(closed_at=clock.now()))


def _lock(loan):
    rows = Loan.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "person", "decision__review__application").get(pk=loan.pk)


def _digest(token):
    # the token is long and random, so a plain hash cannot be tried out
    return hashlib.sha256(token.encode()).digest()
