"""Requests for completion (wezwania do uzupełnienia): the applicant changes what was asked for, until a day."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from centrum.intake import kinds, letters, queries, review
from centrum.intake.enums import EDITABLE, ApplicationState
from centrum.intake.models import CompletionRequest
from centrum.kit import clock, parameters
from centrum.kit.polish import date_long, file_size
from centrum.kit.transitions import Refused, Stale, move
from centrum.staff.enums import Right
from centrum.staff.permissions import require

# Reads


def default_day():
    """The last day that is offered: `completion-days` from today."""
    return clock.today() + datetime.timedelta(days=parameters.whole("completion-days"))


def is_late(application):
    """Whether the applicant may no longer answer the request, its last day being over in Warsaw."""
    if application.state != ApplicationState.COMPLETION:
        return False
    request = queries.open_request(application)
    return request is not None and request.is_late


def asked_of(step, request):
    """What `request` asks for on a page: names, in the order of the page."""
    return [name for name in step.names() if name in request.fields]


def names_of(step, answers):
    """[(name, label)] of what may be asked for on a page; a table is one, under its title."""
    labels = {name: label for name, label, _value in step.rows(answers)}
    return [(name, step.title if name == step.slug else labels[name]) for name in step.names()]


def labels_of(request):
    """[(key, label)] of what was asked: answers in the order of the form, then attachments."""
    kind = kinds.of(request.application)
    answers = kind.answers_of(request.application)
    labels = {}
    for step in kind.steps:
        asked = set(asked_of(step, request))
        labels |= {name: label for name, label in names_of(step, answers) if name in asked}
    for rule in kind.attachments:
        if rule.code in request.attachments:
            labels[_key(rule.code)] = rule.label
    return list(labels.items())


def differences(request):
    """[{label, before, after, changed}] of what was asked; `after` is what stands there now while it is open."""
    after = request.after or words(request.application, request)
    return [
        {
            "key": key,
            "label": label,
            "before": request.before.get(key, ""),
            "after": after.get(key, ""),
            "changed": request.before.get(key, "") != after.get(key, ""),
        }
        for key, label in labels_of(request)
    ]


def steps_of(application):
    """{slug: whether anything was changed there} of the pages of which something is asked; None of a draft."""
    if application.state != ApplicationState.COMPLETION:
        return None
    request = queries.open_request(application)
    if request is None:
        return {}
    changed = {row["key"] for row in differences(request) if row["changed"]}
    pages = {step.slug: asked_of(step, request) for step in kinds.of(application).steps}
    return {slug: not changed.isdisjoint(names) for slug, names in pages.items() if names}


def files_changed(application):
    """Whether any file was changed since files were asked for; None of a draft."""
    request = queries.open_request(application) if application.state == ApplicationState.COMPLETION else None
    if request is None:
        return None
    keys = {_key(code) for code in request.attachments}
    return any(row["changed"] for row in differences(request) if row["key"] in keys)


def words(application, request):
    """{key: answer in words of the office's language} of what `request` asks for."""
    kind = kinds.of(application)
    answers = kind.answers_of(application)
    found = {}
    with translation.override(settings.LANGUAGE_CODE):
        for step in kind.steps:
            asked = set(asked_of(step, request))
            for name, _label, value in step.rows(answers):
                if name in asked:  # a table has a row of its own for each of its rows
                    found[name] = "\n".join(filter(None, (found.get(name), str(value or ""))))
    files = application.attachments.filter(rule__in=request.attachments).order_by("id")
    for code in request.attachments:
        found[_key(code)] = ""
    for rule, name, size in files.values_list("rule", "file__name", "file__size"):
        found[_key(rule)] = "\n".join(filter(None, (found[_key(rule)], f"{name}, {file_size(size)}")))
    return found


def _key(code):
    return f"file:{code}"  # an answer and a file may have one name


# The office's side


@transaction.atomic
def ask(application, *, by, text, fields, attachments=(), due_on=None, letter=None):
    """Ask the applicant to complete `fields` (names of the form) and `attachments` (codes of rules) until a day.

    Without `due_on` it is `completion-days` from today. The link of the letter lets the applicant change just
    that. Raises Refused.
    """
    row = move(application, "ask", by=by, reason=text, changes={"request": text.strip()})
    review.must_be_impartial(row, by)
    kind = kinds.of(row)
    names = [name for step in kind.steps for name in step.names() if name in fields]
    codes = [rule.code for rule in kind.attachments if rule.code in attachments]
    if not names and not codes:
        raise Refused(_("Tick what the applicant is to complete."))
    due_on = due_on or default_day()
    if due_on < clock.today():
        raise Refused({"due_on": _("Choose today or a later day.")})
    request = CompletionRequest(
        application=row,
        text=text.strip(),
        fields=names,
        attachments=codes,
        due_on=due_on,
        asked_by=by,
        asked_at=clock.now(),
    )
    request.before = words(row, request)
    request.save()
    if letter:
        letters.send(row, letter)
    return row


@transaction.atomic
def extend(application, *, by, due_on, letter=None):
    """Give the applicant more time: a later last day. `letter`: the request once more, with a fresh link.

    Raises Refused, Stale, PermissionDenied.
    """
    require(by, Right.EDIT_CLIENTS)
    row = queries.locked(application)
    review.must_be_impartial(row, by)
    request = queries.open_request(row)
    if request is None:
        raise Stale(_("Nothing is to be completed in this application any more."))
    if due_on <= request.due_on or due_on < clock.today():
        raise Refused(
            {"due_on": _("Choose a day after %(day)s that is not over.") % {"day": date_long(request.due_on)}}
        )
    request.due_on = due_on
    request.save(update_fields=["due_on"])
    if letter:
        letters.send(row, letter)
    return row


# What the services of applications ask of requests, inside their transactions


def must_be_editable(row):
    """Raise Stale unless the applicant may change something of `row`, Refused when the last day is over."""
    if row.state not in EDITABLE:
        raise Stale(_("You have sent this application already, so it can no longer be changed."))
    if is_late(row):
        raise Refused(_("The time for completing the application is over. Call us."))


def may_change(row, step):
    """Names of `step` that the applicant may change: all in a draft, in completion those asked for.

    Raises Stale, Refused.
    """
    must_be_editable(row)
    if row.state == ApplicationState.DRAFT:
        return step.names()
    request = queries.open_request(row)
    names = asked_of(step, request) if request else []
    if not names:
        raise Refused(_("We did not ask you to change this page."))
    return names


def answer(row):
    """Close the request of `row` as answered, with what stands there now. Raises Refused."""
    request = queries.open_request(row)
    if request is None:
        return
    must_be_editable(row)
    after = words(row, request)
    if any(not after[_key(code)] for code in request.attachments):
        raise Refused(_("Add the files that we asked for."))
    request.answered_at, request.after = clock.now(), after
    request.save(update_fields=["answered_at", "after"])


def drop(row):
    """Close the request of `row`, if there is one, without an answer: it has been decided or withdrawn."""
    request = queries.open_request(row)
    if request is not None:
        request.dropped_at = clock.now()
        request.save(update_fields=["dropped_at"])
