"""Forms, states and kinds of training events; the tables of moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class TrainingForm(models.TextChoices):
    TRAINING = "training", pgettext_lazy("form of education", "training")  # szkolenie
    COURSE = "course", pgettext_lazy("form of education", "course")  # kurs
    GROUP_ADVICE = "group_advice", pgettext_lazy("form of education", "group advice")  # doradztwo grupowe
    WORKSHOP = "workshop", pgettext_lazy("form of education", "workshop")
    STUDY_VISIT = "study_visit", pgettext_lazy("form of education", "study visit")  # wizyta studyjna
    INTERNSHIP = "internship", pgettext_lazy("form of education", "internship")  # staż
    POSTGRADUATE = "postgraduate", pgettext_lazy("form of education", "postgraduate study")  # studia podyplomowe
    WEBINAR = "webinar", pgettext_lazy("form of education", "webinar")
    CONFERENCE = "conference", pgettext_lazy("form of education", "conference")


class HourMinutes(models.IntegerChoices):
    """How long an hour of the programme is, in minutes (godzina dydaktyczna, godzina zegarowa)."""

    TEACHING = 45, _("teaching hours of 45 minutes")
    CLOCK = 60, _("hours of 60 minutes")


class Outcome(models.TextChoices):
    NONE = "none", pgettext_lazy("what a programme gives", "neither competence nor qualification")
    COMPETENCE = "competence", pgettext_lazy("what a programme gives", "competence")
    QUALIFICATION = "qualification", pgettext_lazy("what a programme gives", "qualification")


class EventState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("training event", "draft")
    PUBLISHED = "published", pgettext_lazy("training event", "published")
    ENROLMENT = "enrolment", pgettext_lazy("training event", "enrolment open")
    CLOSED = "closed", pgettext_lazy("training event", "enrolment closed")
    RUNNING = "running", pgettext_lazy("training event", "running")
    SETTLED = "settled", pgettext_lazy("training event", "settled")
    CANCELLED = "cancelled", pgettext_lazy("training event", "cancelled")


_S = EventState
EVENT_TAG = {
    _S.DRAFT: "quiet",
    _S.PUBLISHED: "info",
    _S.ENROLMENT: "on",
    _S.CLOSED: "wait",
    _S.RUNNING: "info",
    _S.SETTLED: "ok",
    _S.CANCELLED: "bad",
}
EVENT_PUBLIC = (_S.PUBLISHED, _S.ENROLMENT, _S.CLOSED, _S.RUNNING, _S.SETTLED)
# In these people come and go, and what they were told may change.
EVENT_OPEN = (_S.DRAFT, _S.PUBLISHED, _S.ENROLMENT, _S.CLOSED, _S.RUNNING)

_KEEP = Right.KEEP_TRAININGS
EVENT_MOVES = (
    Move("publish", _("Publish"), (_S.DRAFT,), _S.PUBLISHED, right=_KEEP, needs=("description", "starts_on")),
    Move("hide", _("Take it off the site"), (_S.PUBLISHED,), _S.DRAFT, right=_KEEP, reason=True, kind="quiet"),
    Move(
        "open",
        _("Open the enrolment"),
        (_S.PUBLISHED, _S.CLOSED),
        _S.ENROLMENT,
        right=_KEEP,
        needs=("enrols_until",),
    ),
    Move("close", _("Close the enrolment"), (_S.ENROLMENT,), _S.CLOSED, right=_KEEP, kind="quiet"),
    Move(
        "start",
        pgettext_lazy("training event", "It has begun"),
        (_S.PUBLISHED, _S.ENROLMENT, _S.CLOSED),
        _S.RUNNING,
        right=_KEEP,
    ),
    Move("settle", _("Settle it"), (_S.RUNNING,), _S.SETTLED, right=_KEEP),
    Move("reopen", _("Open it again"), (_S.SETTLED,), _S.RUNNING, right=_KEEP, reason=True, kind="quiet"),
    Move(
        "cancel",
        pgettext_lazy("training event", "Cancel it"),
        EVENT_OPEN,
        _S.CANCELLED,
        right=_KEEP,
        reason=True,
        kind="bad",
    ),
)


class SeatKind(models.TextChoices):
    """Whom a group of seats is for."""

    ANY = "any", pgettext_lazy("seats", "for everybody")
    PES = "pes", pgettext_lazy("seats", "for social economy entities")
    PERSON = "person", pgettext_lazy("seats", "for persons")


class EnrolmentState(models.TextChoices):
    SEATED = "seated", pgettext_lazy("enrolment", "has a seat")
    RESERVE = "reserve", pgettext_lazy("enrolment", "on the reserve list")
    OFFERED = "offered", pgettext_lazy("enrolment", "seat offered")
    CANCELLED = "cancelled", pgettext_lazy("enrolment", "resigned")
    LAPSED = "lapsed", pgettext_lazy("enrolment", "offer not taken up")


_E = EnrolmentState
ENROLMENT_TAG = {_E.SEATED: "on", _E.RESERVE: "quiet", _E.OFFERED: "wait", _E.CANCELLED: "quiet", _E.LAPSED: "quiet"}
HOLDS_SEAT = (_E.SEATED, _E.OFFERED)
ENROLLED = (_E.SEATED, _E.OFFERED, _E.RESERVE)

# What goes by itself (an offer, its end) is `client` too: nobody of the staff does it.
ENROLMENT_MOVES = (
    Move(
        "offer",
        _("Offer the freed seat"),
        (_E.RESERVE,),
        _E.OFFERED,
        right=_KEEP,
        client=True,
        needs=("offered_until",),
    ),
    Move("take", _("Take the offered seat"), (_E.OFFERED,), _E.SEATED, right=_KEEP, client=True),
    Move("lapse", _("End the offer"), (_E.OFFERED,), _E.LAPSED, right=_KEEP, client=True, kind="quiet"),
    Move("cancel", _("Cancel the enrolment"), ENROLLED, _E.CANCELLED, right=_KEEP, client=True, kind="bad"),
)


class YesNo(models.TextChoices):
    YES = "yes", pgettext_lazy("answer", "yes")
    NO = "no", pgettext_lazy("answer", "no")


class Diet(models.TextChoices):
    VEGETARIAN = "vegetarian", _("vegetarian")
    VEGAN = "vegan", _("vegan")
    GLUTEN_FREE = "gluten_free", _("gluten-free")
    LACTOSE_FREE = "lactose_free", _("lactose-free")


class NotedBy(models.TextChoices):
    """How an attendance was noted."""

    SCREEN = "screen", pgettext_lazy("attendance", "on screen")
    CODE = "code", pgettext_lazy("attendance", "by the QR code")


class Notice(models.TextChoices):
    """What somebody enrolled is written of; the code of the letter is `training_<value>`."""

    SEATED = "seated", _("Enrolled: there is a seat")
    RESERVED = "reserved", _("Enrolled: on the reserve list")
    OFFERED = "offered", _("A seat became free")
    LAPSED = "lapsed", _("The offer of a seat has ended")
    RESIGNED = "resigned", _("Enrolment cancelled")
    CHANGED = "changed", _("The event has changed")
    CALLED_OFF = "called_off", _("The event is cancelled")
    REMINDER_FIRST = "reminder_first", _("First reminder before the event")
    REMINDER_LAST = "reminder_last", _("Last reminder before the event")
    CERTIFICATE = "certificate", _("The certificate is ready")
    SURVEY = "survey", _("Link to a test or survey")


class SurveyKind(models.TextChoices):
    PRE_TEST = "pre_test", _("test before")
    POST_TEST = "post_test", _("test after")
    EVALUATION = "evaluation", _("evaluation survey")


TESTS = (SurveyKind.PRE_TEST, SurveyKind.POST_TEST)


class SurveyState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("survey", "draft")
    OPEN = "open", pgettext_lazy("survey", "open")
    CLOSED = "closed", pgettext_lazy("survey", "closed")


SURVEY_TAG = {SurveyState.DRAFT: "quiet", SurveyState.OPEN: "on", SurveyState.CLOSED: "ok"}
# No way back: results seen twice, with one answer more in between, would tell that answer.
SURVEY_MOVES = (
    Move(
        "open", pgettext_lazy("survey", "Open"), (SurveyState.DRAFT,), SurveyState.OPEN, right=_KEEP, stamp="opened_at"
    ),
    Move(
        "close", pgettext_lazy("survey", "Close"), (SurveyState.OPEN,), SurveyState.CLOSED, right=_KEEP,
        stamp="closed_at",
    ),
)  # fmt: skip


class QuestionKind(models.TextChoices):
    SCALE = "scale", _("scale from 1 to 5")
    ONE = "one", _("one of several answers")
    SEVERAL = "several", _("several answers")
    YES_NO = "yes_no", _("yes or no")
    TEXT = "text", _("own words")


# Kinds whose answers the author writes; only these can be given points.
WITH_OWN_OPTIONS = (QuestionKind.ONE, QuestionKind.SEVERAL)


class CertificateState(models.TextChoices):
    VALID = "valid", pgettext_lazy("certificate", "valid")
    ANNULLED = "annulled", pgettext_lazy("certificate", "annulled")


CERTIFICATE_TAG = {CertificateState.VALID: "ok", CertificateState.ANNULLED: "bad"}
# There is one certificate an enrolment, so what was annulled by mistake has a way back.
CERTIFICATE_MOVES = (
    Move(
        "annul",
        pgettext_lazy("certificate", "Annul"),
        (CertificateState.VALID,),
        CertificateState.ANNULLED,
        right=_KEEP,
        needs=("annulled_on", "annulled_because"),
        reason=True,
        kind="bad",
    ),
    Move(
        "restore",
        pgettext_lazy("certificate", "Make valid again"),
        (CertificateState.ANNULLED,),
        CertificateState.VALID,
        right=Right.DECIDE,
        reason=True,
        kind="quiet",
    ),
)


class VersionKind(models.TextChoices):
    """What a printed version is beside the one before it."""

    ORIGINAL = "original", pgettext_lazy("version of a certificate", "original")
    CORRECTED = "corrected", pgettext_lazy("version of a certificate", "corrected")
    DUPLICATE = "duplicate", pgettext_lazy("version of a certificate", "duplicate")


class RateUnit(models.TextChoices):
    HOUR = "hour", pgettext_lazy("rate of a room", "an hour")
    DAY = "day", pgettext_lazy("rate of a room", "a day")


class CostKind(models.TextChoices):
    TRAINER = "trainer", pgettext_lazy("cost of an event", "trainer")
    ROOM = "room", pgettext_lazy("cost of an event", "room")
    CATERING = "catering", pgettext_lazy("cost of an event", "catering")
    MATERIALS = "materials", pgettext_lazy("cost of an event", "materials")
    TRAVEL = "travel", pgettext_lazy("cost of an event", "travel")
    ACCESS = "access", pgettext_lazy("cost of an event", "accessibility")  # tłumacz PJM, pętla
    OTHER = "other", pgettext_lazy("cost of an event", "other")
