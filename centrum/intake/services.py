"""What is done with applications. Raises Refused (in words for the user), Stale and PermissionDenied.

The applicant's functions take no `by`: the application itself, opened by its session or its link, is the right.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.intake import emails, kinds, queries
from centrum.intake.enums import EDITABLE, ApplicationState
from centrum.intake.models import Acknowledgement, Application
from centrum.kit import clock
from centrum.kit.numbering import next_number
from centrum.kit.transitions import Refused, Stale, move

# The applicant's side


@transaction.atomic
def begin(*, kind, key, language):
    """Begin a draft. The same submission key gives the same draft, however often and at once it is sent."""
    now = clock.now()
    application, _created = Application.objects.get_or_create(
        submission_key=key,
        defaults={"kind": kind.code, "language": language, "created_at": now, "saved_at": now},
    )
    kinds.of(application).model.objects.get_or_create(application=application)
    return application


@transaction.atomic
def save_step(application, *, step, data):
    """Write the answers of one page. Raises Stale once the application is sent."""
    row = _lock(application)
    _must_be_editable(row)
    kind = kinds.of(row)
    answers = kind.answers_of(row)
    for name in step.form.base_fields:
        setattr(answers, name, data[name])
    if answers.complete and not step.is_done(answers):
        raise Refused(_("Answer every question of this page: the application has been sent once already."))
    answers.save(update_fields=list(step.form.base_fields))
    summary = kind.summary(answers)
    row.applicant, row.place = summary.applicant, summary.place
    # an address given only for the link stays until the form holds one; lower case, so that it is found again
    row.email = (summary.email or row.email).lower()
    row.saved_at = clock.now()
    row.save(update_fields=["applicant", "place", "email", "saved_at"])
    return row


@transaction.atomic
def send_resume_link(application, *, email=""):
    """Mail the link by which the draft is taken up again; `email` is used while the form holds none."""
    row = _lock(application)
    _must_be_editable(row)
    if not kinds.of(row).summary(kinds.of(row).answers_of(row)).email:
        row.email = email.lower()
        row.save(update_fields=["email"])
    emails.resume_link(row)
    return row


@transaction.atomic
def send_own_links(*, email, language):
    """Mail links to all applications of the address to that address; nothing when there are none."""
    email = email.lower()
    emails.own_links(email, list(queries.own_applications(email)), language)


@transaction.atomic
def submit(application, *, clauses, language):
    """Send a draft: number, receipt by mail, and which clauses in which version were read.

    Sent already, it is returned as it is: the first receipt answers every repeat. Raises Refused when an answer
    is missing or `clauses` are not those in force.
    """
    row = _lock(application)
    if row.state != ApplicationState.DRAFT:
        return row
    kind = kinds.of(row)
    answers = kind.answers_of(row)
    _must_be_whole(kind, answers)
    in_force = list(queries.current_clauses())
    if not in_force:
        raise Refused(_("The information clauses are being changed. Send the application later or call us."))
    if {clause.pk for clause in clauses} != {clause.pk for clause in in_force}:
        raise Refused(_("The information on data protection has changed. Read it again."))
    answers.complete = True
    answers.save(update_fields=["complete"])
    row = move(row, "submit", by=None, changes={"number": next_number(kind.series), "language": language})
    Acknowledgement.objects.bulk_create(
        Acknowledgement(application=row, clause=clause, language=language, at=clock.now()) for clause in in_force
    )
    emails.received(row)
    return row


@transaction.atomic
def resubmit(application):
    """Send the completed application back to the staff; one sent back already is returned as it is."""
    row = _lock(application)
    if row.state == ApplicationState.VERIFICATION:
        return row
    _must_be_whole(kinds.of(row), kinds.of(row).answers_of(row))
    row = move(row, "resubmit", by=None)
    emails.completed(row)
    return row


# The office's side


@transaction.atomic
def take(application, *, by, assignee):
    """Take up an application, or give it to a colleague, whose unit serves it from then on."""
    _must_be_assignable(by, assignee)
    return move(application, "take", by=by, changes={"assignee": assignee, "unit": assignee.unit})


@transaction.atomic
def ask(application, *, by, text, mail=True):
    """Ask the applicant to complete something: the text goes to them with a link that lets them edit again."""
    row = move(application, "ask", by=by, reason=text, changes={"request": text.strip()})
    if mail:
        emails.completion(row)
    return row


@transaction.atomic
def reserve(application, *, by, reason, mail=True):
    """Put on the reserve list."""
    row = move(application, "reserve", by=by, reason=reason)
    if mail:
        emails.reserved(row, reason.strip())
    return row


@transaction.atomic
def reject(application, *, by, reason, mail=True):
    """Reject for good; the applicant is told the reason."""
    changes = {"decided_by": by, "decision_reason": reason.strip()}
    row = move(application, "reject", by=by, reason=reason, changes=changes)
    if mail:
        emails.rejected(row)
    return row


@transaction.atomic
def accept(application, *, by, unit, adviser, mail=True, **choices):
    """Accept, and do what acceptance means for the kind (`Kind.accept`), all or nothing.

    `unit` serves the client, `adviser` is the person whom the letter names.
    """
    changes = {"decided_by": by, "unit": unit, "assignee": adviser}
    row = move(application, "accept", by=by, changes=changes)
    kinds.of(row).accept(row, by=by, unit=unit, adviser=adviser, **choices)
    if mail:
        emails.accepted(row, adviser)
    return row


def _lock(application):
    return Application.objects.select_for_update(of=("self",), no_key=True).get(pk=application.pk)


def _must_be_editable(row):
    if row.state not in EDITABLE:
        raise Stale(_("You have sent this application already, so it can no longer be changed."))


def _must_be_whole(kind, answers):
    undone = kind.undone(answers)
    if undone:
        pages = ", ".join(str(step.title) for step in undone)
        raise Refused(_("Complete first: %(pages)s.") % {"pages": pages})


def _must_be_assignable(by, assignee):
    if not queries.assignable(by).filter(pk=assignee.pk).exists():
        raise Refused({"assignee": _("Choose somebody who works with clients.")})
