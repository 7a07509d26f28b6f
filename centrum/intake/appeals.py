"""Appeals (odwołania) from a rejection: once per rejection, decided by another person than the one who rejected."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.intake import emails, letters, queries, review
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Appeal
from centrum.kit import clock, parameters
from centrum.kit.polish import date_long
from centrum.kit.transitions import Refused, Stale, move, what_changed


def last_day(application):
    """The last day for an appeal from the rejection of an application."""
    return last_day_after(clock.local(application.decided_at).date())


def last_day_after(decided_on):
    """The last day for an appeal: `appeal-days` after the day of the decision, by the number then in force."""
    return decided_on + datetime.timedelta(days=parameters.whole("appeal-days", decided_on))


def is_open_to(application):
    """Whether the applicant may appeal today."""
    return (
        application.state == ApplicationState.REJECTED
        and clock.today() <= last_day(application)
        and not _dismissed(application)
    )


@transaction.atomic
def submit(application, *, text):
    """Appeal. Raises Refused after the last day, without reasons, and from a rejection that an appeal has confirmed."""
    row = queries.locked(application)
    if row.state != ApplicationState.REJECTED:
        raise Stale(what_changed(row))
    if _dismissed(row):
        raise Refused(_("We have decided on your appeal already, and that decision is final."))
    if clock.today() > last_day(row):
        raise Refused(_("The time for an appeal ended on %(day)s.") % {"day": date_long(last_day(row))})
    if not text.strip():
        raise Refused({"text": _("Write why you do not agree.")})
    Appeal.objects.create(application=row, text=text.strip(), against=row.decided_by, submitted_at=clock.now())
    row = move(row, "appeal", by=None)
    emails.appealed(row)
    return row


@transaction.atomic
def uphold(application, *, by, reason, letter=None):
    """Uphold the appeal: the rejection is undone and the application verified anew."""
    changes = {"decided_by": None, "decided_at": None, "decision_reason": ""}
    row = move(application, "uphold", by=by, reason=reason, changes=changes)
    _decide(row, by=by, upheld=True, reason=reason)
    if letter:
        letters.send(row, letter)
    return row


@transaction.atomic
def dismiss(application, *, by, reason, letter=None):
    """Dismiss the appeal: the application stays rejected, now by `by` and for this reason, and that is final."""
    changes = {"decided_by": by, "decision_reason": reason.strip()}
    row = move(application, "dismiss", by=by, reason=reason, changes=changes)
    _decide(row, by=by, upheld=False, reason=reason)
    if letter:
        letters.send(row, letter)
    return row


def _decide(row, *, by, upheld, reason):
    review.must_be_impartial(row, by)
    appeal = row.appeals.get(decided_at=None)
    if appeal.against == by:
        raise Refused(_("You rejected this application, so somebody else decides on the appeal."))
    appeal.upheld, appeal.reason = upheld, reason.strip()
    appeal.decided_by, appeal.decided_at = by, clock.now()
    appeal.save(update_fields=["upheld", "reason", "decided_by", "decided_at"])


def _dismissed(application):
    # an upheld appeal undoes its rejection; the next rejection may be appealed from again
    return application.appeals.filter(upheld=False).exists()
