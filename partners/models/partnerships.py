"""Partnerships (partnerstwa), where they work, and the dictionary of competences."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.search import search_column, search_index, sort_column, sort_index
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import never_deleted
from centrum.reporting.models import Project
from centrum.staff.models import Unit
from partners.enums import PARTNERSHIP_MOVES, PartnershipKind, PartnershipState


@history()
class Competence(models.Model):
    """What a partner can bring (kompetencja), a word of the dictionary with the days on which it is offered."""

    code = models.SlugField(_("code"), max_length=40)
    label = models.CharField(_("name"), max_length=120)
    label_en = models.CharField(_("name in English"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["label"]
        constraints = in_periods("competence", "code")

    def __str__(self):
        return self.label if get_language() == "pl" else self.label_en


@history("search", "sort")
class Partnership(models.Model):
    """Who works together on what. Public: it has a page of its own on the site."""

    MOVES = PARTNERSHIP_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=PartnershipKind)
    purpose = models.TextField(_("purpose"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=PartnershipState, default=PartnershipState.IDEA)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="partnerships")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("coordinator of the partnership"),
        related_name="partnerships",
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, verbose_name=_("EU project"), related_name="partnerships"
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    public = models.BooleanField(_("shown on the public site"), default=False)
    created_at = models.DateTimeField(db_default=Now())
    search = search_column("name", "purpose")
    sort = sort_column("name")

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["sort", "id"]
        triggers = [legal_moves(PARTNERSHIP_MOVES), never_deleted()]
        indexes = [search_index("partnership_search"), sort_index("partnership_sort")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="partnership_named"),
            models.CheckConstraint(condition=Q(kind__in=PartnershipKind.values), name="partnership_kind"),
            models.CheckConstraint(condition=Q(state__in=PartnershipState.values), name="partnership_state"),
            models.CheckConstraint(
                condition=Q(state=PartnershipState.IDEA) | Q(state=PartnershipState.ENDED) | ~Q(purpose=""),
                name="partnership_purpose",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PartnershipState.AGREED, PartnershipState.ACTIVE, PartnershipState.SUSPENDED])
                | Q(founded_on__isnull=False),
                name="partnership_founded",
            ),
            models.CheckConstraint(
                condition=~Q(state=PartnershipState.ACTIVE) | Q(coordinator__isnull=False),
                name="partnership_coordinated",
            ),
            models.CheckConstraint(
                condition=Q(state=PartnershipState.ENDED, ended_on__isnull=False)
                | ~Q(state=PartnershipState.ENDED) & Q(ended_on__isnull=True),
                name="partnership_ended_stamped",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(founded_on__isnull=True) | Q(ended_on__gte=F("founded_on")),
                name="partnership_dates",
            ),
        ]

    def __str__(self):
        return self.name


@history()
class Area(models.Model):
    """A commune (7 digits of TERC) or a whole county (4 digits) where a partnership works."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="areas")
    teryt = models.CharField(_("TERYT code"), max_length=7)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("area of a partnership")
        verbose_name_plural = _("areas of partnerships")
        ordering = ["teryt"]
        indexes = [models.Index(fields=["teryt"], name="area_teryt")]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "teryt"], name="area_once"),
            models.CheckConstraint(condition=Q(teryt__regex=r"^[0-9]{4}([0-9]{3})?$"), name="area_code"),
        ]

    def __str__(self):
        return self.name
