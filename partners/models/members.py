"""Membership of organisations in partnerships, what they bring, who speaks for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.triggers import never_deleted
from centrum.register.models import Organisation, Person
from partners.enums import MemberRole
from partners.models.partnerships import Competence, Partnership


@history()
class Membership(models.Model):
    """An organisation in a partnership, in a role and a period; who comes back has a row of its own."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=MemberRole)
    valid_from = models.DateField(_("member since"))
    valid_to = models.DateField(_("first day after membership"), null=True, blank=True)
    leaving = models.CharField(_("why it left"), max_length=300, blank=True)
    competences = models.ManyToManyField(Competence, verbose_name=_("competences"), related_name="memberships")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["valid_from", "id"]
        triggers = [never_deleted()]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="membership_role"),
            *in_periods(
                "membership",
                "partnership",
                "organisation",
                message=_("This organisation is a member in these days already."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} – {self.partnership}"


@history()
class MembershipCompetence(Membership.competences.through):
    """What a member brings."""

    class Meta:
        proxy = True
        verbose_name = _("competence of a member")
        verbose_name_plural = _("competences of members")


@history()
class Representative(models.Model):
    """A person who speaks for a member in the partnership, perhaps with power to sign, in a period."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="representatives")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="represents")
    signs = models.BooleanField(_("may sign"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("first day on which it is gone"))

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        ordering = ["valid_from", "id"]
        triggers = [never_deleted()]
        constraints = in_periods(
            "representative",
            "membership",
            "person",
            message=_("This person represents the member in these days already."),
        )

    def __str__(self):
        return str(self.person)
