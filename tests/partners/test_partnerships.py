"""Partnerships: states, areas, members and their representatives, who keeps and who sees them."""

import datetime
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale
from centrum.register import merging
from centrum.staff.enums import Role, UnitKind
from partners import queries, services
from partners.enums import PARTNERSHIP_MOVES, PartnershipState
from partners.models import Area, Membership, Partnership, Representative
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import partners as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = datetime.date
LEGAL = {(str(source), move.action): str(move.target) for move in PARTNERSHIP_MOVES for source in move.sources}
PAIRS = list(product([str(s) for s in PartnershipState], [move.action for move in PARTNERSHIP_MOVES]))
NEEDS = {
    "agree": {"founded_on": make.FOUNDED},
    "suspend": {"reason": "Przerwa."},
    "end": {"ended_on": D(2026, 3, 1), "reason": "Koniec."},
}


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


def url(name, row, *more):
    return reverse(f"partners:{name}", args=[row.public_id, *more])


def refused(service, *args, **values):
    with pytest.raises(Refused) as caught:
        service(*args, **values)
    return list(getattr(caught.value, "error_dict", {"": ""}))


# States


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_step_from_every_state(keeper, state, action):
    row = make.partnership(state, by=keeper)
    if (state, action) in LEGAL:
        done = services.step(row, action, by=keeper, **NEEDS.get(action, {}))
        assert (done.state, Partnership.objects.get().state) == (LEGAL[state, action],) * 2
    else:
        with pytest.raises(Stale):
            services.step(row, action, by=keeper, **NEEDS.get(action, {}))


@pytest.mark.parametrize(("source", "target"), list(product(PartnershipState.values, repeat=2)))
def test_the_database_lets_only_the_arrows_through(keeper, source, target):
    row = make.partnership(source, by=keeper)
    arrows = {(str(s), str(move.target)) for move in PARTNERSHIP_MOVES for s in move.sources}
    ended = D(2026, 3, 1) if target == "ended" else None
    change = {"state": target, "ended_on": ended, "founded_on": make.FOUNDED}
    if (source, target) in arrows or source == target:
        Partnership.objects.filter(pk=row.pk).update(**change)
    else:
        with pytest.raises(InternalError), transaction.atomic():
            Partnership.objects.filter(pk=row.pk).update(**change)


def test_a_step_needs_its_data(keeper):
    idea = make.partnership("idea", by=keeper, purpose="")
    assert refused(services.step, idea, "form", by=keeper) == [""]
    forming = make.partnership("forming", by=keeper)
    assert refused(
        services.step, forming, "agree", by=keeper, founded_on=clock.today() + datetime.timedelta(days=1)
    ) == ["founded_on"]
    assert refused(services.step, forming, "end", by=keeper, ended_on=clock.today()) == ["reason"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"kind": "x"},
        {"purpose": ""},
        {"founded_on": None},
        {"coordinator": None},
        {"ended_on": D(2026, 1, 1)},
    ],
)
def test_the_database_refuses_a_wrong_row(keeper, wrong):
    row = make.partnership("active", by=keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Partnership.objects.filter(pk=row.pk).update(**wrong)


def test_the_end_ends_memberships_with_its_last_day(keeper):
    row = make.partnership("active", by=keeper)
    member = make.member(row, by=keeper)
    person = services.add_representative(member, by=keeper, person=base.person(), valid_from=make.FOUNDED, signs=True)
    services.step(row, "end", by=keeper, ended_on=D(2026, 3, 1), reason="Koniec.")
    member.refresh_from_db()
    person.refresh_from_db()
    assert (member.valid_to, person.valid_to) == (D(2026, 3, 2),) * 2
    assert refused(make.member, Partnership.objects.get(), by=keeper) == [""]


def test_the_end_before_the_founding_or_a_later_member_is_refused(keeper):
    row = make.partnership("active", by=keeper)
    assert refused(services.step, row, "end", by=keeper, ended_on=D(2023, 1, 1), reason="x") == ["ended_on"]
    make.member(row, by=keeper, valid_from=D(2026, 5, 1))
    assert refused(services.step, row, "end", by=keeper, ended_on=D(2026, 4, 1), reason="x") == ["ended_on"]


# Members


def test_periods_of_one_organisation_never_overlap(keeper):
    row, organisation = make.partnership(by=keeper), base.organisation()
    first = make.member(row, by=keeper, organisation=organisation)
    assert refused(make.member, row, by=keeper, organisation=organisation, valid_from=D(2025, 1, 1)) == [""]
    services.end_member(first, by=keeper, valid_to=D(2025, 1, 1), leaving="Zmiana planów.")
    again = make.member(row, by=keeper, organisation=organisation, valid_from=D(2025, 1, 1), role="supporting")
    assert [m.pk for m in queries.members_of(row)] == [again.pk]
    assert [m.pk for m in queries.members_of(row, D(2024, 12, 31))] == [first.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=again.pk).update(valid_from=D(2024, 6, 1))


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_member_at_once_make_one():
    keeper = make.keeper()
    row, organisation = make.partnership(by=keeper), base.organisation()
    results = at_once(2, lambda _n: make.member(row, by=keeper, organisation=organisation))
    assert sorted(type(result).__name__ for result in results) == ["Membership", "Refused"]
    assert Membership.objects.count() == 1


def test_an_end_before_the_beginning_is_refused(keeper):
    member = make.member(make.partnership(by=keeper), by=keeper)
    assert refused(services.end_member, member, by=keeper, valid_to=make.FOUNDED) == ["valid_to"]
    services.end_member(member, by=keeper, valid_to=D(2025, 1, 1))
    with pytest.raises(Stale):
        services.end_member(member, by=keeper, valid_to=D(2025, 2, 1))


def test_who_may_sign_on_which_day(keeper):
    member, person = make.member(make.partnership(by=keeper), by=keeper), base.person()
    assert refused(services.add_representative, member, by=keeper, person=person, valid_from=D(2020, 1, 1)) == [
        "valid_from"
    ]
    signing = services.add_representative(member, by=keeper, person=person, valid_from=D(2024, 3, 1), signs=True)
    assert refused(services.add_representative, member, by=keeper, person=person, valid_from=D(2024, 5, 1)) == [""]
    services.end_representative(signing, by=keeper, valid_to=D(2024, 9, 1))
    days = (D(2024, 2, 29), D(2024, 3, 1), D(2024, 8, 31), D(2024, 9, 1))
    assert [queries.may_sign(member, person, day) for day in days] == [False, True, True, False]
    speaking = services.add_representative(member, by=keeper, person=person, valid_from=D(2024, 9, 1))
    assert not queries.may_sign(member, person, D(2024, 9, 2))
    assert Representative.objects.get(pk=speaking.pk).signs is False


def test_merging_two_members_of_one_partnership_waits(keeper):
    row = make.partnership(by=keeper, name="Razem")
    kept, gone = base.organisation(nip=""), base.organisation(nip="")
    first = make.member(row, by=keeper, organisation=kept)
    make.member(row, by=keeper, organisation=gone)
    (sentence,) = merging.obstacles(kept, gone)
    assert "Razem" in sentence
    services.end_member(first, by=keeper, valid_to=D(2025, 1, 1))
    assert len(merging.obstacles(kept, gone)) == 1  # they were both members until then


# Who sees and keeps


def test_a_unit_keeps_its_own_and_sees_what_is_public():
    lead, partner = make.keeper(), make.keeper(base.unit(UnitKind.PARTNER))
    inner, public = make.partnership(by=lead), make.partnership(by=lead, public=True)
    own = make.partnership(by=partner)
    assert set(queries.visible_partnerships(partner)) == {public, own}
    assert set(queries.visible_partnerships(base.user(Role.COORDINATOR))) == {inner, public, own}
    assert list(queries.visible_partnerships(base.user(Role.AUDITOR))) == []
    assert [queries.may_keep(partner, row) for row in (inner, public, own)] == [False, False, True]
    with pytest.raises(PermissionDenied):
        services.update_partnership(public, by=partner, name="Inna")
    with pytest.raises(PermissionDenied):
        make.member(public, by=partner)
    with pytest.raises(PermissionDenied):
        services.update_partnership(own, by=base.user(Role.ACCOUNTANT), name="Inna")


def test_a_coordinator_is_of_the_unit(keeper):
    row = make.partnership(by=keeper)
    for other in (base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER)), base.user(Role.ACCOUNTANT)):
        assert refused(services.update_partnership, row, by=keeper, coordinator=other) == ["coordinator"]


# Pages


def test_from_the_idea_to_the_member_on_the_pages(office, keeper):
    typed = {"name": "Partnerstwo Drezdenka", "kind": "local", "purpose": "Usługi.", "coordinator": keeper.pk}
    made = office.post(reverse("partners:new"), typed)
    row = Partnership.objects.get()
    assert (made.url, row.state, row.unit) == (url("partnership", row), "idea", keeper.unit)
    office.post(url("move", row, "form"))
    office.post(url("move", row, "agree"), {"founded_on": "15.01.2024"})
    office.post(url("move", row, "start"), {"coordinator": keeper.pk})
    row.refresh_from_db()
    assert (row.state, row.founded_on) == ("active", make.FOUNDED)
    commune = base.commune()
    assert office.post(f"{url('area-new', row)}?q={commune.name}", {"teryt": commune.teryt}).status_code == 302
    assert [area.teryt for area in Area.objects.all()] == [commune.teryt]
    organisation, brought = base.organisation(name="Stowarzyszenie Żar"), queries.competences()[0]
    typed = {
        "organisation": organisation.public_id,
        "role": "partner",
        "valid_from": "1.02.2024",
        "competences": [brought.pk],
    }
    assert office.post(f"{url('member-new', row)}?q=zar", typed).status_code == 302
    member = Membership.objects.get()
    assert (member.organisation, member.noted_by, list(member.competences.all())) == (organisation, keeper, [brought])
    person = base.person(last_name="Żuk")
    typed = {"person": person.public_id, "valid_from": "1.02.2024", "signs": "on"}
    assert office.post(f"{url('representative-new', row, member.pk)}?q=zuk", typed).status_code == 302
    page = office.get(url("partnership", row))
    assert [m.organisation for m in page.context["members"]] == [organisation]
    assert "Żuk" in page.content.decode()
    assert office.post(url("member-end", row, member.pk), {"valid_to": "1.03.2024"}).status_code == 302
    page = office.get(url("partnership", row))
    assert (page.context["members"], [m.organisation for m in page.context["others"]]) == ([], [organisation])
    assert page.context["timeline"][0][0] >= page.context["timeline"][-1][0]


def test_a_second_member_is_refused_in_words_at_the_form(office, keeper):
    row, organisation = make.partnership(by=keeper), base.organisation(name="Dwa razy")
    make.member(row, by=keeper, organisation=organisation)
    typed = {"organisation": organisation.public_id, "role": "partner", "valid_from": "1.02.2025"}
    page = office.post(f"{url('member-new', row)}?q=dwa razy", typed)
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["__all__"])


@pytest.mark.parametrize("text", ["", "zzz", "%", "a" * 300])
def test_an_area_is_one_that_was_found(office, keeper, text):
    row = make.partnership(by=keeper)
    assert office.get(url("area-new", row), {"q": text}).status_code == 200
    assert office.post(f"{url('area-new', row)}?q={text}", {"teryt": "0806052"}).status_code == 200
    assert not Area.objects.exists()


def test_the_list_finds_by_name_competence_and_commune(office, keeper):
    commune = base.commune()
    first = make.partnership(by=keeper, name="Łąka")
    second = make.partnership("ended", by=keeper, name="Żar", kind="network")
    make.member(first, by=keeper, competences=["doradztwo-prawne"])
    services.add_area(first, by=keeper, teryt=commune.teryt[:4], name=commune.county)
    legal = queries.competences().get(code="doradztwo-prawne").pk

    def found(**asked):
        return [row.name for row in office.get(reverse("partners:list"), asked).context["page"].rows]

    assert found() == ["Łąka", "Żar"]
    assert found(q="laka") == found(competence=legal) == found(teryt=commune.teryt) == found(state="open") == ["Łąka"]
    assert found(kind="network") == found(state="ended") == [second.name]
    assert office.get(reverse("partners:list"), {"q": "x", "competence": "abc", "state": "no"}).status_code == 200


def test_who_can_do_it_there(office, keeper):
    commune, elsewhere = base.commune(), make.partnership(by=keeper, name="Gdzie indziej")
    here = make.partnership(by=keeper, name="Tu")
    services.add_area(here, by=keeper, teryt=commune.teryt, name=str(commune))
    lawyer = make.member(here, by=keeper, competences=["doradztwo-prawne"]).organisation
    trainer = make.member(here, by=keeper, competences=["szkolenia"]).organisation
    outside = base.organisation(commune=None)
    far = make.member(elsewhere, by=keeper, organisation=outside, competences=["doradztwo-prawne"]).organisation
    legal = queries.competences().get(code="doradztwo-prawne")

    def rows(**asked):
        return [row["organisation"] for row in office.get(reverse("partners:competences"), asked).context["rows"]]

    assert set(rows()) == {lawyer, trainer, far}
    assert set(rows(competence=legal.pk)) == {lawyer, far}
    assert rows(competence=legal.pk, teryt=commune.teryt) == [lawyer]


def test_the_picture_says_what_the_table_says(office, keeper):
    empty = office.get(reverse("partners:network"))
    assert (empty.context["picture"], empty.context["rows"]) == (None, [])
    first, second = make.partnership(by=keeper, name="A"), make.partnership(by=keeper, name="B")
    both = base.organisation(name="W obu")
    for row in (first, second):
        make.member(row, by=keeper, organisation=both)
    alone = make.member(second, by=keeper, organisation=base.organisation(name="Bardzo długa nazwa " * 6)).organisation
    page = office.get(reverse("partners:network"))
    assert page.context["rows"] == [(first, [both]), (second, [alone, both])]
    assert (len(page.context["picture"].nodes), len(page.context["picture"].lines)) == (4, 3)
    assert max(len(node.label) for node in page.context["picture"].nodes) <= 38


def test_the_public_sees_agreed_public_ones_and_no_people(client, keeper):
    shown = make.partnership(by=keeper, name="Jawne", public=True)
    member = make.member(shown, by=keeper, organisation=base.organisation(name="Fundacja Bór"))
    services.add_representative(member, by=keeper, person=base.person(last_name="Tajny"), valid_from=make.FOUNDED)
    hidden = [make.partnership(by=keeper), make.partnership("forming", by=keeper, public=True)]
    listed = client.get(reverse("partnerships:list")).content.decode()
    assert [str(row.public_id) in listed for row in (shown, *hidden)] == [True, False, False]
    page = client.get(reverse("partnerships:partnership", args=[shown.public_id])).content.decode()
    assert ("Fundacja Bór" in page, "Tajny" in page) == (True, False)
    for row in hidden:
        assert client.get(reverse("partnerships:partnership", args=[row.public_id])).status_code == 404


def test_an_ended_one_shows_the_members_of_its_last_day(client, keeper):
    row = make.partnership(by=keeper, public=True)
    make.member(row, by=keeper, organisation=base.organisation(name="Fundacja Bór"))
    services.step(row, "end", by=keeper, ended_on=D(2026, 3, 1), reason="Koniec.")
    page = client.get(reverse("partnerships:partnership", args=[row.public_id])).content.decode()
    assert "Fundacja Bór" in page


def test_panels_of_the_organisation_and_its_case(office, keeper):
    row = make.partnership(by=keeper, name="W panelu")
    case = case_factory.case(organisation=base.organisation(), adviser=keeper)
    keeper.projects.add(case.project)
    make.member(row, by=keeper, organisation=case.organisation)
    pages = [("register:organisation", case.organisation), ("cases:case", case)]
    shown = [office.get(reverse(name, args=[of.public_id])).content.decode() for name, of in pages]
    assert ["W panelu" in page for page in shown] == [True, True]


@pytest.mark.parametrize("name", ["list", "competences", "network"])
def test_lists_ask_as_often_with_three_rows_as_with_one(office, keeper, name):
    def asked():
        with CaptureQueriesContext(connection) as queries_made:
            assert office.get(reverse(f"partners:{name}")).status_code == 200
        return len(queries_made)

    def add():
        make.member(make.partnership(by=keeper, public=True), by=keeper, competences=["szkolenia"])

    add()
    one = asked()
    add()
    add()
    assert asked() == one


def test_the_page_of_one_asks_as_often_with_three_members_as_with_one(office, keeper):
    row = make.partnership(by=keeper)

    def asked():
        with CaptureQueriesContext(connection) as queries_made:
            assert office.get(url("partnership", row)).status_code == 200
        return len(queries_made)

    def add():
        member = make.member(row, by=keeper, competences=["szkolenia"])
        services.add_representative(member, by=keeper, person=base.person(), valid_from=make.FOUNDED)

    add()
    one = asked()
    add()
    add()
    assert asked() == one
