"""Roles and rights. A role exists only where its rights differ from every other role's (README, Decisions)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    LEAD = "lead", _("lead")
    PARTNER = "partner", _("partner")


class Role(models.TextChoices):
    ADVISER = "adviser", _("adviser")  # doradca, animator, specjalista, trener
    COORDINATOR = "coordinator", _("coordinator")  # koordynator projektu lub partnera, monitoring SM EFS
    MANAGER = "manager", _("manager")  # kierownik OWES
    ACCOUNTANT = "accountant", _("accountant")  # księgowość, rozliczenia
    AUDITOR = "auditor", _("auditor")  # kontroler, IOD
    ADMINISTRATOR = "administrator", _("administrator")  # administrator systemu


class Right(models.TextChoices):
    VIEW_CLIENTS = "view_clients", _("see people, organisations, applications, cases and services")
    EDIT_CLIENTS = "edit_clients", _("write in the register and in cases, log services")
    DECIDE = "decide", _("decide on applications, approve services, close cases")
    REVEAL_IDENTIFIER = "reveal_identifier", _("open a PESEL, with a reason")
    REVEAL_SENSITIVE = "reveal_sensitive", _("open sensitive data, with a reason")
    VIEW_REPORTING = "view_reporting", _("see EU projects and participations")
    EXPORT_PARTICIPANTS = "export_participants", _("export participant files")
    EXPORT_SERVICES = "export_services", _("export the register of services")
    IMPORT_PARTICIPANTS = "import_participants", _("import participant files")
    VIEW_JOURNAL = "view_journal", _("read the journal")
    VIEW_OUTBOX = "view_outbox", _("read the outbox")
    ADMINISTER = "administer", _("keep accounts, units and dictionaries")


_ADVISER = {Right.VIEW_CLIENTS, Right.EDIT_CLIENTS, Right.REVEAL_IDENTIFIER}
_COORDINATOR = _ADVISER | {
    Right.DECIDE,
    Right.REVEAL_SENSITIVE,
    Right.VIEW_REPORTING,
    Right.EXPORT_PARTICIPANTS,
    Right.EXPORT_SERVICES,
    Right.IMPORT_PARTICIPANTS,
    Right.VIEW_OUTBOX,
}

RIGHTS = {
    Role.ADVISER: frozenset(_ADVISER),
    Role.COORDINATOR: frozenset(_COORDINATOR),
    Role.MANAGER: frozenset(_COORDINATOR | {Right.VIEW_JOURNAL}),
    Role.ACCOUNTANT: frozenset({Right.VIEW_CLIENTS, Right.VIEW_REPORTING, Right.EXPORT_SERVICES}),
    Role.AUDITOR: frozenset({Right.VIEW_CLIENTS, Right.VIEW_REPORTING, Right.VIEW_JOURNAL}),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER, Right.VIEW_OUTBOX, Right.VIEW_JOURNAL}),
}

# These roles of the lead unit see the clients of every unit; all others only their own unit's.
WIDE_ROLES = frozenset({Role.COORDINATOR, Role.MANAGER, Role.ACCOUNTANT, Role.AUDITOR})
