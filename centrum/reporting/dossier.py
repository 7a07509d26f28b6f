"""What reporting holds on a person, for the dossier: participations as on the day of entry, supports, files."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit.dossier import coded, facts
from centrum.kit.models import ExportRecord
from centrum.kit.registry import DossierSection
from centrum.register.models import PersonSensitive
from centrum.register.services import SENSITIVE_FIELDS
from centrum.reporting.enums import DictionaryField
from centrum.reporting.models import DictionaryEntry, ParticipationSensitive, Support

_F = DictionaryField
# Columns that hold codes of the dictionaries of SM EFS.
_CODED = {
    "kind": _F.PARTICIPANT_KIND,
    "citizenship": _F.CITIZENSHIP,
    "education": _F.EDUCATION,
    "labour_status": _F.LABOUR_STATUS,
    "labour_status_detail": _F.LABOUR_STATUS_DETAIL,
    "exit_situation": _F.EXIT_SITUATION,
}
_CODED_SUPPORT = {"scope": _F.SUPPORT_SCOPE, "kind": _F.SUPPORT_KIND, "detail": _F.SUPPORT_KIND_DETAIL}


def _participations(person):
    words = _words()
    rows = person.participations.select_related("project", "organisation").order_by("pk")
    return [_with_words(row, _CODED, words, "person", "scope_once", "details_blank") for row in rows]


def _sensitive(person):
    rows = ParticipationSensitive.objects.filter(participation__person=person)
    return [
        {_("Project"): row.participation.project.number}
        | {
            capfirst(str(PersonSensitive._meta.get_field(name).verbose_name)): coded(
                getattr(row, name), getattr(row, f"get_{name}_display")()
            )
            for name in SENSITIVE_FIELDS
        }
        for row in rows.select_related("participation__project").order_by("pk")
    ]


def _supports(person):
    words = _words()
    rows = Support.objects.filter(participation__person=person).select_related("participation__project")
    return [
        {_("Project"): row.participation.project.number}
        | _with_words(row, _CODED_SUPPORT, words, "participation", "source_id")
        for row in rows.order_by("starts_on", "pk")
    ]


def _files(person):
    """Files of their projects, made since they are in them; which rows a file held is not kept."""
    since = dict(person.participations.values_list("project__number", "created_at"))
    rows = ExportRecord.objects.filter(scope__in=since).select_related("by").order_by("pk")
    return [facts(row, "rows", "size") for row in rows if row.at >= since[row.scope]]


def _words():
    """{(field, code): label} of all dictionaries, the newest label of each code."""
    rows = DictionaryEntry.objects.order_by("valid_from").values_list("field", "code", "label")
    return {(field, code): label for field, code, label in rows}


def _with_words(row, columns, words, *without):
    return facts(row, *columns, *without) | {
        capfirst(str(row._meta.get_field(name).verbose_name)): coded(
            getattr(row, name), words.get((field, getattr(row, name)), getattr(row, name))
        )
        for name, field in columns.items()
    }


SECTIONS = (
    DossierSection(gettext_lazy("Participations in EU projects"), 40, _participations, ("reporting.Participation",)),
    DossierSection(
        gettext_lazy("Sensitive answers on the day of entry"), 41, _sensitive, ("reporting.ParticipationSensitive",)
    ),
    DossierSection(gettext_lazy("Supports given"), 42, _supports, ("reporting.Support",)),
    DossierSection(gettext_lazy("Files of the project in which they may be"), 50, _files),
)
