"""Accounts of the staff and the units (lead, partners) that they work for."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.staff.enums import RIGHTS, WIDE_ROLES, Right, Role, UnitKind


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
        return super().get_queryset().select_related("unit")

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

    def has_right(self, right):
        return self.is_active and Right(right) in RIGHTS[self.role]

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
