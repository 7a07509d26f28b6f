"""What partnerships print: the minutes and the attendance list of a meeting, as PDF."""

from django.utils.translation import gettext as _

from centrum.kit import clock, paper
from centrum.kit.polish import date_long, datetime_short, nbsp_words, time
from partners import meetings


def when(meeting):
    """Day and hours of a meeting in words; both days of one that lasts longer."""
    begins, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    if begins.date() == ends.date():
        return f"{date_long(begins.date())}, {time(begins)}–{time(ends)}"
    return f"{date_long(begins.date())}, {time(begins)} – {date_long(ends.date())}, {time(ends)}"


def minutes(meeting):
    """The version of the minutes in force with decisions and commitments; without minutes, a sheet to write on."""
    last = meetings.minutes_of(meeting).first()
    texts = [(_("Agenda"), meeting.agenda), (_("Course"), last.text if last else "")]
    lists = [
        (_("Decisions"), [str(row) for row in meeting.decisions.order_by("number")]),
        (
            _("Commitments"),
            [
                _("%(who)s: %(what)s, by %(day)s")
                % {"who": row.membership.organisation, "what": row.text, "day": date_long(row.due_on)}
                for row in meeting.commitments.select_related("membership__organisation").order_by("due_on", "pk")
            ],
        ),
    ]
    version = (
        _("version %(version)s, %(who)s, %(when)s")
        % {"version": last.version, "who": last.by, "when": datetime_short(last.at)}
        if last
        else _("no minutes are written yet")
    )
    return paper.pdf(
        "minutes.typ",
        {
            "title": _("Minutes: %(title)s") % {"title": meeting.title},
            "subtitle": str(meeting.partnership),
            "facts": _facts(meeting, (_("Version"), version)),
            "texts": [{"label": label, "value": value} for label, value in texts if value],
            "lists": [{"title": title, "rows": [nbsp_words(row) for row in rows]} for title, rows in lists if rows],
            "signatures": [_("signature of who took the minutes"), _("signature of who led the meeting")],
        },
    )


def attendance(meeting):
    """The list that people sign at the meeting; after it, with a word for each who was there or not."""
    said = {True: _("was there"), False: _("was not there"), None: ""}
    rows = meetings.invitations_of(meeting)
    return paper.pdf(
        "attendance.typ",
        {
            "title": _("Attendance list: %(title)s") % {"title": meeting.title},
            "subtitle": str(meeting.partnership),
            "facts": _facts(meeting),
            "head": [_("No."), _("Name"), _("Organisation"), _("Signature")],
            "rows": [
                [str(row.person), str(row.membership.organisation) if row.membership else "–", said[row.attended]]
                for row in rows
            ],
            "nobody": _("Nobody is invited."),
        },
    )


def _facts(meeting, *more):
    facts = [(_("When"), when(meeting)), (_("Place"), meeting.place), (_("Led by"), meeting.led_by), *more]
    return [{"label": label, "value": nbsp_words(value)} for label, value in facts if value]
