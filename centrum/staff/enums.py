"""Roles and rights. A role exists only where its rights differ from every other role's (README, Decisions)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    LEAD = "lead", _("lead")
    PARTNER = "partner", _("partner")


class Role(models.TextChoices):
    ADVISER = "adviser", _("adviser")  # doradca, animator, specjalista, trener
    COORDINATOR = "coordinator", _("coordinator")  # koordynator projektu lub partnera, monitoring SM EFS
    LOAN_OFFICER = "loan_officer", _("loan officer")  # specjalista do spraw pożyczek, analityk
    MANAGER = "manager", _("manager")  # kierownik OWES
    ACCOUNTANT = "accountant", _("accountant")  # księgowość, rozliczenia
    AUDITOR = "auditor", _("auditor")  # kontroler z zewnątrz: próba osób w okresie
    DATA_PROTECTION = "data_protection", _("data protection officer")  # IOD
    ADMINISTRATOR = "administrator", _("administrator")  # administrator systemu


class Right(models.TextChoices):
    VIEW_CLIENTS = "view_clients", _("see people, organisations, applications, cases and services")
    EDIT_CLIENTS = "edit_clients", _("write in the register and in cases, log services")
    DECIDE = "decide", _("decide on applications, approve services, close cases")
    REVEAL_IDENTIFIER = "reveal_identifier", _("open a PESEL, with a reason")
    REVEAL_SENSITIVE = "reveal_sensitive", _("open sensitive data, with a reason")
    VIEW_ACCOUNTS = "view_accounts", _("see numbers of bank accounts in full")
    VIEW_REPORTING = "view_reporting", _("see EU projects and participations")
    EXPORT_PARTICIPANTS = "export_participants", _("export participant files")
    EXPORT_SERVICES = "export_services", _("export the register of services")
    IMPORT_PARTICIPANTS = "import_participants", _("import participant files")
    VIEW_JOURNAL = "view_journal", _("read the journal")
    VIEW_OUTBOX = "view_outbox", _("read the outbox")
    MERGE = "merge", _("merge doubled people and organisations")
    KEEP_CALLS = "keep_calls", _("open and change calls for applications")
    KEEP_LETTERS = "keep_letters", _("edit the texts of letters")
    VIEW_PARTNERSHIPS = "view_partnerships", _("see partnerships")
    KEEP_PARTNERSHIPS = "keep_partnerships", _("keep partnerships of the own unit")
    VIEW_TRAININGS = "view_trainings", _("see training events and who is enrolled")
    KEEP_TRAININGS = "keep_trainings", _("keep training events of the own unit")
    PAY_TRAININGS = "pay_trainings", _("note what was paid for training events")
    VIEW_LEDGER = "view_ledger", _("see the ledger of the fund")
    KEEP_LEDGER = "keep_ledger", _("post to the ledger of the fund and close its months")
    VIEW_LOANS = "view_loans", _("see loans of the fund")
    KEEP_LOANS = "keep_loans", _("assess applications for loans, keep loans of the fund")
    DECIDE_LOANS = "decide_loans", _("confirm decisions on loans")
    PAY_LOANS = "pay_loans", _("release and book payouts of loans, accept their settlement")
    KEEP_RATES = "keep_rates", _("enter and confirm rates of the NBP")
    HANDLE_REQUESTS = "handle_requests", _("handle requests of data subjects and make dossiers")
    KEEP_SAMPLES = "keep_samples", _("choose what an auditor reads")
    DELEGATE = "delegate", _("say who stands in for others")
    VIEW_AUTHORISATIONS = "view_authorisations", _("see who is authorised to process personal data")
    ADMINISTER = "administer", _("keep accounts, units and dictionaries")


class Scope(models.TextChoices):
    """What an authorisation to process personal data (upoważnienie, art. 29 GDPR) extends to."""

    CLIENTS = "clients", _("data of clients")
    SENSITIVE = "sensitive", _("data of special categories and of convictions (art. 9 and 10 GDPR)")


class PeriodState(models.TextChoices):
    """Where a dated paper stands on the day on which it is looked at."""

    IN_FORCE = "in_force", _("in force")
    TO_COME = "to_come", _("to come")
    ENDED = "ended", _("ended")
    CALLED_OFF = "called_off", _("called off")


PERIOD_TAG = {
    PeriodState.IN_FORCE: "ok",
    PeriodState.TO_COME: "info",
    PeriodState.ENDED: "quiet",
    PeriodState.CALLED_OFF: "quiet",
}

_ADVISER = {
    Right.VIEW_CLIENTS,
    Right.EDIT_CLIENTS,
    Right.REVEAL_IDENTIFIER,
    Right.VIEW_ACCOUNTS,
    Right.VIEW_PARTNERSHIPS,
    Right.KEEP_PARTNERSHIPS,
    Right.VIEW_TRAININGS,
    Right.KEEP_TRAININGS,
}
_COORDINATOR = _ADVISER | {
    Right.DECIDE,
    Right.REVEAL_SENSITIVE,
    Right.VIEW_REPORTING,
    Right.EXPORT_PARTICIPANTS,
    Right.EXPORT_SERVICES,
    Right.IMPORT_PARTICIPANTS,
    Right.VIEW_OUTBOX,
    Right.MERGE,
    Right.KEEP_CALLS,
    Right.KEEP_LETTERS,
    Right.VIEW_LOANS,
}

RIGHTS = {
    Role.ADVISER: frozenset(_ADVISER),
    Role.COORDINATOR: frozenset(_COORDINATOR),
    Role.LOAN_OFFICER: frozenset(
        {
            Right.VIEW_CLIENTS,
            Right.EDIT_CLIENTS,
            Right.VIEW_ACCOUNTS,
            Right.VIEW_LEDGER,
            Right.VIEW_LOANS,
            Right.KEEP_LOANS,
        }
    ),
    Role.MANAGER: frozenset(
        _COORDINATOR
        | {Right.VIEW_JOURNAL, Right.KEEP_SAMPLES, Right.DELEGATE, Right.KEEP_RATES, Right.PAY_TRAININGS}
        | {Right.VIEW_LEDGER, Right.KEEP_LEDGER, Right.KEEP_LOANS, Right.DECIDE_LOANS, Right.PAY_LOANS}
    ),
    Role.ACCOUNTANT: frozenset(
        {
            Right.VIEW_CLIENTS,
            Right.VIEW_ACCOUNTS,
            Right.VIEW_REPORTING,
            Right.EXPORT_SERVICES,
            Right.VIEW_PARTNERSHIPS,
            Right.VIEW_TRAININGS,
            Right.PAY_TRAININGS,
            Right.VIEW_LEDGER,
            Right.KEEP_LEDGER,
            Right.KEEP_RATES,
            Right.VIEW_LOANS,
            Right.PAY_LOANS,
        }
    ),
    Role.AUDITOR: frozenset({Right.VIEW_CLIENTS, Right.VIEW_REPORTING}),
    Role.DATA_PROTECTION: frozenset(
        {
            Right.VIEW_CLIENTS,
            Right.VIEW_JOURNAL,
            Right.HANDLE_REQUESTS,
            Right.VIEW_AUTHORISATIONS,
            Right.VIEW_PARTNERSHIPS,
            Right.VIEW_TRAININGS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.ADMINISTER,
            Right.VIEW_OUTBOX,
            Right.VIEW_JOURNAL,
            Right.DELEGATE,
            Right.VIEW_AUTHORISATIONS,
            Right.KEEP_RATES,
        }
    ),
}

# These roles of the lead unit see the clients of every unit; all others only their own unit's.
WIDE_ROLES = frozenset(
    {Role.COORDINATOR, Role.LOAN_OFFICER, Role.MANAGER, Role.ACCOUNTANT, Role.AUDITOR, Role.DATA_PROTECTION}
)

# The authorisation that a right needs besides the role; what opens nobody's data needs none.
_OPEN_NO_DATA = {Right.ADMINISTER, Right.DELEGATE, Right.VIEW_AUTHORISATIONS, Right.KEEP_RATES}
# The participant file holds the sensitive answers, whichever way it goes.
_OPEN_SENSITIVE_DATA = (Right.REVEAL_SENSITIVE, Right.EXPORT_PARTICIPANTS, Right.IMPORT_PARTICIPANTS)
SCOPES = {right: Scope.CLIENTS for right in Right if right not in _OPEN_NO_DATA} | dict.fromkeys(
    _OPEN_SENSITIVE_DATA, Scope.SENSITIVE
)


class Step(models.TextChoices):
    """What was tried at the door."""

    PASSWORD = "password", _("password")
    CODE = "code", _("code of the application or recovery code")
    CONFIRMATION = "confirmation", _("fresh sign-in")
    LINK = "link", _("request for a link to set the password")


class Outcome(models.TextChoices):
    PENDING = "pending", _("not finished")  # counts as a failure: written before the secret is looked at
    PASSED = "passed", _("passed")
    WRONG = "wrong", _("wrong")
    BLOCKED = "blocked", _("blocked: too many attempts")


OUTCOME_TAG = {Outcome.PENDING: "quiet", Outcome.PASSED: "ok", Outcome.WRONG: "wait", Outcome.BLOCKED: "bad"}

OUTCOMES = (  # source, target
    (Outcome.PENDING, Outcome.PASSED),
    (Outcome.PENDING, Outcome.WRONG),
)
