"""Rules that hold in the whole house, asked of the code and the database themselves."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from tests.settings_safe import read

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["kit", "staff", "register", "intake", "reporting", "cases", "partners", "loans", "trainings"]
OURS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
SOURCES = [p for top in ("centrum", "partners", "loans", "trainings") for p in (ROOT / top).rglob("*.py")]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))


def test_the_driver_is_psycopg2():
    """COPY through copy_expert is psycopg2's; psycopg 3, once installed, would take its place unasked."""
    assert is_psycopg3 is False


@pytest.mark.parametrize("room", ROOMS)
def test_migrations_of_a_room_are_one_line(room):
    graph = MigrationLoader(None).graph
    own = {key: graph.node_map[key] for key in graph.nodes if key[0] == room}
    for node in own.values():
        assert len([child for child in node.children if child.key[0] == room]) <= 1, node.key
    assert len([key for key, node in own.items() if not any(c.key[0] == room for c in node.children)]) == 1


def test_every_migration_can_be_undone():
    loader = MigrationLoader(None)
    stuck = [
        key
        for key, migration in loader.disk_migrations.items()
        if key[0] in ROOMS
        for operation in migration.operations
        if isinstance(operation, RunPython | RunSQL) and not operation.reversible
    ]
    assert stuck == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_nothing_is_deleted_along_with_something_else(model):
    """CASCADE only from a row to its own part; money, cases and people never vanish with their neighbour."""
    parts = {
        "register.PersonSensitive.person",
        "cases.PlanItem.case",
        "cases.PersonSupportApplication.application",
        "cases.OrganisationSupportApplication.application",
        "cases.GroupSupportApplication.application",
        "cases.GroupMember.answers",
        "intake.Attachment.application",
        "intake.AccessLink.application",
        "register.Activity.organisation",
        "staff.SecondFactor.user",
        "staff.RecoveryCode.user",
        "reporting.PendingImport.project",
        "reporting.PendingImport.by",
        "partners.Area.partnership",
        "partners.JoinApplication.application",
        "loans.LoanApplication.application",
        "loans.LoanPurchase.answers",
        "loans.PlannedJob.answers",
        "loans.ExistingDebt.answers",
        "loans.LoanAid.answers",
        "loans.GuaranteeApplication.application",
        "loans.GuaranteeDebt.answers",
        "loans.GuaranteeAid.answers",
        "trainings.Teaching.session",
        "trainings.AccessNeeds.enrolment",
        "trainings.EnrolmentApplication.application",
        "trainings.GroupEnrolmentApplication.application",
        "trainings.GroupParticipant.answers",
    }
    for field in model._meta.concrete_fields:
        rule = getattr(field.remote_field, "on_delete", None)
        if rule is models.CASCADE:
            assert f"{model._meta.label}.{field.name}" in parts or model._meta.concrete_model._meta.auto_created


@pytest.mark.parametrize("model", [m for m in OURS if hasattr(m, "MOVES")], ids=lambda m: m._meta.label)
def test_every_state_can_be_reached_and_every_move_is_named_once(model):
    states = set(dict(model._meta.get_field("state").choices))
    field = model._meta.get_field("state")
    # an enrolment begins with a seat or on the reserve list, by whether there is one; aid as granted with an agreement,
    # or as noted for a second person
    open_ = {"trainings.Enrolment": {"seated", "reserve"}, "loans.AidGrant": {"prepared", "granted"}}
    first = {field.default} if field.has_default() else open_[model._meta.label]
    targets = {move.target for move in model.MOVES}
    assert states == targets | first
    assert len({move.action for move in model.MOVES}) == len(model.MOVES)
    assert all(move.right or move.client for move in model.MOVES)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_hold_no_inline_code(path):
    """The content security policy would refuse it; a page must not depend on it."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"src\s*=\s*[\"']https?://|<link[^>]*https?://", text) == []


def test_services_never_write_outside_a_transaction():
    """Every public function of a services.py that writes is atomic, or hands on to move(), which is.

    One that locks a row asks for the transaction of its caller by itself.
    """
    bare = []
    for path in SOURCES:
        if path.name != "services.py":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "lock_")):
                names = [ast.unparse(d) for d in node.decorator_list]
                hands_on = re.match(r"return (move|step)\(", ast.unparse(node.body[-1]))
                if "transaction.atomic" not in names and not hands_on:
                    bare.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert bare == []


def test_views_never_write_with_the_orm():
    pattern = re.compile(r"\.(save|create|update|delete|bulk_create|get_or_create|update_or_create)\(")
    allowed = re.compile(r"[(, ]by=request\.user|response\.|headers\.|session|form\.save|\.GET|query\.update")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if path.name == "views.py" or path.name.endswith("_views.py") or path.name == "office.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line) and "services." not in line and not allowed.search(line)
    ]
    assert found == []


@pytest.mark.django_db
def test_append_only_tables_refuse_change_and_deletion():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_append_only_%'")
        tables = {row[0] for row in cursor.fetchall()}
    assert {"kit_statechange", "kit_disclosure", "kit_exportrecord", "intake_acknowledgement"} <= tables
    assert {t for t in tables if t.endswith("event")} == {
        m._meta.db_table for m in OURS if m.__name__.endswith("Event") and hasattr(m, "pgh_tracked_model")
    }


def test_unset_environment_is_safe():
    """Without a single variable the settings refuse to start; with the keys alone everything is closed."""
    assert "Set SECRET_KEY and DATA_KEY" in read({})["error"]
    safe = read({"SECRET_KEY": "s" * 60, "DATA_KEY": "a" * 43 + "="})
    assert safe == {
        "error": "",
        "DEBUG": False,
        "DEMO": False,
        "ALLOWED_HOSTS": [],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
    }


def test_no_page_runs_foreign_code(client, db):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
