"""What the engine prints: the copy of an application and the protocol of a call."""

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from centrum.intake import calls, kinds
from centrum.kit import clock, paper
from centrum.kit.polish import datetime_exact, datetime_short, file_size, nbsp_words, number


def application_copy(application):
    """The application as it was sent, PDF/UA in the language in which it was sent: answers, attachments with their
    SHA-256, and which clauses the applicant read."""
    with translation.override(application.language):
        return paper.pdf("application.typ", _copy(application))


def call_protocol(call, applications):
    """Main and reserve list of a call as PDF/UA; of `applications`, those that the reader may see."""
    main = list(calls.main_list(applications, call).select_related("unit"))
    reserve = list(calls.reserve_list(applications, call).select_related("unit"))
    facts = [
        (_("Kind"), kinds.of(call).title),
        (_("Opens"), datetime_exact(call.opens_at)),
        (_("Closes"), datetime_exact(call.closes_at)),
        (_("Places on the main list"), _places(call.places)),
        (_("Places on the reserve list"), _places(call.reserve_places)),
        (_("As of"), datetime_exact(clock.now())),
    ]
    return paper.pdf(
        "call_protocol.typ",
        {
            "title": _("Lists of the call"),
            "subtitle": call.name,
            "facts": [{"label": label, "value": nbsp_words(str(value))} for label, value in facts],
            "head": [_("No."), _("Number"), _("Applicant"), _("Unit"), _("When")],
            "lists": [
                {"title": _("Main list"), "rows": [_line(row, row.decided_at) for row in main]},
                {"title": _("Reserve list"), "rows": [_line(row, row.reserved_at) for row in reserve]},
            ],
            "nobody": _("Nobody is on this list."),
            "signatures": [_("date and signature of who drew it up"), _("date and signature of who approves it")],
        },
    )


def _places(count):
    return _("no limit") if count is None else number(count)


def _line(row, when):
    return [row.number, nbsp_words(row.applicant), str(row.unit or ""), datetime_short(when)]


def _copy(application):
    kind = kinds.of(application)
    rules = {rule.code: rule.label for rule in kind.attachments}
    files = application.attachments.select_related("file").defer("file__data").order_by("rule", "id")
    read = application.acknowledgements.select_related("clause").order_by("clause__code")
    return {
        "title": _("Application %(number)s") % {"number": application.number},
        "subtitle": str(kind.title),
        "facts": [
            {"label": _("Applicant"), "value": nbsp_words(application.applicant)},
            {"label": _("Submitted"), "value": datetime_short(application.submitted_at)},
        ],
        "sections": [
            {
                "title": str(section["title"]),
                "rows": [
                    {"label": str(row["label"]), "value": nbsp_words(str(row["value"] or "–"))}
                    for row in section["rows"]
                ],
            }
            for section in kind.sections(kind.answers_of(application))
        ],
        "files-title": _("Attachments"),
        "files": [
            {
                "label": str(rules.get(attachment.rule, attachment.rule)),
                "name": attachment.file.name,
                "text": f"{file_size(attachment.file.size)}, {datetime_short(attachment.added_at)}",
                "sha256": attachment.file.sha256,
            }
            for attachment in files
        ],
        "read-title": _("What the applicant read"),
        "read": [
            _("%(title)s, version %(version)s, %(when)s")
            % {
                "title": a.clause.title if get_language() == "pl" else a.clause.title_en,
                "version": a.clause.version,
                "when": datetime_short(a.at),
            }
            for a in read
        ],
    }
