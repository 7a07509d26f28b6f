"""What is done with applications. Raises Refused (in words for the user), Stale and PermissionDenied.

The applicant's functions take no `by`: the application itself, opened by its session or its link, is the right.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.intake import attachments, calls, completion, emails, kinds, letters, links, matching, queries, review
from centrum.intake.consents import give_all
from centrum.intake.enums import ApplicationState, LinkPurpose
from centrum.intake.models import Acknowledgement, Application
from centrum.kit import clock
from centrum.kit.numbering import next_number
from centrum.kit.transitions import Refused, move

# The applicant's side


@transaction.atomic
def begin(*, kind, key, language, **answers):
    """Begin a draft, with `answers` that are known beforehand. The same submission key gives the same draft, however
    often and at once it is sent.

    Raises Refused while the kind has calls and none of them is open.
    """
    application = Application.objects.filter(submission_key=key).first()
    if application is None:
        now, call = clock.now(), calls.enter(kind)
        application, _created = Application.objects.get_or_create(
            submission_key=key,
            defaults={"kind": kind.code, "language": language, "call": call, "created_at": now, "saved_at": now},
        )
    kind = kinds.of(application)
    known, made = kind.model.objects.get_or_create(application=application, defaults=answers)
    summary = kind.summary(known)
    if made and any(summary):
        application.applicant, application.place = summary.applicant, summary.place
        application.email = summary.email.lower()
        application.save(update_fields=["applicant", "place", "email"])
    return application


@transaction.atomic
def begin_again(application, *, key, language):
    """Begin a draft with those answers of a sent application that `Kind.again` names. Raises Refused."""
    kind = kinds.of(application)
    answers = kind.answers_of(application)
    return begin(kind=kind, key=key, language=language, **{name: getattr(answers, name) for name in kind.again})


@transaction.atomic
def save_step(application, *, step, data):
    """Write the answers of one page; while it is completed, only those that were asked for.

    Raises Stale once the application is sent, Refused on a page of which nothing was asked and after the last day.
    """
    row = queries.locked(application)
    names = completion.may_change(row, step)
    kind = kinds.of(row)
    answers = kind.answers_of(row)
    step.save(answers, data if names == step.names() else {name: data[name] for name in names})
    summary = kind.summary(answers)
    row.applicant, row.place = summary.applicant, summary.place
    # an address given only for the link stays until the form holds one; lower case, so that it is found again
    _readdress(row, summary.email or row.email)
    row.saved_at = clock.now()
    row.save(update_fields=["applicant", "place", "email", "saved_at"])
    return row


@transaction.atomic
def send_resume_link(application, *, email=""):
    """Mail the link by which the draft is taken up again; `email` is used while the form holds none."""
    row = queries.locked(application)
    completion.must_be_editable(row)
    if not kinds.of(row).summary(kinds.of(row).answers_of(row)).email:
        _readdress(row, email)
        row.save(update_fields=["email"])
    emails.resume_link(row)
    return row


@transaction.atomic
def send_own_links(*, email, language):
    """Mail links to all applications of the address to that address; nothing when there are none."""
    email = email.lower()
    emails.own_links(email, list(queries.own_applications(email)), language)


@transaction.atomic
def submit(application, *, clauses, language, consents=()):
    """Send a draft: number, receipt by mail, which clauses in which version were read, and texts consented to.

    Sent already, it is returned as it is: the first receipt answers every repeat. Raises Refused when an answer
    is missing or has a problem, `clauses` are not those in force, its call is not open at the instant of sending, or
    `Kind.settle` refuses.
    """
    row = queries.locked(application)
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
    changes = {
        "number": next_number(kind.series),
        "language": language,
        "call": row.call or calls.enter(kind),  # a draft from before the first call is sent in the open one
    }
    row = move(row, "submit", by=None, changes=changes)
    calls.must_be_in_time(row)  # by the instant that is written, so that no wait for a lock outlives the call
    Acknowledgement.objects.bulk_create(
        Acknowledgement(application=row, clause=clause, language=language, at=clock.now()) for clause in in_force
    )
    links.revoke(row, LinkPurpose.RESUME)
    give_all(consents, application=row, language=language)
    if kind.settle:
        kind.settle(row)
        return move(row, "settle", by=None)
    emails.received(row)
    return row


@transaction.atomic
def resubmit(application):
    """Send the completed application back to the staff; one sent back already is returned as it is.

    Raises Refused while something asked for is missing, and after the last day.
    """
    row = queries.locked(application)
    if row.state == ApplicationState.VERIFICATION:
        return row
    if row.state == ApplicationState.COMPLETION:
        _must_be_whole(kinds.of(row), kinds.of(row).answers_of(row))
        completion.answer(row)
    row = move(row, "resubmit", by=None)
    links.revoke(row, LinkPurpose.RESUME)
    emails.completed(row)
    return row


@transaction.atomic
def withdraw(application):
    """Withdraw a sent application on which nothing is decided; whatever place it held becomes free."""
    row = move(application, "withdraw", by=None)
    completion.drop(row)
    links.revoke(row, LinkPurpose.RESUME)
    emails.withdrawn(row)
    return row


# The office's side


@transaction.atomic
def take(application, *, by, assignee):
    """Take up an application, or give it to a colleague, whose unit serves it from then on."""
    row = move(application, "take", by=by, changes={"assignee": assignee, "unit": assignee.unit})
    review.must_be_impartial(row, by)
    _must_be_assignable(row, by, assignee)
    return row


@transaction.atomic
def hand_on(application, *, by, assignee):
    """Give an application in verification to a colleague, whose unit serves it from then on."""
    if assignee == application.assignee:
        raise Refused({"assignee": _("It is in these hands already.")})
    row = move(application, "hand_on", by=by, changes={"assignee": assignee, "unit": assignee.unit})
    review.must_be_impartial(row, by)
    _must_be_assignable(row, by, assignee)
    return row


@transaction.atomic
def reserve(application, *, by, reason, letter=None):
    """Put on the reserve list. Raises Refused when the call's reserve list is full."""
    row = move(application, "reserve", by=by, reason=reason)
    kinds.of(row).may_decide(row, "reserve")
    review.must_be_impartial(row, by)
    calls.take_reserve_place(row)
    if letter:
        letters.send(row, letter)
    return row


@transaction.atomic
def reject(application, *, by, reason, letter=None):
    """Reject, for a reason that the applicant may read."""
    changes = {"decided_by": by, "decision_reason": reason.strip()}
    row = move(application, "reject", by=by, reason=reason, changes=changes)
    kinds.of(row).may_decide(row, "reject")
    review.must_be_impartial(row, by)
    completion.drop(row)
    if letter:
        letters.send(row, letter)
    return row


@transaction.atomic
def accept(application, *, by, unit, adviser, letter=None, take=None, **choices):
    """Accept, match to the register and do what acceptance means for the kind (`Kind.accept`), all or nothing.

    `unit` serves the client, `adviser` leads the case. Each of the kind's matches takes its row of the register from
    `choices`, None for a new one; `take`: {match: fields of the row that become what the applicant typed}.
    Raises Refused when the call is full or the checklist not passed.
    """
    changes = {"decided_by": by, "unit": unit, "assignee": adviser}
    row = move(application, "accept", by=by, changes=changes)
    kinds.of(row).may_decide(row, "accept")
    review.must_be_impartial(row, by)
    _must_be_assignable(row, by, adviser, field="adviser")
    review.must_pass_checklist(row)
    calls.take_place(row)
    choices |= matching.write(row, by=by, unit=unit, rows=choices, take=take or {})
    kinds.of(row).accept(row, by=by, unit=unit, adviser=adviser, **choices)
    if letter:
        letters.send(row, letter)
    return row


def _readdress(row, email):
    """Links sent to another address are dead from now on."""
    email = email.lower()
    if email != row.email:
        links.revoke(row)
        row.email = email


def _must_be_whole(kind, answers):
    undone = [step.title for step in kind.undone(answers)]
    undone += [rule.label for rule in attachments.missing(answers.application)]
    if undone:
        pages = ", ".join(str(name) for name in undone)
        raise Refused(_("Complete first: %(pages)s.") % {"pages": pages})
    problems = [str(problem.text) for problem in kind.problems(answers)]
    if problems:
        raise Refused(problems)


def _must_be_assignable(application, by, assignee, field="assignee"):
    if not queries.assignable(by).filter(pk=assignee.pk).exists():
        raise Refused({field: _("Choose somebody who works with clients.")})
    if review.has_conflict(application, assignee):
        raise Refused({field: _("This person has declared a conflict of interest. Choose somebody else.")})
