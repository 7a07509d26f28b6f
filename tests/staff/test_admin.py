"""The administration: accounts are invited, nothing is deleted that the journal names, journals are read only."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.register.models import Commune
from centrum.staff.enums import Role
from centrum.staff.models import User
from tests.factories import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = base.user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label_lower)
def test_every_list_opens(client, administrator, model):
    opts = model._meta
    assert client.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")).status_code == 200


def test_groups_are_not_there():
    assert not admin.site.is_registered(Group)


def test_visitors_are_sent_to_the_one_sign_in(client):
    page = client.get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("staff:sign-in"))
    assert "next=" in page.redirect_chain[-1][0]


def test_new_account_is_invited_and_has_no_password(client, administrator):
    typed = {
        "email": "Nowa@example.org",
        "first_name": "Nowa",
        "last_name": "Osoba",
        "job": "",
        "role": Role.ADVISER,
        "unit": administrator.unit.pk,
    }
    assert client.post(reverse("admin:staff_user_add"), typed).status_code == 302
    made = User.objects.get(email="nowa@example.org")
    assert not made.has_usable_password()
    assert OutboxMessage.objects.get().to == "nowa@example.org"


def test_an_address_has_one_account(client, administrator):
    base.user(email="anna@example.org")
    typed = {"email": "ANNA@example.org", "first_name": "A", "last_name": "B", "role": Role.ADVISER}
    page = client.post(reverse("admin:staff_user_add"), {**typed, "unit": administrator.unit.pk})
    assert list(page.context["adminform"].form.errors) == ["email"]


def test_nobody_locks_themselves_out(client, administrator):
    url = reverse("admin:staff_user_change", args=[administrator.pk])
    typed = {"email": administrator.email, "first_name": "A", "last_name": "B", "unit": administrator.unit.pk}
    client.post(url, {**typed, "role": Role.ADVISER})
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active, administrator.first_name) == (Role.ADMINISTRATOR, True, "A")


def test_closes_an_account(client, administrator):
    user = base.user(Role.ADVISER)
    url = reverse("admin:staff_user_change", args=[user.pk])
    typed = {"email": user.email, "first_name": "A", "last_name": "B", "unit": user.unit.pk, "role": user.role}
    assert client.post(url, typed).status_code == 302
    user.refresh_from_db()
    assert user.is_active is False


@pytest.mark.parametrize("name", ["staff_user", "staff_unit", "reporting_project"])
def test_what_the_journal_names_is_never_deleted(client, administrator, name):
    base.project()
    assert client.post(reverse(f"admin:{name}_delete", args=[administrator.pk])).status_code == 403


def test_letters_show_no_text(client, administrator):
    message = OutboxMessage.objects.create(
        to="a@example.org", subject="Temat", body="tajna treść", created_at=clock.now(), due_at=clock.now()
    )
    page = client.get(reverse("admin:kit_outboxmessage_change", args=[message.pk]))
    assert page.status_code == 200
    assert "tajna treść" not in page.content.decode()


@pytest.mark.parametrize("name", ["kit_statechange", "kit_disclosure", "kit_exportrecord", "kit_outboxmessage"])
def test_journals_are_read_only(client, administrator, name):
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403


def test_what_was_not_checked_is_marked(client, administrator):
    communes = Commune.objects.filter(confirmed=False).count()
    assert communes == Commune.objects.count() > 0
    page = client.get(reverse("admin:register_commune_changelist"))
    assert page.content.decode().count(str(_("to confirm"))) == communes
