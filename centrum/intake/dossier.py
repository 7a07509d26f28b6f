"""What intake holds on a person, for the dossier: applications with all that came with them, and consents."""

from collections import defaultdict

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import consents, kinds
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Application
from centrum.kit.dossier import coded, facts, plain
from centrum.kit.models import StateChange
from centrum.kit.registry import DossierSection
from centrum.register.dossier import emails_of

# Told with each application: the name under which the rows hang on it, their heading, what to read with them.
_PARTS = (
    ("acknowledgements", gettext_lazy("Information clauses read"), ("clause",)),
    ("completion_requests", gettext_lazy("Requests for completion"), ("asked_by",)),
    ("check_answers", gettext_lazy("Formal checklist"), ("by",)),
    ("opinions", gettext_lazy("Opinions"), ("asked_by", "of")),
    ("appeals", gettext_lazy("Appeals"), ("against", "decided_by")),
)


def told(applications):
    """Rows of the dossier for a queryset of applications of one person; the number of queries does not grow."""
    rows = list(applications.select_related("assignee", "unit", "call", "decided_by").order_by("pk"))
    keys = [row.pk for row in rows]
    answers = {}
    for kind in kinds.every():
        parents = [f.name for f in kind.model._meta.concrete_fields if f.is_relation and not f.primary_key]
        for found in kind.model.objects.filter(pk__in=keys).select_related(*parents):
            answers[found.pk] = facts(found, "complete")
    attachments = _grouped(Application.attachments, keys, "added_by", "file__created_by", defer="file__data")
    parts = [(name, heading, _grouped(getattr(Application, name), keys, *more)) for name, heading, more in _PARTS]
    changes = defaultdict(list)
    noun = Application._meta.label_lower
    for change in StateChange.objects.filter(noun=noun, object_id__in=keys).select_related("by").order_by("pk"):
        changes[change.object_id].append(_change(change))
    return [
        facts(row, "kind")
        | {
            _("Kind of application"): coded(row.kind, kinds.of(row).label),
            _("Answers"): answers[row.pk],
            _("Attachments"): [_attachment(row, attachment) for attachment in attachments[row.pk]],
        }
        | {str(heading): [facts(part, "application") for part in found[row.pk]] for _name, heading, found in parts}
        | {_("Course"): changes[row.pk]}
        for row in rows
    ]


def _grouped(relation, keys, *parents, defer=None):
    """{application: its rows of a reverse relation}, read at once."""
    model = relation.rel.related_model
    rows = model.objects.filter(application__in=keys).select_related(*parents).order_by("pk")
    grouped = defaultdict(list)
    for row in rows.defer(defer) if defer else rows:
        grouped[row.application_id].append(row)
    return grouped


def _attachment(application, attachment):
    labels = {rule.code: str(rule.label) for rule in kinds.of(application).attachments}
    return facts(attachment, "application", "rule", "file") | {
        _("Kind of attachment"): coded(attachment.rule, labels.get(attachment.rule, attachment.rule)),
        _("File name"): attachment.file.name,
        _("Size in bytes"): attachment.file.size,
        "SHA-256": attachment.file.sha256,
    }


def _change(change):
    return {
        _("State"): coded(change.target, ApplicationState(change.target).label),
        _("When"): plain(change.at),
        _("By whom"): str(change.by) if change.by else _("the applicant"),
        _("Reason"): plain(change.reason),
    }


def _sent_from_their_address(person):
    """Applications that nobody has accepted; those accepted are told by the room that accepted them.

    An address may be shared: answers are told where the applicant has the name of the person.
    """
    rows = Application.objects.filter(email__in=emails_of(person)).exclude(state=ApplicationState.ACCEPTED)
    own, others = [], []
    for row in told(rows):
        values = {value.casefold() for value in row[_("Answers")].values() if isinstance(value, str)}
        named = {person.first_name.casefold(), person.last_name.casefold()} <= values
        (own if named else others).append(row)
    kept = ("number", "kind", "state", "submitted_at")
    labels = [_label(name) for name in kept]
    return own + [
        {label: row[label] for label in labels}
        | {_("Remark"): _("Sent from the same e-mail address under another name; whether it is this person, ask them.")}
        for row in others
    ]


def _label(name):
    return _("Kind of application") if name == "kind" else capfirst(str(Application._meta.get_field(name).verbose_name))


def _consents(person):
    return [
        facts(row, "text", "application", "person", "channel")
        | {
            _("Purpose"): row.text.purpose_shown,
            _("Controller"): row.text.controller,
            _("Version of the text"): row.text.version,
            _("Text"): row.text.body_shown,
            _("How given"): coded(row.channel, row.get_channel_display()) or _("by the form"),
            _("With the application"): row.application.number if row.application else None,
        }
        for row in consents.given(person)
    ]


# Tables whose rows `told` tells.
TABLES = (
    "intake.Application",
    "intake.Attachment",
    "intake.Acknowledgement",
    "intake.CompletionRequest",
    "intake.CheckAnswer",
    "intake.Opinion",
    "intake.Appeal",
)
SECTIONS = (
    DossierSection(gettext_lazy("Applications from their e-mail address"), 20, _sent_from_their_address, TABLES),
    DossierSection(gettext_lazy("Consents"), 60, _consents, ("intake.Consent",)),
)
