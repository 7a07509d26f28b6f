"""Letters to people enrolled: from texts that the staff edit, through the outbox, each once."""

import datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from centrum.intake import letters, links
from centrum.intake.enums import LinkPurpose
from centrum.intake.letters import LetterKind
from centrum.kit import clock, outbox
from centrum.kit.polish import date_long, date_span, datetime_short
from trainings import own
from trainings.enums import ENROLLED, Notice
from trainings.models import NoticeSent

FOLDER = Path(__file__).resolve().parent / "data" / "letters"
_COMMON = ("first_name", "event", "event_number", "when", "place", "link")
_OWN = {
    Notice.RESERVED: ("position",),
    Notice.OFFERED: ("offered_until",),
    Notice.CHANGED: ("text",),
    Notice.CALLED_OFF: ("text",),
    Notice.SURVEY: ("text",),
}
_ACTED_BY = (Notice.OFFERED, Notice.SURVEY, Notice.CERTIFICATE)
# placeholder → (what it stands for, a sample)
_PLACEHOLDERS = {
    "first_name": (gettext_lazy("first name"), "Anna"),
    "event": (gettext_lazy("title of the event"), pgettext_lazy("sample", "How to found a social cooperative")),
    "event_number": (gettext_lazy("number of the event"), "SZ/2026/0007"),
    "when": (gettext_lazy("days and hours of the event"), "3 grudnia 2026, 9:00–15:00"),
    "place": (gettext_lazy("place of the event"), "Dobiegniew, ul. Leśna 1"),
    "people": (gettext_lazy("everybody enrolled with their seat or place"), "Jan Lis: na liście rezerwowej, miejsce 3"),
    "position": (gettext_lazy("place on the reserve list"), "3"),
    "offered_until": (gettext_lazy("until when the seat waits"), "3.12.2026, 12:00"),
}


def code_of(notice):
    """Code of the text of a notice among the letters."""
    return f"training_{notice}"


# to who enrolled others: the list of them, once, as it is sent with the application
_CONTACT = "training_group"


def register_letters():
    letters.register(
        *(
            LetterKind(
                code_of(notice),
                notice.label,
                (*_COMMON, *_OWN.get(notice, ())),
                link="",
                numbered=False,
                folder=FOLDER,
                must="link" if notice in _ACTED_BY else "",
                group=gettext_lazy("Training"),
            )
            for notice in Notice
        ),
        LetterKind(
            _CONTACT,
            gettext_lazy("To whoever enrolled others: the list"),
            (*_COMMON, "people"),
            link="",
            numbered=False,
            folder=FOLDER,
            group=gettext_lazy("Training"),
        ),
        placeholders=_PLACEHOLDERS,
    )


def tell(enrolment, notice, occasion="", **values):
    """Write to somebody enrolled; the same `notice` on the same `occasion` goes once. Returns whether it was written.

    `values`: what the notice knows besides the event (`position`, `offered_until`, `text`), or a `link` of its own.
    """
    if not enrolment.email:
        return False
    _row, new = NoticeSent.objects.get_or_create(
        enrolment=enrolment, notice=notice, occasion=occasion, defaults={"at": clock.now()}
    )
    if not new:
        return False
    event = enrolment.event
    with translation.override(enrolment.language):
        given = {
            "first_name": enrolment.first_name,
            "event": event.title,
            "event_number": event.number,
            "when": when(event),
            "place": place(event),
            "link": own.link(enrolment),
            "until": "",
            **{name: _in_words(value) for name, value in values.items()},
        }
        letter = letters.compose(code_of(notice), enrolment.language, given)
    outbox.write(to=enrolment.email, subject=letter.subject, body=letter.body, about=event.number)
    return True


def tell_contact(application, answers, people):
    """Write to the contact person of an organisation who has a seat and who is on the reserve list.

    `answers`: the typed model of `application`; `people()`: a line for each, called in its language.
    """
    event = answers.event
    with translation.override(application.language):
        given = {
            "first_name": answers.contact_first_name,
            "event": event.title,
            "event_number": event.number,
            "when": when(event),
            "place": place(event),
            "link": links.make(application, LinkPurpose.STATUS),
            "until": "",
            "people": "\n".join(people()),
        }
        letter = letters.compose(_CONTACT, application.language, given)
    outbox.write(to=application.email, subject=letter.subject, body=letter.body, about=event.number)


def enrolled(event):
    """Everybody who has a seat, was offered one or waits for one."""
    return event.enrolments.filter(state__in=ENROLLED).select_related("event").order_by("pk")


def tell_of_change(event):
    """Tell whoever is enrolled that days, hours or place are new: one letter a revision. The event is locked.

    Nobody is told of what is set down after the last day.
    """
    people = list(enrolled(event)) if clock.today() <= event.ends_on else []
    if not people:
        return
    event.revision += 1
    event.save(update_fields=["revision"])
    for enrolment in people:
        tell(enrolment, Notice.CHANGED, str(event.revision), text=_("The days, hours or the place are new."))


def _in_words(value):
    return datetime_short(value) if isinstance(value, datetime.datetime) else value


def when(event):
    """The days of an event in words, with the hours where it has one session."""
    sessions = sorted(event.sessions.all(), key=lambda session: session.starts_at)
    if len(sessions) == 1:
        begins, ends = clock.local(sessions[0].starts_at), clock.local(sessions[0].ends_at)
        if begins.date() == ends.date():
            return f"{date_long(begins.date())}, {begins:%-H:%M}–{ends:%-H:%M}"
    return date_span(event.starts_on, event.ends_on)


def place(event):
    """Where the first session is held: venue and address, "online" where it has only a link."""
    first = min(event.sessions.all(), key=lambda session: session.starts_at, default=None)
    return place_of(first) if first else ""


def place_of(session):
    if session.room:
        return f"{session.room}, {session.room.venue.address}"
    return _("online") if session.link else ""
