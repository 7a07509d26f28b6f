"""Approved attendance: the hours of a person, and the support of their participation in the EU project.

Somebody else approves than noted. What proves wrong is corrected: the approval and its support are withdrawn from
that day, so files as of earlier days stay true, and after the attendance is mended it is approved anew.
Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrum.kit import clock, saving
from centrum.kit.polish import date_short, hours
from centrum.kit.transitions import Refused, Stale, noun_of
from centrum.reporting import services as reporting
from centrum.reporting.enums import ParticipationState
from centrum.reporting.models import Participation, Support
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from trainings import attendance
from trainings.capacity import lock_kept
from trainings.enums import CertificateState, EventState
from trainings.models import Approval, Attendance, Certificate, Enrolment

SOURCE = noun_of(Approval)


@transaction.atomic
def approve(event, *, by):
    """Approve the attendance of everybody with a seat of whom it is not yet. Returns (approved, [(person, why their
    support is not recorded)]).

    Refused while sessions are to come, something is not noted, or `by` noted some of it.
    """
    require(by, Right.DECIDE)
    row = lock_kept(event, by)
    waiting = _waiting(row)
    _must_be_whole(row, waiting)
    mine = Attendance.objects.filter(enrolment__in=waiting, noted_by=by)
    if mine.exists():
        raise Refused(_("You noted some of this attendance, so somebody else must approve it."))
    first = dict(_first_days(waiting))
    made = []
    for enrolment in waiting:
        made.append(
            saving.save(
                Approval(
                    enrolment=enrolment,
                    minutes=enrolment.minutes,
                    starts_on=first.get(enrolment.pk) if enrolment.minutes else None,
                    approved_on=clock.today(),
                    approved_by=by,
                )
            )
        )
    return len(made), _record(row, made, by)


@transaction.atomic
def record_missing(event, *, by):
    """Record the supports that could not be at the approval, as of who entered the project since.

    Returns (recorded, [(person, why not)]).
    """
    require(by, Right.DECIDE)
    row = lock_kept(event, by)
    found = list(without_support(row))
    missing = _record(row, found, by)
    return len(found) - len(missing), missing


@transaction.atomic
def correct(enrolment, *, by, reason):
    """Withdraw the approval of somebody's attendance and its support; it can be noted and approved anew."""
    require(by, Right.DECIDE)
    event = lock_kept(enrolment.event, by)
    row = Approval.objects.select_for_update(no_key=True).filter(enrolment=enrolment, withdrawn_on=None).first()
    if row is None:
        raise Stale(_("This attendance is not approved, so it can be changed as it is."))
    certificate = Certificate.objects.filter(enrolment=enrolment, state=CertificateState.VALID).first()
    if certificate:
        raise Refused(
            _("Annul the certificate %(number)s first: it rests on this attendance.") % {"number": certificate}
        )
    reporting.withdraw_support(by=by, source=SOURCE, source_id=row.pk)
    row.withdrawn_on, row.withdrawn_by, row.reason = clock.today(), by, reason
    row.enrolment.event = event
    return saving.save(row)


def must_be_free(enrolment):
    """Refuse other links to the register while the hours stand in the EU file."""
    if Support.objects.filter(
        source=SOURCE, source_id__in=enrolment.approvals.order_by().values("pk"), withdrawn_on=None
    ).exists():
        raise Refused(_("The hours of this person are in the EU file. Correct the attendance first."))


def state_of(event, user):
    """What the page of the attendance says and offers.

    `waiting` people, what has `hindered` their approval so far, `missing` supports, and whether `user` may approve.
    """
    waiting = _waiting(event)
    may = user.has_right(Right.DECIDE)
    try:
        _must_be_whole(event, waiting)
    except Refused as refusal:
        hindered = " ".join(refusal.messages)
    else:
        hindered = ""
    return {
        "waiting": len(waiting),
        "hindered": hindered,
        "may_approve": may and bool(waiting) and not hindered,
        "mine": may and Attendance.objects.filter(enrolment__in=waiting, noted_by=user).exists(),
        "missing": without_support(event).count(),
        "may_decide": may,
    }


def timeline(enrolment):
    """What happened to the approval of somebody, newest first, for components/_timeline.html."""
    lines = []
    for row in enrolment.approvals.select_related("approved_by", "withdrawn_by").order_by("-pk"):
        if row.withdrawn_on:
            text = _("Approval withdrawn: %(reason)s") % {"reason": row.reason}
            lines.append({"when": date_short(row.withdrawn_on), "who": row.withdrawn_by, "text": text})
        text = _("Attendance approved: %(time)s") % {"time": hours(row.minutes)}
        lines.append({"when": date_short(row.approved_on), "who": row.approved_by, "text": text})
    return lines


def without_support(event):
    """Approvals in force with hours of which no support stands."""
    supported = Support.objects.filter(source=SOURCE, withdrawn_on=None).values("source_id")
    rows = Approval.objects.filter(enrolment__event=event, withdrawn_on=None, minutes__gt=0)
    return rows.exclude(pk__in=supported).select_related("enrolment__person").order_by("enrolment__sort", "pk")


def tell_support(event, rows):
    """Tell each enrolment of `rows` its `approval` in force and how its support stands: `supported`, or `why_not`."""
    approved = attendance.approved(event)
    standing = set(
        Support.objects.filter(
            source=SOURCE, withdrawn_on=None, source_id__in=[approval.pk for approval in approved.values()]
        ).values_list("source_id", flat=True)
    )
    entered = _participations(event, [row.person_id for row in rows])
    for row in rows:
        row.approval = approved.get(row.pk)
        row.supported = bool(row.approval) and row.approval.pk in standing
        counts = row.approval and row.approval.minutes and not row.supported
        row.why_not = _why_not(event, row, entered.get(row.person_id)) if counts else ""
    return rows


def _record(event, approvals, by):
    """Record the supports of these approvals; [(person, why not)] of those that can't be."""
    people = _participations(event, [row.enrolment.person_id for row in approvals])
    missing = []
    for row in approvals:
        if not row.minutes:
            continue
        participation = people.get(row.enrolment.person_id)
        why = _why_not(event, row.enrolment, participation)
        if not why:
            kind = event.service_type
            try:
                reporting.record_support(
                    by=by,
                    participation=participation,
                    scope=kind.support_scope,
                    kind=kind.support_kind,
                    detail=kind.support_kind_detail,
                    starts_on=row.starts_on,
                    minutes=row.minutes,
                    source=SOURCE,
                    source_id=row.pk,
                    approved_on=clock.today(),
                )
            except Refused as refusal:
                why = " ".join(refusal.messages)
        if why:
            missing.append((row.enrolment, why))
    return missing


def _why_not(event, enrolment, participation):
    if event.project is None:
        return _("the event belongs to no EU project")
    if event.service_type is None:
        return _("the event does not say what it counts as in the EU file")
    if enrolment.person_id is None:
        return _("not linked to the register")
    if participation is None:
        return _("not in the project")
    if participation.state != ParticipationState.ENTERED:
        return _("in the project: %(state)s") % {"state": participation.get_state_display()}
    return ""


def _participations(event, people):
    """{person: their participation in the project of the event}."""
    rows = Participation.objects.filter(project=event.project_id, person__in=[pk for pk in people if pk])
    return {row.person_id: row for row in rows} if event.project_id else {}


def _waiting(event):
    """Everybody with a seat whose attendance is not approved, with `minutes` and `noted`."""
    rows = attendance.seated_of(event).exclude(approvals__in=Approval.objects.filter(withdrawn_on=None))
    return list(attendance.with_minutes(rows))


def _must_be_whole(event, waiting):
    held = event.sessions.aggregate(last=Max("ends_at"))["last"]
    if held is None:
        raise Refused(_("Add the sessions first: hours are counted from them."))
    if clock.now() < held:
        raise Refused(_("This event has not ended yet."))
    if event.state not in (EventState.RUNNING, EventState.SETTLED):
        raise Refused(_("Attendance is noted of events that take place."))
    if not waiting:
        raise Stale(_("The attendance of everybody is approved already."))
    number = event.sessions.count() * len(waiting) - sum(row.noted for row in waiting)
    if number:
        raise Refused(
            ngettext("%(number)d attendance is not noted yet.", "%(number)d attendances are not noted yet.", number)
            % {"number": number}
        )


def _first_days(enrolments):
    rows = Enrolment.objects.filter(pk__in=[row.pk for row in enrolments], attendances__present=True)
    for pk, first in rows.values_list("pk").annotate(first=Min("attendances__session__starts_at")):
        yield pk, clock.local(first).date()
