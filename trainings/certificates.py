"""Certificates of taking part: who may have one, issuing, versions, annulling.

What stands on the paper is copied into a version on the day, so later changes of the event change no certificate.
Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.numbering import next_number
from centrum.kit.transitions import Refused, Stale
from centrum.kit.transitions import move as make_move
from trainings import attendance, notices
from trainings.capacity import lock_kept
from trainings.enums import CertificateState, EnrolmentState, EventState, Notice, Outcome, VersionKind
from trainings.models import Certificate, CertificateVersion, Enrolment, Event, Teaching

CHUNK = 25  # certificates of one transaction in a batch
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# What a correction may set right by hand; the rest comes from the event anew.
CORRECTED = ("first_name", "last_name")


# Reads


def number_of(event):
    """How many certificates were issued, annulled ones too."""
    return Certificate.objects.filter(enrolment__event=event).count()


def of_event(event):
    """Certificates of the event by name, each with its versions."""
    rows = Certificate.objects.filter(enrolment__event=event).select_related("enrolment", "issued_by")
    return rows.prefetch_related("versions").order_by("enrolment__sort", "pk")


def last(certificate):
    """The version in force."""
    return max(certificate.versions.all(), key=lambda row: row.version)


def told(event, rows):
    """Tell each enrolment of `rows` its `found` certificate, its `percent`, and `why_not` (empty) it may have one."""
    approved, planned = attendance.approved(event), attendance.planned_minutes(event)
    found = {row.enrolment_id: row for row in of_event(event).filter(enrolment__in=[row.pk for row in rows])}
    for row in rows:
        row.found = found.get(row.pk)
        approval = approved.get(row.pk)
        row.percent = attendance.percent(approval.minutes, planned) if approval else None
        row.why_not = _why_not(event, row, row.percent)
    return rows


def may_have(enrolment):
    """(whether, why not) somebody may have a certificate."""
    (row,) = told(enrolment.event, [enrolment])
    return not row.why_not, row.why_not


def waiting(event):
    """Enrolments that may have a certificate and have none, by name."""
    rows = attendance.seated_of(event).filter(certificate=None)
    return [row for row in told(event, list(rows)) if not row.why_not]


def public(code):
    """The certificate of a code as people type it, None where there is none."""
    typed = "".join(code.upper().split()).replace("-", "")
    rows = Certificate.objects.select_related("enrolment__event").prefetch_related("versions")
    return rows.filter(code=typed).first()


def grouped(code):
    """The code in groups of four, as it stands on the paper."""
    return "-".join(code[first : first + 4] for first in range(0, len(code), 4))


def initials(version):
    """Initials, with a dot after each: all that the public page tells of the person."""
    names = f"{version.first_name} {version.last_name}".replace("-", " ").split()
    return " ".join(f"{name[0].upper()}." for name in names)


# Services


@transaction.atomic
def issue(enrolment, *, by):
    """Issue the certificate of somebody and write to them. Stale where they have one."""
    event = lock_kept(enrolment.event, by)
    (row,) = told(event, _lock_rows([enrolment]))
    if row.found:
        raise Stale(_("%(person)s has a certificate already.") % {"person": row})
    if row.why_not:
        raise Refused(_("%(person)s can't have a certificate: %(why)s.") % {"person": row, "why": row.why_not})
    return _issue(event, row, by, _taught(event))


def issue_all(event, *, by):
    """Issue the certificates of everybody who may have one, in transactions of CHUNK; yields (done so far, of all).

    A batch that breaks off loses nothing: the next one goes on with those who have none.
    """
    rows = waiting(event)
    yield 0, len(rows)
    for first in range(0, len(rows), CHUNK):
        _issue_some(event, rows[first : first + CHUNK], by)
        yield min(first + CHUNK, len(rows)), len(rows)


@transaction.atomic
def _issue_some(event, enrolments, by):
    """Whom somebody else gave one meanwhile has it, and who may have none any more is left out."""
    locked = lock_kept(event, by)
    taught = _taught(locked)
    for row in told(locked, _lock_rows(enrolments)):
        if not row.found and not row.why_not:
            _issue(locked, row, by, taught)


def _lock_rows(enrolments):
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).order_by("sort", "pk")
    return list(rows.filter(pk__in=[row.pk for row in enrolments]))


def _issue(event, row, by, taught):
    row.event = event
    code = "".join(secrets.choice(ALPHABET) for _n in range(12))
    made = saving.save(
        Certificate(enrolment=row, number=next_number("ZA"), code=code, issued_on=clock.today(), issued_by=by)
    )
    names = {name: getattr(row, name) for name in CORRECTED}
    _add(made, by, VersionKind.ORIGINAL, "", 1, names | taught)
    notices.tell(row, Notice.CERTIFICATE)
    return made


@transaction.atomic
def reissue(certificate, *, by, kind, reason, **names):
    """A new version under the same number: a duplicate of the last one, or a correction that copies the event anew
    with the `names` (CORRECTED). Whoever it is of is written to after a correction."""
    event = lock_kept(certificate.enrolment.event, by)
    row = _locked(certificate, event)
    if row.state != CertificateState.VALID:
        raise Stale(_("This certificate is annulled."))
    if kind == VersionKind.DUPLICATE:
        before = last(row)
        said = {name: getattr(before, name) for name in (*CORRECTED, *_TAUGHT)}
    else:
        said = names | _taught(event)
    made = _add(row, by, kind, reason, last(row).version + 1, said)
    if kind == VersionKind.CORRECTED:
        notices.tell(row.enrolment, Notice.CERTIFICATE, str(made.version))
    return made


@transaction.atomic
def move(certificate, action, *, by, reason=""):
    """Annul a certificate, or make it valid again."""
    event = lock_kept(certificate.enrolment.event, by)
    row = _locked(certificate, event)
    annuls = action == "annul"
    if not annuls and row.enrolment.state != EnrolmentState.SEATED:
        raise Refused(_("This person has no seat any more."))
    changes = {"annulled_on": clock.today() if annuls else None, "annulled_because": reason if annuls else ""}
    return make_move(row, action, by=by, reason=reason, changes=changes)


def _locked(certificate, event):
    row = Certificate.objects.select_for_update(of=("self",), no_key=True).select_related("enrolment")
    row = row.get(pk=certificate.pk)
    row.enrolment.event = event
    return row


def _add(certificate, by, kind, reason, number, said):
    return saving.save(
        CertificateVersion(
            certificate=certificate,
            version=number,
            kind=kind,
            reason=reason,
            day=clock.today(),
            by=by,
            at=clock.now(),
            **said,
        )
    )


_TAUGHT = (
    "title", "form", "hours", "hour_minutes", "first_day", "last_day", "outcome", "outcome_name", "place", "contents",
    "trainers", "project_number", "project_title", "issuer", "issue_place",
)  # fmt: skip


def _taught(event):
    """What a certificate says of the event, the same for everybody."""
    event = Event.objects.select_related("project", "unit").get(pk=event.pk)
    held = event.sessions.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    trainers = Teaching.objects.filter(session__event=event).order_by("session__starts_at", "pk")
    named = dict.fromkeys(str(row.trainer) for row in trainers.select_related("trainer"))
    return {
        "title": event.title,
        "form": event.form,
        "hours": max(1, round(attendance.planned_minutes(event) / event.hour_minutes)),
        "hour_minutes": event.hour_minutes,
        "first_day": clock.local(held["first"]).date() if held["first"] else event.starts_on,
        "last_day": clock.local(held["last"]).date() if held["last"] else event.ends_on,
        "outcome": event.outcome,
        "outcome_name": event.outcome_name if event.outcome != Outcome.NONE else "",
        "place": notices.place(event),
        "contents": event.description,
        "trainers": ", ".join(named),
        "project_number": event.project.number if event.project else "",
        "project_title": event.project.title if event.project else "",
        "issuer": event.unit.name,
        "issue_place": settings.CONTACT["town"],
    }


def _why_not(event, row, percent):
    if event.state not in (EventState.RUNNING, EventState.SETTLED):
        return _("the event has not begun or does not take place")
    if row.state != EnrolmentState.SEATED:
        return _("no seat")
    if percent is None:
        return _("the attendance is not approved")
    if percent < event.minimum_attendance:
        return _("present for %(percent)d%% of the time, %(minimum)d%% is needed") % {
            "percent": percent,
            "minimum": event.minimum_attendance,
        }
    return ""
