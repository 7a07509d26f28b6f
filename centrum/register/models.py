"""One row per person and per organisation, for the whole house."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.search import search_column, search_index, sort_column, sort_index
from centrum.register.enums import Answer, IdentifierKind, LegalForm, PesType, Sex
from centrum.staff.models import Unit

# Control characters break files and screens; the forms refuse them with a message, this is the second guard.
NO_CONTROL = r"^[^\u0001-\u001F\u007F]*$"


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
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="commune_dates"
            ),
            ExclusionConstraint(
                name="commune_one_at_a_time",
                expressions=[
                    ("teryt", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.county})"


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
    created_at = models.DateTimeField(_("created"), db_default=Now())
    search = search_column("name", "nip", "regon", "krs", "email", "phone", "locality")
    sort = sort_column("name")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
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
            models.CheckConstraint(condition=Q(pes_type__in=PesType.values), name="organisation_pes_type"),
            models.CheckConstraint(condition=Q(legal_form__in=LegalForm.values), name="organisation_legal_form"),
            models.CheckConstraint(
                condition=Q(postal_code__regex=r"^([0-9]{2}-[0-9]{3})?$"), name="organisation_postal_code"
            ),
        ]

    def __str__(self):
        return self.name


@history("search", "sort")
class Person(Address):
    """A person known to the Centrum. The identifier (PESEL or another) is encrypted; its keyed hash is unique."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("surname"), max_length=120)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    identifier_kind = models.CharField(
        _("identifier"), max_length=10, choices=IdentifierKind, default=IdentifierKind.NONE
    )
    identifier_cipher = models.BinaryField(null=True, editable=False)
    identifier_index = models.BinaryField(null=True, unique=True, editable=False, max_length=32)
    citizenship = models.CharField(_("citizenship"), max_length=20, blank=True)
    education = models.CharField(_("education"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=60, default="Polska")
    phone = models.CharField(_("phone"), max_length=15, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="people")
    created_at = models.DateTimeField(_("created"), db_default=Now())
    search = search_column("first_name", "last_name", "email", "phone", "locality")
    sort = sort_column("last_name", "first_name")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [search_index("person_search"), sort_index("person_sort")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    identifier_kind=IdentifierKind.NONE,
                    identifier_cipher__isnull=True,
                    identifier_index__isnull=True,
                )
                | Q(
                    identifier_kind__in=[IdentifierKind.PESEL, IdentifierKind.OTHER],
                    identifier_cipher__isnull=False,
                    identifier_index__isnull=False,
                ),
                name="person_identifier_whole",
            ),
            models.CheckConstraint(
                condition=~Q(identifier_kind=IdentifierKind.PESEL) | Q(birth_date__isnull=False, sex__in=Sex.values),
                name="person_pesel_tells_birth_and_sex",
            ),
            models.CheckConstraint(
                condition=Q(first_name__regex=NO_CONTROL)
                & Q(last_name__regex=NO_CONTROL)
                & ~Q(first_name="")
                & ~Q(last_name=""),
                name="person_name",
            ),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="person_sex"),
            models.CheckConstraint(
                condition=Q(postal_code__regex=r"^([0-9]{2}-[0-9]{3})?$"), name="person_postal_code"
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"


@history()
class PersonSensitive(models.Model):
    """Answers of special categories (art. 9 GDPR and near it), apart so that no list or search can carry them."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="sensitive")
    foreign_origin = models.CharField(_("person of foreign origin"), max_length=10, choices=Answer, blank=True)
    third_country_national = models.CharField(
        _("national of a third country"), max_length=10, choices=Answer, blank=True
    )
    minority = models.CharField(_("member of a national or ethnic minority"), max_length=10, choices=Answer, blank=True)
    homeless = models.CharField(
        _("homeless or affected by housing exclusion"), max_length=10, choices=Answer, blank=True
    )
    disability = models.CharField(_("person with disabilities"), max_length=10, choices=Answer, blank=True)

    class Meta:
        verbose_name = _("sensitive data")
        verbose_name_plural = _("sensitive data")
        constraints = [
            # only the questions of minority and disability may be refused (SM EFS form)
            models.CheckConstraint(
                condition=Q(foreign_origin__in=["", "yes", "no"])
                & Q(third_country_national__in=["", "yes", "no"])
                & Q(homeless__in=["", "yes", "no"])
                & Q(minority__in=["", *Answer.values])
                & Q(disability__in=["", *Answer.values]),
                name="personsensitive_answers",
            )
        ]

    def __str__(self):
        return f"{self.person_id}"
