"""Files of an application: which are needed, which may be changed now, and how they are added and taken away."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils.translation import gettext as _

from centrum.intake import completion, kinds, queries
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Attachment
from centrum.kit import clock, files
from centrum.kit.transitions import Refused

MOST_OF_A_RULE = 10
MOST_BYTES = 50 * 1024 * 1024  # of an application, so that a stranger can't fill the disk

# Reads


def of(application):
    """Attachments with their files, without the bytes."""
    return application.attachments.select_related("file").defer("file__data").order_by("id")


def rule_of(application, code):
    """The rule of this code; raises Http404."""
    for rule in kinds.of(application).attachments:
        if rule.code == code:
            return rule
    raise Http404


def open_rules(application):
    """Rules whose files the applicant may change: all in a draft, in completion those asked for, else none."""
    rules = kinds.of(application).attachments
    if application.state == ApplicationState.DRAFT:
        return list(rules)
    request = queries.open_request(application) if application.state == ApplicationState.COMPLETION else None
    return [rule for rule in rules if rule.code in request.attachments] if request else []


def missing(application):
    """Rules that want a file and have none: by the answers given so far, and by a request for completion."""
    kind = kinds.of(application)
    if not kind.attachments:
        return []
    answers = kind.answers_of(application)
    there = set(application.attachments.values_list("rule", flat=True))
    asked = open_rules(application) if application.state == ApplicationState.COMPLETION else []
    return [
        rule for rule in kind.attachments if rule.code not in there and (rule in asked or bool(rule.required(answers)))
    ]


def by_rule(application):
    """[{rule, label, files, required}] in the order of the rules, then files of rules that the kind has lost.

    A rule that is not optional stands there while it is needed, was asked for or has files.
    """
    kind = kinds.of(application)
    answers = kind.answers_of(application)
    asked = open_rules(application) if application.state == ApplicationState.COMPLETION else []
    found = {}
    for attachment in of(application):
        found.setdefault(attachment.rule, []).append(attachment)
    rows = [
        {"rule": r, "label": r.label, "files": found.pop(r.code, []), "required": bool(r.required(answers))}
        for r in kind.attachments
    ]
    rows = [row for row in rows if row["rule"].optional or row["required"] or row["files"] or row["rule"] in asked]
    return rows + [{"rule": None, "label": code, "files": kept, "required": False} for code, kept in found.items()]


# Writes


@transaction.atomic
def add(application, *, rule, uploads):
    """Keep the files under a rule, all or none. A rule for one file gets the new one instead of the old.

    Raises Stale once the application is sent, Refused when the rule may not be changed or has no more room, and
    ValidationError of what is wrong with a file.
    """
    row = _editable(application, rule)
    if not rule.many:
        if len(uploads) > 1:
            raise Refused(_("Choose one file."))
        for attachment in row.attachments.filter(rule=rule.code):
            _delete(attachment)
    if row.attachments.filter(rule=rule.code).count() + len(uploads) > MOST_OF_A_RULE:
        raise Refused(_("Here is room for %(count)d files. Remove one first.") % {"count": MOST_OF_A_RULE})
    for upload in uploads:
        try:
            stored = files.store(upload)
        except ValidationError as error:
            if len(uploads) == 1:
                raise
            name = files.clean_name(upload.name or "", "").rstrip(".")
            raise ValidationError([f"{name}: {message}" for message in error.messages]) from error
        Attachment.objects.create(application=row, rule=rule.code, file=stored, added_at=clock.now())
    total = row.attachments.aggregate(total=Sum("file__size"))["total"]
    if total > MOST_BYTES:
        raise Refused(_("The files of this application are larger than 50 MB together. Send smaller ones."))
    return _touched(row)


@transaction.atomic
def remove(attachment):
    """Take a file away while the applicant may change it. Raises Stale, Refused."""
    row = _editable(attachment.application, rule_of(attachment.application, attachment.rule))
    _delete(attachment)
    return _touched(row)


def _editable(application, rule):
    row = queries.locked(application)
    completion.must_be_editable(row)
    if rule not in open_rules(row):
        raise Refused(_("We did not ask you to change these files."))
    return row


def _touched(row):
    row.saved_at = clock.now()
    row.save(update_fields=["saved_at"])
    return row


def _delete(attachment):
    file = attachment.file
    attachment.delete()
    file.delete()
