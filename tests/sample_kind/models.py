"""What a room adds for a kind of its own: one typed model."""

from django.db import models
from django.db.models import Q

from centrum.intake.models import Application


class VisitRequest(models.Model):
    """A group asks to see a social enterprise at work; columns are empty in a draft, whole when `complete`."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="visit")
    complete = models.BooleanField(default=False, editable=False)
    name = models.CharField("Nazwa grupy", max_length=80, blank=True)
    email = models.EmailField("E-mail", blank=True)
    place = models.CharField("Dokąd", max_length=80, blank=True)
    people = models.PositiveSmallIntegerField("Ile osób", null=True, blank=True)
    by_coach = models.CharField(
        "Czy potrzebny autokar", max_length=3, choices=[("yes", "tak"), ("no", "nie")], blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False)
                | ~Q(name="") & ~Q(email="") & ~Q(place="") & ~Q(by_coach="") & Q(people__isnull=False),
                name="visitrequest_whole",
            )
        ]

    def __str__(self):
        return self.name
