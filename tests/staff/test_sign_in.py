"""Sign-in by e-mail, passwords by a mailed link."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from centrum.kit import outbox
from centrum.kit.models import OutboxMessage
from centrum.staff.enums import Role, UnitKind
from centrum.staff.models import Unit, User
from tests.factories import base

pytestmark = pytest.mark.django_db
NEW = "another-long-password-7"


def sign_in(client, email, password, follow=False):
    return client.post(reverse("staff:sign-in"), {"username": email, "password": password}, follow=follow)


def link_of(message):
    return re.search(r"http://testserver(/\S+)", message.body).group(1)


@pytest.mark.parametrize("written", ["anna@example.org", "Anna@Example.ORG", " anna@example.org "])
def test_signs_in_by_email_however_written(client, written):
    base.user(email="anna@example.org")
    assert sign_in(client, written, base.PASSWORD)["Location"] == reverse("staff:home")


def test_unknown_address_wrong_password_and_closed_account_look_the_same(client):
    base.user(email="anna@example.org")
    base.user(email="closed@example.org", is_active=False)
    pages = [
        sign_in(client, "anna@example.org", "wrong"),
        sign_in(client, "nobody@example.org", "wrong"),
        sign_in(client, "closed@example.org", base.PASSWORD),
    ]
    errors = [(page.status_code, page.context["form"].non_field_errors()) for page in pages]
    assert errors == [errors[0]] * 3
    assert errors[0][0] == 200


def test_goes_where_the_visitor_wanted_and_never_to_another_site(client):
    base.user(email="anna@example.org")
    data = {"username": "anna@example.org", "password": base.PASSWORD}
    assert client.post(reverse("staff:sign-in"), {**data, "next": "/biuro/osoby/"})["Location"] == "/biuro/osoby/"
    client.logout()
    away = client.post(reverse("staff:sign-in"), {**data, "next": "https://example.com/"})
    assert away["Location"] == reverse("staff:home")


def test_signs_out(client):
    client.force_login(base.user())
    assert client.post(reverse("staff:sign-out"))["Location"] == reverse("portal:home")
    assert client.get(reverse("staff:home")).status_code == 302


def test_changes_the_password(client):
    user = base.user()
    client.force_login(user)
    typed = {"old_password": base.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("staff:password-change"), typed)["Location"] == reverse("staff:home")
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_password_link_works_once(client):
    user = base.user(email="anna@example.org")
    page = client.post(reverse("staff:password-link"), {"email": "ANNA@example.org"})
    assert page["Location"] == reverse("staff:password-link-sent")
    link = link_of(OutboxMessage.objects.get(to="anna@example.org"))
    form = client.get(link, follow=True)
    set_at = form.redirect_chain[-1][0]
    assert client.post(set_at, {"new_password1": NEW, "new_password2": NEW})["Location"] == reverse("staff:sign-in")
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert client.get(link, follow=True).context["validlink"] is False


def test_nothing_tells_whether_an_address_has_an_account(client):
    page = client.post(reverse("staff:password-link"), {"email": "nobody@example.org"})
    assert page["Location"] == reverse("staff:password-link-sent")
    assert OutboxMessage.objects.count() == 0


def test_password_link_is_cut_in_the_outbox(client, settings):
    settings.DEMO = False
    base.user(email="anna@example.org")
    client.post(reverse("staff:password-link"), {"email": "anna@example.org"})
    message = OutboxMessage.objects.get()
    assert link_of(message).rstrip("/").rsplit("/", 1)[1] not in outbox.for_staff(message)
    assert "/biuro/haslo/nowe/…/" in outbox.for_staff(message)


def test_command_makes_the_lead_and_the_first_account(capsys):
    call_command("create_account", "Adam@Example.org", "Adam", "Nowak", role="administrator", unit="swmp")
    user = User.objects.get()
    assert (user.email, user.role, user.unit.code, user.unit.kind) == (
        "adam@example.org",
        Role.ADMINISTRATOR,
        "swmp",
        UnitKind.LEAD,
    )
    assert not user.has_usable_password()
    assert "http://testserver/biuro/haslo/nowe/" in capsys.readouterr().out
    assert OutboxMessage.objects.get().to == "adam@example.org"


def test_command_adds_to_projects():
    unit, project = base.unit(), base.project()
    names = ("a@example.org", "Adam", "Nowak")
    call_command("create_account", *names, role="adviser", unit=unit.code, project=[project.number])
    assert list(User.objects.get().projects.all()) == [project]


@pytest.mark.parametrize(
    "wrong",
    [{"unit": "none"}, {"project": ["FELB.99"]}, {"email": "no-address"}, {"email": "taken@example.org"}],
)
def test_command_refuses_and_writes_nothing(wrong):
    base.user(email="taken@example.org")
    options = {"email": "a@example.org", "unit": "lead", "project": [], **wrong}
    with pytest.raises(CommandError):
        call_command("create_account", options.pop("email"), "Adam", "Nowak", role="adviser", **options)
    assert (User.objects.count(), Unit.objects.count(), OutboxMessage.objects.count()) == (1, 1, 0)
