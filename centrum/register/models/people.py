"""People: one row each; what is sensitive stands apart."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.search import search_column, search_index, sort_column, sort_index
from centrum.kit.triggers import frozen
from centrum.register.enums import Answer, IdentifierKind, Proof, RiskCategory, Sex
from centrum.register.models.places import ADDRESS, NO_CONTROL, Address
from centrum.staff.models import Unit

PERSON = (
    "first_name",
    "last_name",
    "sex",
    "birth_date",
    "identifier_kind",
    "identifier_index",
    "citizenship",
    "education",
    "country",
    "phone",
    "email",
    *ADDRESS,
)


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
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged", verbose_name=_("merged into")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())
    search = search_column("first_name", "last_name", "email", "phone", "locality")
    sort = sort_column("last_name", "first_name")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        triggers = [frozen("tombstone", PERSON, when=pgtrigger.Q(old__merged_into__isnull=False))]
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
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="person_merged_elsewhere"
            ),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="person_sex"),
            models.CheckConstraint(
                condition=Q(postal_code__regex=r"^([0-9]{2}-[0-9]{3})?$"), name="person_postal_code"
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"


@history()
class PersonUnit(Person.units.through):
    """Which units see the person; who may read whom is journalled like any column."""

    class Meta:
        proxy = True
        verbose_name = _("unit of a person")
        verbose_name_plural = _("units of people")


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


@history()
class RiskGroup(models.Model):
    """Group of people at risk of exclusion: art. 2 pkt 6 of the Act of 5 August 2022 on the social economy.

    The letters point to acts that change, so the legal basis is dated text.
    """

    letter = models.CharField(_("letter"), max_length=2)
    name = models.CharField(_("name"), max_length=200)
    category = models.CharField(_("category of data"), max_length=10, choices=RiskCategory)
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("at-risk group")
        verbose_name_plural = _("at-risk groups")
        ordering = ["letter", "-valid_from"]
        constraints = [
            *in_periods("riskgroup", "letter"),
            models.CheckConstraint(condition=Q(category__in=RiskCategory.values), name="riskgroup_category"),
        ]

    def __str__(self):
        return f"{self.letter}) {self.name}"


@history()
class AtRisk(models.Model):
    """That a person belongs to an at-risk group, by which proof and until when; sensitive groups open by a reveal."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="at_risk")
    group = models.ForeignKey(RiskGroup, models.PROTECT, verbose_name=_("at-risk group"), related_name="+")
    proof = models.CharField(_("proof"), max_length=30, choices=Proof)
    valid_from = models.DateField(_("date of the proof"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("first day on which it is gone"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("proof of an at-risk group")
        verbose_name_plural = _("proofs of at-risk groups")
        ordering = ["group__letter", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(proof__in=Proof.values), name="atrisk_proof"),
            *in_periods(
                "atrisk", "person", "group", message=_("There is a proof of this group for these days already.")
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.group_id}"
