"""What training events print: the attendance list of a day, as PDF to sign."""

from django.utils.translation import gettext as _

from centrum.kit import clock, paper
from centrum.kit.polish import date_long, nbsp_words, time_range
from trainings import attendance, notices, queries


def attendance_list(event, day):
    """The people with a seat and a field to sign for each session of the day; for who was noted, a word in it."""
    sessions = [one for one in queries.sessions_of(event) if clock.local(one.starts_at).date() == day]
    people = list(attendance.seated_of(event))
    said = [
        {pk: str(attendance.mark_of(row)) for pk, row in attendance.of_session(one, people).items()} for one in sessions
    ]
    trainers = dict.fromkeys(str(teaching.trainer) for one in sessions for teaching in one.teachings.all())
    facts = [
        (_("Day"), date_long(day)),
        (_("Place"), ", ".join(dict.fromkeys(filter(None, (notices.place_of(one) for one in sessions))))),
        (_("Trainers"), ", ".join(trainers)),
        (_("EU project"), f"{event.project.number} {event.project.title}" if event.project else ""),
    ]
    return paper.pdf(
        "attendance.typ",
        {
            "title": _("Attendance list: %(title)s") % {"title": event.title},
            "subtitle": f"{event.get_form_display()}, {event.number}",
            "facts": [{"label": label, "value": nbsp_words(value)} for label, value in facts if value],
            "head": [_("No."), _("Person"), *(_("Signature, %(hours)s") % {"hours": _hours(one)} for one in sessions)],
            "rows": [[str(row), *(marks.get(row.pk, "") for marks in said)] for row in people],
            "nobody": _("Nobody has a seat yet."),
        },
    )


def _hours(session):
    return time_range(clock.local(session.starts_at).time(), clock.local(session.ends_at).time())
