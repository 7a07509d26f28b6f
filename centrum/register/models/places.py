"""Communes and localities of TERYT, and the address that people and organisations share."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.search import search_column, search_index

# Control characters break files and screens; the forms refuse them with a message, this is the second guard.
NO_CONTROL = r"^[^\u0001-\u001F\u007F]*$"


@history()
class Commune(models.Model):
    """Gmina with its TERYT code (TERC, 7 digits) and degree of urbanisation, valid from a day."""

    teryt = models.CharField(_("TERYT code"), max_length=7)
    name = models.CharField(_("commune"), max_length=60)
    county = models.CharField(_("county"), max_length=60, help_text=_("lower case, as SM EFS writes it"))
    voivodeship = models.CharField(_("voivodeship"), max_length=40, help_text=_("lower case, as SM EFS writes it"))
    degurba = models.PositiveSmallIntegerField(
        _("DEGURBA"), null=True, blank=True, choices=[(1, "1"), (2, "2"), (3, "3")]
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("checked with the files of GUS and Eurostat")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["voivodeship", "county", "name", "teryt"]
        constraints = [
            models.CheckConstraint(condition=Q(teryt__regex=r"^[0-9]{7}$"), name="commune_teryt"),
            models.CheckConstraint(
                condition=Q(degurba__isnull=True) | Q(degurba__range=(1, 3)), name="commune_degurba"
            ),
            *in_periods("commune", "teryt"),
        ]

    def __str__(self):
        return f"{self.name} ({self.county})"


class Locality(models.Model):
    """Miejscowość of the SIMC register of GUS, in the commune `teryt` (TERC, 7 digits), valid from a day."""

    simc = models.CharField(_("SIMC code"), max_length=7)
    name = models.CharField(_("town or village"), max_length=100)
    kind = models.CharField(_("kind"), max_length=2, help_text=_("RM of the SIMC file, two digits"))
    part_of = models.CharField(_("part of (SIMC)"), max_length=7, blank=True)
    teryt = models.CharField(_("TERYT code of the commune"), max_length=7)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    search = search_column("name")

    class Meta:
        verbose_name = _("locality")
        verbose_name_plural = _("localities")
        ordering = ["name", "simc", "-valid_from"]
        indexes = [search_index("locality_search"), models.Index(fields=["teryt", "name"], name="locality_commune")]
        constraints = [
            models.CheckConstraint(
                condition=Q(simc__regex=r"^[0-9]{7}$", teryt__regex=r"^[0-9]{7}$", part_of__regex=r"^([0-9]{7})?$"),
                name="locality_codes",
            ),
            *in_periods("locality", "simc"),
        ]

    def __str__(self):
        return self.name


ADDRESS = ("street", "building", "flat", "postal_code", "locality", "locality_simc", "commune")


class Address(models.Model):
    """Where someone lives or has a seat; the street goes on letters, never into EU files."""

    street = models.CharField(_("street"), max_length=120, blank=True)
    building = models.CharField(_("building number"), max_length=12, blank=True)
    flat = models.CharField(_("flat number"), max_length=12, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=6, blank=True)
    locality = models.CharField(_("town or village"), max_length=80, blank=True)
    locality_simc = models.CharField(_("SIMC code"), max_length=7, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("commune"), related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def address_lines(self):
        number = "/".join(part for part in (self.building, self.flat) if part)
        first = f"{self.street or self.locality} {number}".strip()
        return [line for line in (first, f"{self.postal_code} {self.locality}".strip()) if line]
