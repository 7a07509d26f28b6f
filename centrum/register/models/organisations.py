"""Organisations: one row each, and what they do."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.search import search_column, search_index, sort_column, sort_index
from centrum.kit.triggers import frozen
from centrum.register.enums import LegalForm, PesType, PkdVersion
from centrum.register.models.places import ADDRESS, NO_CONTROL, Address
from centrum.staff.models import Unit

ORGANISATION = ("name", "legal_form", "pes_type", "nip", "regon", "krs", "phone", "email", *ADDRESS)


@history("search", "sort")
class Organisation(Address):
    """A body with a legal form: PES, creating unit, local government or other client."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("full name"), max_length=300)
    legal_form = models.CharField(_("legal form"), max_length=30, choices=LegalForm)
    pes_type = models.CharField(_("PES type"), max_length=40, choices=PesType)
    nip = models.CharField("NIP", max_length=10, blank=True)
    regon = models.CharField("REGON", max_length=14, blank=True)
    krs = models.CharField("KRS", max_length=10, blank=True)
    phone = models.CharField(_("phone"), max_length=15, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="organisations")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged", verbose_name=_("merged into")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())
    search = search_column("name", "nip", "regon", "krs", "email", "phone", "locality")
    sort = sort_column("name")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        triggers = [frozen("tombstone", ORGANISATION, when=pgtrigger.Q(old__merged_into__isnull=False))]
        indexes = [search_index("organisation_search"), sort_index("organisation_sort")]
        constraints = [
            models.UniqueConstraint(
                fields=["nip"],
                condition=~Q(nip=""),
                name="organisation_nip_once",
                violation_error_message=_("An organisation with this NIP is in the register already."),
            ),
            models.UniqueConstraint(
                fields=["regon"],
                condition=~Q(regon=""),
                name="organisation_regon_once",
                violation_error_message=_("An organisation with this REGON is in the register already."),
            ),
            models.UniqueConstraint(
                fields=["krs"],
                condition=~Q(krs=""),
                name="organisation_krs_once",
                violation_error_message=_("An organisation with this KRS is in the register already."),
            ),
            models.CheckConstraint(condition=Q(nip__regex=r"^([0-9]{10})?$"), name="organisation_nip"),
            models.CheckConstraint(condition=Q(regon__regex=r"^([0-9]{9}|[0-9]{14})?$"), name="organisation_regon"),
            models.CheckConstraint(condition=Q(krs__regex=r"^([0-9]{10})?$"), name="organisation_krs"),
            models.CheckConstraint(condition=Q(name__regex=NO_CONTROL) & ~Q(name=""), name="organisation_name"),
            models.CheckConstraint(
                condition=~Q(legal_form=LegalForm.INFORMAL) | Q(nip="", regon="", krs=""),
                name="organisation_informal_has_no_numbers",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="organisation_merged_elsewhere"
            ),
            models.CheckConstraint(condition=Q(pes_type__in=PesType.values), name="organisation_pes_type"),
            models.CheckConstraint(condition=Q(legal_form__in=LegalForm.values), name="organisation_legal_form"),
            models.CheckConstraint(
                condition=Q(postal_code__regex=r"^([0-9]{2}-[0-9]{3})?$"), name="organisation_postal_code"
            ),
        ]

    def __str__(self):
        return self.name


@history()
class OrganisationUnit(Organisation.units.through):
    """Which units see the organisation."""

    class Meta:
        proxy = True
        verbose_name = _("unit of an organisation")
        verbose_name_plural = _("units of organisations")


@history()
class PkdCode(models.Model):
    """A kind of activity of the Polish classification (PKD) in the version of 2007 or 2025."""

    version = models.PositiveSmallIntegerField(_("version"), choices=PkdVersion)
    code = models.CharField(_("code"), max_length=7)
    name = models.CharField(_("name"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False, help_text=_("checked with the file of GUS"))

    class Meta:
        verbose_name = _("PKD code")
        verbose_name_plural = _("PKD codes")
        ordering = ["-version", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="pkdcode_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{2}(\.[0-9]{2}(\.[A-Z])?)?$", version__in=PkdVersion.values),
                name="pkdcode_code",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


@history()
class Activity(models.Model):
    """What an organisation does (PKD); one main code in each version of the classification."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="activities")
    pkd = models.ForeignKey(PkdCode, models.PROTECT, verbose_name=_("PKD code"), related_name="+")
    version = models.PositiveSmallIntegerField(choices=PkdVersion, editable=False)  # of the code, for the constraint
    main = models.BooleanField(_("main activity"), default=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-version", "-main", "pkd__code"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pkd"], name="activity_once"),
            models.UniqueConstraint(
                fields=["organisation", "version"], condition=Q(main=True), name="activity_one_main"
            ),
        ]

    def __str__(self):
        return str(self.pkd)
