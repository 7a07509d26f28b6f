"""Accounts of the staff and the units (lead, partners) that they work for."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock
from centrum.kit.history import history
from centrum.kit.periods import in_force
from centrum.staff.enums import RIGHTS, SCOPES, WIDE_ROLES, Right, Role, UnitKind


@history()
class Unit(models.Model):
    """The lead or a partner of the consortium; clients belong to the unit that serves them."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind=UnitKind.LEAD), name="unit_one_lead"),
        ]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def get_queryset(self):
        # what a user sees follows from their unit, so every page would ask for it on its own
        # and what their session needs follows from the second factor
        return super().get_queryset().select_related("unit", "second_factor")

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


@history("password", "last_login")
class User(AbstractBaseUser):
    """A member of the staff; signs in by e-mail. What they may do follows from `role` and `unit` alone."""

    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("surname"), max_length=80)
    job = models.CharField(_("job title"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="users")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    def clean(self):
        super().clean()
        self.email = (self.email or "").lower()

    @property
    def has_second_factor(self):
        factor = getattr(self, "second_factor", None)
        return factor is not None and factor.confirmed_at is not None

    @property
    def has_accepted(self):
        """Whether the invitation led to a password."""
        return self.has_usable_password()

    def get_session_auth_hash(self):
        """What every session of the account carries: it changes with the password and with the second factor."""
        return self._with_second_factor(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        return map(self._with_second_factor, super().get_session_auth_fallback_hash())

    def _with_second_factor(self, digest):
        return f"{digest}:{self.second_factor.confirmed_at.timestamp()}" if self.has_second_factor else digest

    def has_right(self, right):
        right = Right(right)
        if not self.is_active or right not in RIGHTS[self.role]:
            return False
        return right not in SCOPES or SCOPES[right] in self.authorised_scopes

    @cached_property
    def authorised_scopes(self):
        """Scopes of the authorisations in force today; without them a role opens nobody's data."""
        return frozenset(self.authorisations.filter(in_force()).values_list("scope", flat=True))

    @property
    def stands_in(self):
        """Delegations in force today in which this user is the deputy, asked for once a day of the clock.

        One counts only as long as the rights of the absent are among the user's own, whatever roles have become.
        """
        today = clock.today()
        if getattr(self, "_stands_in", (None,))[0] != today:
            found = self.deputyships.filter(in_force(today), revoked_at=None).select_related("absent__unit")
            covered = [d for d in found.order_by("valid_to", "id") if RIGHTS[d.absent.role] <= RIGHTS[self.role]]
            self._stands_in = today, covered
        return self._stands_in[1]

    @property
    def sees_all_units(self):
        return self.unit.kind == UnitKind.LEAD and self.role in WIDE_ROLES

    # What Django's admin asks; each ModelAdmin then asks for its own right.
    @property
    def is_staff(self):
        return self.has_right(Right.ADMINISTER)

    def has_perm(self, perm, obj=None):
        return self.has_right(Right.ADMINISTER)

    def has_module_perms(self, app_label):
        return self.has_right(Right.ADMINISTER)
