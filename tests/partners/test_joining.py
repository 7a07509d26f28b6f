"""An organisation asks in public to join a partnership, or to begin one; acceptance makes it a member."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from centrum.intake import services as intake
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.register.models import Organisation, Person
from centrum.staff.enums import Role, UnitKind
from partners.joining import JOIN
from partners.models import JoinApplication, Membership, Partnership
from tests.factories import base
from tests.factories import intake as intake_factory
from tests.factories import partners as make

pytestmark = pytest.mark.django_db
REQUIRED = [name for step in JOIN.steps for name in step.form.required_names()]


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR)


def ready(by, **changes):
    taken = intake_factory.taken(JOIN, by=by, pages=make.joining_pages(**changes))
    return intake_factory.checked(taken, by=by)


def accept(application, by, **chosen):
    return intake.accept(application, by=by, unit=by.unit, adviser=by, **chosen)


def test_the_way_by_the_pages(client, boss):
    shown = make.partnership(by=boss, public=True, name="Razem")
    make.partnership(by=boss, name="Ukryte")
    make.partnership("ended", by=boss, public=True, name="Dawne")
    home = client.post(reverse("intake:kind", args=[JOIN.path]), {"key": str(uuid.uuid4())}).url
    page = client.get(f"{home}cel/")
    assert [str(label) for _value, label in page.context["form"].fields["partnership"].choices][1:] == ["Razem"]
    for slug, typed in make.joining_pages(partnership=shown.pk).items():
        assert client.post(f"{home}{slug}/", typed).status_code == 302
    form = client.get(f"{home}wyslij/").context["form"]
    assert client.post(f"{home}wyslij/", {"clauses": form.initial["clauses"], "read": "on"}).status_code == 302
    application = Application.objects.get()
    assert (application.state, application.number.split("/")[0], application.applicant) == (
        "submitted",
        "WP",
        "Fundacja Bór",
    )
    client.force_login(boss)
    assert "Razem" in client.get(reverse("inbox:application", args=[application.public_id])).content.decode()


def test_acceptance_makes_a_member_with_a_representative(boss):
    partnership = make.partnership(by=boss, public=True)
    application = accept(ready(boss, partnership=partnership.pk), boss, organisation=None, person=None)
    member, organisation = Membership.objects.get(), Organisation.objects.get()
    assert (application.state, organisation.name) == ("accepted", "Fundacja Bór")
    assert (member.partnership, member.organisation, member.role) == (partnership, organisation, "partner")
    assert (member.valid_from, member.representatives.get().person) == (clock.today(), Person.objects.get())


def test_without_a_partnership_a_new_one_begins_as_an_idea(boss):
    accept(ready(boss), boss, organisation=None, person=None)
    made = Partnership.objects.get()
    assert (made.state, made.purpose, made.coordinator, made.name) == (
        "idea",
        "Wspólna stołówka.",
        boss,
        "Fundacja Bór",
    )
    assert Membership.objects.get().role == "initiator"


def test_a_member_already_is_refused_and_nothing_is_written(boss):
    partnership, organisation = make.partnership(by=boss, public=True), base.organisation()
    make.member(partnership, by=boss, organisation=organisation)
    application = ready(boss, partnership=partnership.pk)
    with pytest.raises(Refused):
        accept(application, boss, organisation=organisation, person=None)
    assert (Membership.objects.count(), Person.objects.count()) == (1, 0)
    assert Application.objects.get().state == "verification"


def test_the_unit_of_the_partnership_accepts():
    lead, partner = base.user(Role.COORDINATOR), base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    kept = make.partnership(by=lead, public=True)
    application = ready(lead, partnership=kept.pk)
    application.unit = partner.unit
    application.save(update_fields=["unit"])
    intake_factory.impartial(application, partner)
    with pytest.raises(Refused):
        accept(application, partner, organisation=None, person=None)
    assert Membership.objects.count() == 0


def test_every_column_of_the_answers_is_asked_once():
    asked = [name for step in JOIN.steps for name in step.form.base_fields]
    columns = [f.name for f in JoinApplication._meta.concrete_fields if f.name not in ("application", "complete")]
    assert sorted(asked) == sorted(columns)


@pytest.mark.parametrize("name", REQUIRED)
def test_the_database_refuses_a_sent_application_without_a_required_answer(name):
    sent = intake_factory.submitted(JOIN, pages=make.joining_pages())
    with pytest.raises(IntegrityError), transaction.atomic():
        JoinApplication.objects.filter(application=sent).update(**{name: ""})
