"""Applications for seats in an event, one person's or an organisation's, as they were typed.

What somebody needs to take part stays here only until the sending: then it moves to AccessNeeds, which is deleted after
the event. So it has no history here either.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.register.models import Commune
from trainings.enums import Diet, SeatKind, YesNo
from trainings.models.enrolments import Needs
from trainings.models.events import Event


class Ruled(models.Model):
    """Answers that are asked only where the rules of the event ask for them (`access.asked`)."""

    wanted = models.CharField(_("Which seats?"), max_length=10, choices=SeatKind, blank=True)
    declares_pes = models.CharField(
        _("Do you work or act in a social economy entity?"), max_length=3, choices=YesNo, blank=True
    )

    class Meta:
        abstract = True


class RuledPerson(models.Model):
    """The same, of one person."""

    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("Commune"), related_name="+"
    )
    declares_at_risk = models.CharField(
        _("Do you belong to a group at risk of exclusion?"), max_length=3, choices=YesNo, blank=True
    )
    case_number = models.CharField(_("Number of the case"), max_length=20, blank=True)

    class Meta:
        abstract = True


@history("has_needs", "loop", "sign_language", "wheelchair", "large_print", "diet", "other")
class EnrolmentApplication(Ruled, RuledPerson, Needs):
    """What a person answers who enrols for themselves; columns are empty in a draft, whole when `complete`."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="training_person")
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("training event"), related_name="+")
    complete = models.BooleanField(default=False, editable=False)
    first_name = models.CharField(_("First name"), max_length=80, blank=True)
    last_name = models.CharField(_("Surname"), max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)
    organisation_name = models.CharField(_("Name of the organisation"), max_length=300, blank=True)
    has_needs = models.CharField(_("Do you need anything to take part?"), max_length=3, choices=YesNo, blank=True)

    class Meta:
        verbose_name = _("enrolment of oneself")
        verbose_name_plural = _("enrolments of oneself")
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False) | ~Q(first_name="") & ~Q(last_name="") & ~Q(email=""),
                name="enrolmentapplication_whole",
            ),
            models.CheckConstraint(condition=Q(diet__in=["", *Diet.values]), name="enrolmentapplication_diet"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()


@history()
class GroupEnrolmentApplication(Ruled):
    """What an organisation answers that enrols its people; `email` and `phone` are of the contact person."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="training_group")
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("training event"), related_name="+")
    complete = models.BooleanField(default=False, editable=False)
    name = models.CharField(_("Name of the organisation"), max_length=300, blank=True)
    nip = models.CharField("NIP", max_length=10, blank=True)
    contact_first_name = models.CharField(_("First name"), max_length=80, blank=True)
    contact_last_name = models.CharField(_("Surname"), max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)

    class Meta:
        verbose_name = _("enrolment of people of an organisation")
        verbose_name_plural = _("enrolments of people of an organisation")
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False)
                | ~Q(name="") & ~Q(contact_first_name="") & ~Q(contact_last_name="") & ~Q(email=""),
                name="groupenrolment_whole",
            )
        ]

    def __str__(self):
        return self.name


@history("needs")
class GroupParticipant(RuledPerson):
    """One of the people whom an organisation enrols. Without an e-mail the letters go to the contact person."""

    answers = models.ForeignKey(GroupEnrolmentApplication, models.CASCADE, related_name="participants")
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Surname"), max_length=120)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)
    needs = models.CharField(_("What this person needs to take part"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("person enrolled by an organisation")
        verbose_name_plural = _("people enrolled by an organisation")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(first_name="") & ~Q(last_name=""), name="groupparticipant_named")
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"
