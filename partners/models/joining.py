"""What an organisation answers that asks to join a partnership, or to begin one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Commune
from partners.models.partnerships import Partnership


@history()
class JoinApplication(models.Model):
    """Without `partnership` the organisation wants to begin a new one; columns are whole when `complete`."""

    application = models.OneToOneField(
        Application, models.CASCADE, primary_key=True, related_name="partnership_joining"
    )
    complete = models.BooleanField(default=False, editable=False)
    partnership = models.ForeignKey(
        Partnership,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Which partnership do you want to join?"),
        related_name="+",
    )
    purpose = models.TextField(_("What do you want to do together?"), blank=True)
    brings = models.TextField(_("What can you bring?"), blank=True)
    name = models.CharField(_("Full name"), max_length=300, blank=True)
    pes_type = models.CharField(_("Kind of organisation"), max_length=40, choices=PesType, blank=True)
    legal_form = models.CharField(_("Legal form"), max_length=30, choices=LegalForm, blank=True)
    nip = models.CharField("NIP", max_length=10, blank=True)
    locality = models.CharField(_("Town or village"), max_length=80, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("Commune"), related_name="+"
    )
    contact_first_name = models.CharField(_("First name"), max_length=80, blank=True)
    contact_last_name = models.CharField(_("Surname"), max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)

    class Meta:
        verbose_name = _("application to join a partnership")
        verbose_name_plural = _("applications to join partnerships")
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False)
                | Q(pes_type__in=PesType.values, legal_form__in=LegalForm.values)
                & ~Q(purpose="")
                & ~Q(brings="")
                & ~Q(name="")
                & ~Q(nip="")
                & ~Q(locality="")
                & ~Q(contact_first_name="")
                & ~Q(contact_last_name="")
                & ~Q(email=""),
                name="joinapplication_whole",
            )
        ]

    def __str__(self):
        return self.name
