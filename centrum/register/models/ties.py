"""What ties organisations to one another, to people and to banks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.register.enums import LinkKind
from centrum.register.models.organisations import Organisation
from centrum.register.models.people import Person


@history()
class UndertakingLink(models.Model):
    """That `organisation` holds `other` in a way that makes both a single undertaking
    (art. 2(2) of Regulation (EU) 2023/2831), in a period."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="links_down"
    )
    other = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("the other organisation"), related_name="links_up"
    )
    kind = models.CharField(_("kind of link"), max_length=20, choices=LinkKind)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("first day on which it is gone"))
    source = models.CharField(_("known from"), max_length=200)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("link between undertakings")
        verbose_name_plural = _("links between undertakings")
        ordering = ["-valid_from"]
        constraints = [
            *in_periods(
                "undertakinglink",
                "organisation",
                "other",
                "kind",
                message=_("This link is noted for these days already."),
            ),
            models.CheckConstraint(
                condition=~Q(organisation=F("other")),
                name="undertakinglink_of_two",
                violation_error_message=_("An organisation cannot be linked to itself."),
            ),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="undertakinglink_kind"),
        ]

    def __str__(self):
        return f"{self.organisation} – {self.other}"


@history()
class Contact(models.Model):
    """A person who speaks for an organisation or belongs to an informal group, in a role and a period."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="contact_of")
    role = models.CharField(_("role in the organisation"), max_length=80)
    signs = models.BooleanField(_("may sign for the organisation"), default=False)
    main = models.BooleanField(_("main contact"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("first day on which it is gone"))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-main", "-valid_from"]
        constraints = [
            *in_periods(
                "contact",
                "organisation",
                "person",
                "role",
                message=_("This person has this role in these days already."),
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(main=True, valid_to__isnull=True), name="contact_one_main"
            ),
            models.CheckConstraint(condition=~Q(role=""), name="contact_role"),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}"


@history()
class BankAccount(models.Model):
    """A bank account of an organisation or a person; money goes only to one that a second person confirmed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="bank_accounts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="bank_accounts")
    iban = models.CharField(_("account number (IBAN)"), max_length=28)
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("first day on which it is gone"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    proof = models.CharField(_("proof"), max_length=120, blank=True, help_text=_("e.g. a certificate of the bank"))

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, person__isnull=False)
                | Q(organisation__isnull=False, person__isnull=True),
                name="bankaccount_one_owner",
            ),
            models.CheckConstraint(condition=Q(iban__regex=r"^PL[0-9]{26}$"), name="bankaccount_iban"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & (Q(noted_by__isnull=True) | ~Q(confirmed_by=F("noted_by"))),
                name="bankaccount_four_eyes",
            ),
            *in_periods("bankaccount", "iban", message=_("This account is noted for somebody in these days already.")),
        ]

    def __str__(self):
        return self.iban
