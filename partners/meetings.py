"""Meetings of partnerships: reads, and what is done with them, from the plan to the minutes.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from centrum.kit import clock, outbox, saving
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused, Stale, move
from centrum.register.services import lock_current
from partners.enums import PARTNERSHIP_OPEN, Answer, MeetingState
from partners.models import Decision, Invitation, Meeting, Minutes, Representative
from partners.services import lock_kept

FIELDS = ("kind", "title", "agenda", "place", "led_by", "starts_at", "ends_at")
# what the invited are told of when it changes
_TOLD = ("title", "place", "starts_at", "ends_at")
_SALT = "partners.invitation"


def meetings_of(partnership):
    """Meetings of a partnership, the latest first."""
    return partnership.meetings.order_by("-starts_at", "-pk")


def invitations_of(meeting):
    rows = meeting.invitations.select_related("person", "membership__organisation")
    return rows.order_by("person__sort", "pk")


def may_be_invited(meeting):
    """Representatives of today's members who are not invited yet, for those who have not been called off."""
    rows = Representative.objects.filter(in_force(), in_force(prefix="membership__"))
    return (
        rows.filter(membership__partnership=meeting.partnership_id)
        .exclude(person__invitations__meeting=meeting)
        .select_related("person", "membership__organisation")
        .order_by("membership__organisation__sort", "person__sort", "pk")
    )


def token(invitation):
    """Signed name of an invitation, for the link in its letter."""
    return signing.dumps(str(invitation.public_id), salt=_SALT)


def invitation_of(text):
    """The invitation that a link opens, None for a forged link or one that was taken back."""
    try:
        public_id = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    rows = Invitation.objects.select_related("meeting__partnership", "person", "membership__organisation")
    return rows.filter(public_id=public_id).first()


def takes_answers(meeting):
    return meeting.state == MeetingState.PLANNED and clock.now() < meeting.ends_at


@transaction.atomic
def plan(partnership, *, by, **fields):
    """Write down a meeting (FIELDS), to come or long past."""
    row = lock_kept(partnership, by)
    if row.state not in PARTNERSHIP_OPEN:
        raise Stale(_("This partnership has ended."))
    return saving.save(_ordered(Meeting(partnership=row, created_at=clock.now(), **_known(fields))))


@transaction.atomic
def change(meeting, *, by, **fields):
    """Change a planned meeting; whoever was invited and has not declined is told of a new day or place."""
    row = _lock(meeting, by)
    _must_be_planned(row)
    told = [name for name in _TOLD if name in fields and fields[name] != getattr(row, name)]
    for name, value in _known(fields).items():
        setattr(row, name, value)
    row.revision += bool(told)
    saving.save(_ordered(row))
    if told:
        _tell(row, "mail/partners/meeting_changed.txt")
    return row


@transaction.atomic
def step(meeting, action, *, by, reason=""):
    """Say that a meeting took place, once it has begun, or call it off and tell the invited."""
    row = _lock(meeting, by)
    if action == "hold" and row.starts_at > clock.now():
        raise Refused(_("This meeting has not begun yet."))
    row = move(row, action, by=by, reason=reason)
    if action == "cancel":
        row.revision += 1
        row.save(update_fields=["revision"])
        _tell(row, "mail/partners/meeting_cancelled.txt")
    return row


@transaction.atomic
def invite(meeting, *, by, representatives):
    """Invite representatives; a letter with a link goes to those with an address. Returns (invited, without one).

    To a meeting that took place they are only added, for the attendance list.
    """
    row = _lock(meeting, by)
    if row.state == MeetingState.CANCELLED:
        raise Stale(_("This meeting is called off."))
    mute = 0
    for representative in representatives:
        if representative.membership.partnership_id != row.partnership_id:
            raise Refused({"representatives": _("Choose representatives of members of this partnership.")})
        mute += not _invite(row, representative)
    return len(representatives), mute


def _invite(meeting, representative):
    """Whether a letter was written."""
    person = representative.person
    lock_current(person)
    writes = bool(person.email) and takes_answers(meeting)
    made = saving.save(
        Invitation(
            meeting=meeting,
            membership=representative.membership,
            person=person,
            sent_at=clock.now() if writes else None,
        )
    )
    if writes:
        _post(made, "mail/partners/invitation.txt")
    return writes


@transaction.atomic
def uninvite(invitation, *, by):
    """Take back an invitation to a planned meeting; its link opens nothing any more."""
    _must_be_planned(_lock(invitation.meeting, by))
    Invitation.objects.filter(pk=invitation.pk).delete()


@transaction.atomic
def answer(invitation, said):
    """The answer of the invited, which may be changed until the meeting is over."""
    # the row of the meeting first, in the order of the staff's services
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=invitation.meeting_id)
    row = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if row is None:
        raise Stale(_("This invitation was taken back."))
    if not takes_answers(meeting):
        raise Refused(_("This meeting is over or called off, so it takes no more answers."))
    if said not in Answer.values:
        raise Refused(_("Say whether you will come."))
    row.answer, row.answered_at = said, clock.now()
    return saving.save(row)


@transaction.atomic
def note_attendance(meeting, *, by, present):
    """Say who of the invited was there (`present`: their keys); all others were not."""
    row = _lock(meeting, by)
    if row.state != MeetingState.HELD:
        raise Refused(_("Say first that the meeting took place."))
    for invitation in row.invitations.select_for_update(of=("self",)):
        was_there = invitation.pk in present
        if invitation.attended != was_there:
            invitation.attended = was_there
            saving.save(invitation)
    return row


def minutes_of(meeting):
    """Versions of the minutes, the one in force first."""
    return meeting.minutes.select_related("by").order_by("-version")


@transaction.atomic
def write_minutes(meeting, *, by, text, seen):
    """Add a version of the minutes after version `seen` (0: none); raises Stale when there is a newer one."""
    row = _lock(meeting, by)
    if row.state != MeetingState.HELD:
        raise Refused(_("Say first that the meeting took place."))
    last = row.minutes.aggregate(last=Max("version"))["last"] or 0
    if last != seen:
        raise Stale(
            _("Meanwhile somebody wrote version %(version)s. Look at it and add yours again.") % {"version": last}
        )
    return saving.save(Minutes(meeting=row, version=last + 1, text=text, by=by, at=clock.now()))


@transaction.atomic
def save_decision(meeting, *, by, number, text, decision=None):
    """Write a new decision of a meeting that took place, or change `decision`."""
    row = _lock(meeting, by)
    if row.state != MeetingState.HELD:
        raise Refused(_("Say first that the meeting took place."))
    made = decision or Decision(meeting=row)
    made.number, made.text = number, text
    return saving.save(made)


def _lock(meeting, by):
    lock_kept(meeting.partnership, by)
    return Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("partnership").get(pk=meeting.pk)


def _must_be_planned(row):
    if row.state != MeetingState.PLANNED:
        raise Stale(_("This meeting is no longer planned: it took place or was called off."))


def _known(fields):
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    return fields


def _ordered(row):
    if row.ends_at <= row.starts_at:
        raise Refused({"ends": _("A meeting ends after it begins.")})
    return row


def _tell(meeting, template):
    rows = meeting.invitations.exclude(answer=Answer.NO).exclude(sent_at=None)
    for invitation in rows.select_related("person").order_by("pk"):
        if invitation.person.email:
            _post(invitation, template)


def _post(invitation, template):
    context = {
        "meeting": invitation.meeting,
        "person": invitation.person,
        "link": outbox.link("partnerships:invitation", token(invitation)),
        "contact": settings.CONTACT,
    }
    with translation.override("pl"):
        outbox.post(to=invitation.person.email, template=template, context=context)
