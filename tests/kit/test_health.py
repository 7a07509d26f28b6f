"""/healthz: what the watchman is told."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from centrum.kit.models import OutboxMessage

WELL = {
    "database": "up",
    "unapplied_migrations": 0,
    "outbox": {"waiting": 0, "failed": 0, "oldest_seconds": 0},
    "healthy": True,
}


@pytest.mark.django_db
def test_all_is_well(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, WELL)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_message_that_nobody_sends(client):
    before = timezone.now() - datetime.timedelta(hours=2)
    OutboxMessage.objects.create(to="a@example.org", subject="s", body="b", created_at=before)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["outbox"] == {"waiting": 1, "failed": 0, "oldest_seconds": 7200}


@pytest.mark.django_db
def test_a_demo_that_sends_nothing_is_well(client, settings):
    settings.DEMO = True
    before = timezone.now() - datetime.timedelta(hours=2)
    OutboxMessage.objects.create(to="a@example.org", subject="s", body="b", created_at=before)
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_migration_that_was_not_run(client):
    cases = [node for node in MigrationLoader(connection).graph.leaf_nodes() if node[0] == "cases"]
    MigrationRecorder(connection).record_unapplied(*cases[0])
    response = client.get("/healthz")
    assert (response.status_code, response.json()["unapplied_migrations"]) == (503, 1)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer(client):
    """The connection is cut by the server, as when it is restarted without our doing."""
    connection.close()
    right = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "there_is_no_such_database"
    try:
        response = client.get("/healthz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = right
    assert (response.status_code, response.json()) == (503, {"database": "down"})


def test_the_command_line_knows_the_same_migrations(db):
    out = StringIO()
    call_command("showmigrations", stdout=out)
    assert "[ ]" not in out.getvalue()
