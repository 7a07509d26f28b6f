"""People enrolled in events, what they need to take part, and the letters that they were sent."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.cases.models import Case
from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.kit.search import search_column, search_index, sort_column
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.models import Commune, Organisation, Person
from trainings.enums import ENROLLED, ENROLMENT_MOVES, Diet, EnrolmentState, Notice
from trainings.models.events import Event, SeatGroup


@history("identity", "search", "sort")
class Enrolment(models.Model):
    """A person in an event (zapis), typed by whoever enrolled; `person` is the row of the register, once staff know.

    The order of the primary key is the order of the reserve list. `identity` is one for the same names and address
    in other capitals or accents: nobody is enrolled twice.
    """

    MOVES = ENROLMENT_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="enrolments")
    group = models.ForeignKey(SeatGroup, models.PROTECT, verbose_name=_("seats"), related_name="enrolments")
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, verbose_name=_("application"), related_name="enrolments"
    )
    state = models.CharField(_("state"), max_length=20, choices=EnrolmentState)
    offered_until = models.DateTimeField(_("seat offered until"), null=True, blank=True)
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Surname"), max_length=120)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)
    language = models.CharField(_("language"), max_length=5, default="pl")
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("Commune"), related_name="+"
    )
    organisation_name = models.CharField(_("organisation"), max_length=300, blank=True)
    # what was declared where the event asks for it; the staff check it against the register
    declares_pes = models.BooleanField(_("works or acts in a social economy entity"), default=False)
    declares_at_risk = models.BooleanField(_("belongs to a group at risk of exclusion"), default=False)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("person"), related_name="enrolments"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("organisation"), related_name="enrolments"
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, verbose_name=_("case"), related_name="enrolments"
    )
    created_at = models.DateTimeField(_("enrolled"), db_default=Now())
    identity = search_column("first_name", "last_name", "email")
    search = search_column("first_name", "last_name", "email", "organisation_name")
    sort = sort_column("last_name", "first_name")

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["id"]
        indexes = [
            search_index("enrolment_search"),
            models.Index(fields=["event", "state", "id"], name="enrolment_event"),
            models.Index(fields=["offered_until"], name="enrolment_offered", condition=Q(state=EnrolmentState.OFFERED)),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(first_name="") & ~Q(last_name=""), name="enrolment_named"),
            models.CheckConstraint(condition=Q(state__in=EnrolmentState.values), name="enrolment_state_known"),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.OFFERED, offered_until__isnull=False)
                | ~Q(state=EnrolmentState.OFFERED) & Q(offered_until__isnull=True),
                name="enrolment_offer_dated",
            ),
            models.UniqueConstraint(
                F("event"),
                F("identity"),
                condition=Q(state__in=ENROLLED),
                name="enrolment_identity_once",
                violation_error_message=_("This person is enrolled already."),
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(state__in=ENROLLED, person__isnull=False),
                name="enrolment_person_once",
                violation_error_message=_("This person of the register is enrolled already."),
            ),
        ]
        triggers = [
            legal_moves(ENROLMENT_MOVES),
            never_deleted(),
            frozen("of_its_event", ["event", "application"], when=pgtrigger.Q()),
            pgtrigger.Protect(
                name="begins_seated_or_waiting",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state__in=[EnrolmentState.SEATED, EnrolmentState.RESERVE]),
            ),
            pgtrigger.Trigger(
                name="certified_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=~pgtrigger.Q(new__state=EnrolmentState.SEATED),
                func="""
                    IF EXISTS (SELECT 1 FROM trainings_certificate WHERE enrolment_id = NEW.id) THEN
                        RAISE EXCEPTION 'Who has a certificate took part' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="attended_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=~pgtrigger.Q(new__state=EnrolmentState.SEATED),
                func="""
                    IF EXISTS (SELECT 1 FROM trainings_attendance WHERE enrolment_id = NEW.id AND present) THEN
                        RAISE EXCEPTION 'Who was there stays enrolled' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="count_seats",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "group_id"),
                func="""
                    IF (SELECT event_id FROM trainings_seatgroup WHERE id = NEW.group_id) <> NEW.event_id THEN
                        RAISE EXCEPTION 'The seat is not one of the event';
                    END IF;
                    IF TG_OP = 'UPDATE' AND OLD.state IN ('seated', 'offered') THEN
                        UPDATE trainings_seatgroup SET taken = taken - 1 WHERE id = OLD.group_id;
                    END IF;
                    IF NEW.state IN ('seated', 'offered') THEN
                        UPDATE trainings_seatgroup SET taken = taken + 1 WHERE id = NEW.group_id;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"


class Needs(models.Model):
    """What may be asked for so that somebody can take part."""

    loop = models.BooleanField(_("induction loop"), default=False)
    sign_language = models.BooleanField(_("Polish sign language interpreter"), default=False)
    wheelchair = models.BooleanField(_("room reached by wheelchair"), default=False)
    large_print = models.BooleanField(_("materials in large print"), default=False)
    diet = models.CharField(_("diet"), max_length=20, choices=Diet, blank=True)
    other = models.CharField(_("anything else that would help"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def in_words(self):
        ticked = [name for name in ("loop", "sign_language", "wheelchair", "large_print") if getattr(self, name)]
        said = [str(self._meta.get_field(name).verbose_name) for name in ticked]
        return ", ".join([*said, *filter(None, (self.get_diet_display(), self.other))])


class AccessNeeds(Needs):
    """What somebody needs to take part, for the organiser alone; no history, so that deleting it is the end of it."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, primary_key=True, related_name="needs")

    class Meta:
        verbose_name = _("needs of access")
        verbose_name_plural = _("needs of access")
        constraints = [models.CheckConstraint(condition=Q(diet__in=["", *Diet.values]), name="accessneeds_diet")]

    def __str__(self):
        return str(self.enrolment_id)


class NoticeSent(models.Model):
    """That a letter went to somebody enrolled: each once. `occasion` tells apart what may happen again (a revision)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="notices")
    notice = models.CharField(_("letter"), max_length=20, choices=Notice)
    occasion = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(_("written"), db_default=Now())

    class Meta:
        verbose_name = _("letter to somebody enrolled")
        verbose_name_plural = _("letters to people enrolled")
        ordering = ["id"]
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "notice", "occasion"], name="noticesent_once"),
            models.CheckConstraint(condition=Q(notice__in=Notice.values), name="noticesent_notice"),
        ]

    def __str__(self):
        return f"{self.enrolment_id}: {self.notice}"
