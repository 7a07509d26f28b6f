"""From preparing to exit: the entry is checked, copied and frozen; every move and no other."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused, Stale
from centrum.register.models import PersonSensitive
from centrum.reporting import queries, services
from centrum.reporting.enums import PARTICIPATION_MOVES, ParticipationState
from centrum.reporting.models import SNAPSHOT, Participation, ParticipationSensitive, Support
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import reporting as factory

pytestmark = pytest.mark.django_db
P = ParticipationState

STEPS = {
    "enter": lambda p, by: services.enter(p, by=by, starts_on=factory.DAY),
    "end": lambda p, by: services.end_participation(p, by=by, **factory.EXIT),
    "reenter": lambda p, by: services.reenter(p, by=by),
    "cancel": lambda p, by: services.cancel_participation(p, by=by),
    "prepare_again": lambda p, by: services.prepare_again(p, by=by),
}


@pytest.mark.parametrize("move", PARTICIPATION_MOVES, ids=lambda move: move.action)
@pytest.mark.parametrize("state", P.values)
def test_every_action_in_every_state(state, move):
    participation = factory.participation(state)
    by = base.user(Role.MANAGER)
    if state in move.sources:
        assert STEPS[move.action](participation, by).state == move.target
        last = StateChange.objects.filter(noun="reporting.participation").last()
        assert (last.action, last.source, last.target, last.by) == (move.action, state, move.target, by)
    else:
        with pytest.raises(Stale):
            STEPS[move.action](participation, by)


@pytest.mark.parametrize("source", P.values)
@pytest.mark.parametrize("target", P.values)
def test_the_database_refuses_what_is_no_move(source, target):
    participation = factory.participation(source)
    arrows = {(s, move.target) for move in PARTICIPATION_MOVES for s in move.sources}
    if source != target and (source, target) not in arrows:
        with pytest.raises(InternalError, match="Invalid transition"):
            Participation.objects.filter(pk=participation.pk).update(state=target)


def test_the_set_of_moves_is_closed():
    assert set(STEPS) == {move.action for move in PARTICIPATION_MOVES}


@pytest.mark.parametrize(
    "action, role", [("enter", Role.AUDITOR), ("end", Role.ACCOUNTANT), ("cancel", Role.ACCOUNTANT)]
)
def test_a_role_without_the_right_is_refused(action, role):
    participation = factory.participation("entered" if action == "end" else "preparing")
    with pytest.raises(PermissionDenied):
        STEPS[action](participation, base.user(role))


def test_entry_copies_the_data_of_the_day():
    entered = factory.participation("entered", person=base.person(birth_date=datetime.date(1984, 3, 4)))
    assert {name: getattr(entered, name) for name in SNAPSHOT if name not in ("project", "person")} == {
        "kind": "individual",
        "institution_name": "",
        "citizenship": "pl",
        "age_at_entry": 40,  # a day before the 41st birthday
        "education": "isced_3_4",
        "country": "Polska",
        "voivodeship": "lubuskie",
        "county": "strzelecko-drezdenecki",
        "commune": "Dobiegniew",
        "locality": "Dobiegniew",
        "postal_code": "66-520",
        "degurba": "3",
        "starts_on": factory.DAY,
        "labour_status": "unemployed",
        "labour_status_detail": "unemployed_other",
    }
    answers = ParticipationSensitive.objects.filter(participation=entered).values(*queries.SENSITIVE).get()
    assert answers == factory.ANSWERS


@pytest.mark.parametrize(
    "column, value",
    [("starts_on", datetime.date(2025, 3, 4)), ("age_at_entry", 41), ("commune", "Drezdenko"), ("citizenship", "eu")],
)
@pytest.mark.parametrize("state", ["entered", "ended"])
def test_the_snapshot_is_frozen(state, column, value):
    participation = factory.participation(state)
    with pytest.raises(DatabaseError, match="Cannot update"):
        Participation.objects.filter(pk=participation.pk).update(**{column: value})


def test_sensitive_answers_are_written_once():
    participation = factory.participation("entered")
    answers = ParticipationSensitive.objects.filter(participation=participation)
    with pytest.raises(DatabaseError), transaction.atomic():
        answers.update(homeless="yes")
    with pytest.raises(DatabaseError), transaction.atomic():
        answers.delete()


def test_who_comes_back_keeps_the_first_entry():
    ended = factory.participation("ended")
    by = base.user(Role.MANAGER)
    assert services.prepare_participation(by=by, project=ended.project, person=ended.person).pk == ended.pk
    back = services.reenter(ended, by=by)
    assert (back.starts_on, back.ends_on, back.exit_situation, back.exit_as_planned) == (factory.DAY, None, "", None)
    assert back.age_at_entry == ended.age_at_entry
    again = services.end_participation(back, by=by, **{**factory.EXIT, "ends_on": datetime.date(2026, 5, 5)})
    assert (again.starts_on, again.ends_on) == (factory.DAY, datetime.date(2026, 5, 5))


def test_who_resigned_is_prepared_again():
    cancelled = factory.participation("cancelled")
    by = base.user(Role.ADVISER)
    again = services.prepare_participation(by=by, project=cancelled.project, person=cancelled.person)
    assert (again.pk, again.state) == (cancelled.pk, P.PREPARING)


REQUIRED_OF_PERSON = {
    "citizenship": "citizenship",
    "education": "education",
    "country": "country",
    "locality": "locality",
    "postal_code": "postal_code",
    "phone": "phone",
    "email": "email",
}


@pytest.mark.parametrize("column, code", REQUIRED_OF_PERSON.items())
def test_each_missing_field_keeps_from_entering(column, code):
    participation = factory.participation(person=base.person(**{column: ""}))
    assert queries.missing_fields(participation) == queries.missing_labels([code])
    with pytest.raises(Refused) as refused:
        services.enter(participation, by=base.user(Role.ADVISER), starts_on=factory.DAY)
    assert str(queries.missing_labels([code])[0]) in refused.value.messages[0]


@pytest.mark.parametrize(
    "fields, code",
    [
        ({"labour_status": "", "labour_status_detail": ""}, "labour_status"),
        ({"labour_status": "inactive", "labour_status_detail": ""}, "labour_status_detail"),
        ({"labour_status": "inactive", "labour_status_detail": "in_education"}, "education_ends_on"),
        ({"kind": "institutional"}, "institution_name"),
    ],
)
def test_what_an_answer_asks_for_is_missing(fields, code):
    person = base.person()
    if code == "institution_name":
        with pytest.raises(DatabaseError):
            factory.participation(person=person, **fields)
        return
    assert queries.missing_fields(factory.participation(person=person, **fields)) == queries.missing_labels([code])


def test_one_unanswered_question_is_missing():
    participation = factory.participation()
    PersonSensitive.objects.filter(person=participation.person).update(minority="")
    assert queries.missing_fields(participation) == queries.missing_labels(["sensitive"])


def test_without_pesel_the_age_is_given():
    person = base.person(with_pesel=False, birth_date=None, sex="m")
    services.register.set_identifier(person, by=None, kind="other", value="AB 123")
    participation = factory.participation(person=person)
    assert queries.missing_fields(participation) == queries.missing_labels(["age"])
    by = base.user(Role.ADVISER)
    services.save_entry(participation, by=by, age_at_entry=33)
    assert services.enter(participation, by=by, starts_on=factory.DAY).age_at_entry == 33


def test_a_typed_commune_stands_in_for_one_that_is_not_listed():
    participation = factory.participation(
        person=base.person(commune=None), voivodeship="opolskie", county="nyski", commune="Nysa", degurba="2"
    )
    entered = services.enter(participation, by=base.user(Role.ADVISER), starts_on=factory.DAY)
    assert (entered.voivodeship, entered.county, entered.commune, entered.degurba) == ("opolskie", "nyski", "Nysa", "2")


@pytest.mark.parametrize(
    "entry, day, field",
    [
        ({}, datetime.date(2023, 12, 31), "starts_on"),
        ({}, datetime.date(2029, 7, 1), "starts_on"),
        ({"labour_status_detail": "ngo"}, factory.DAY, "labour_status_detail"),
        ({"labour_status": "asleep"}, factory.DAY, "labour_status"),
        ({"education_ends_on": datetime.date(2027, 6, 30)}, factory.DAY, "education_ends_on"),
        ({"third_country_national": "yes"}, factory.DAY, "citizenship"),
        ({"third_country_national": "yes"}, factory.DAY, "foreign_origin"),
        ({"birth_date": datetime.date(2025, 3, 4)}, factory.DAY, "birth_date"),
    ],
)
def test_a_wrong_entry_is_refused_at_its_field(entry, day, field):
    person = base.person(with_pesel=False)
    services.register.set_identifier(person, by=None, kind="other", value="X1")
    participation = factory.participation(person=person, **entry)
    with pytest.raises(Refused) as refused:
        services.enter(participation, by=base.user(Role.ADVISER), starts_on=day)
    assert field in refused.value.message_dict
    participation.refresh_from_db()
    assert (participation.state, participation.starts_on) == (P.PREPARING, None)


def test_entry_data_are_saved_only_before_the_entry():
    participation = factory.participation("entered")
    with pytest.raises(Refused):
        services.save_entry(participation, by=base.user(Role.ADVISER), locality="Drezdenko")


def test_a_closed_project_takes_nobody():
    project = base.project("FELB.06.10-IZ.00-0001/19", closed_on=datetime.date(2026, 1, 1))
    by, person = base.user(Role.ADVISER), base.person()
    with pytest.raises(Refused):
        services.prepare_participation(by=by, project=project, person=person)
    with clock.at(datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)):
        assert services.prepare_participation(by=by, project=project, person=person).state == P.PREPARING


@pytest.mark.parametrize("day", [datetime.date(2025, 3, 2), datetime.date(2099, 1, 1), datetime.date(2025, 4, 30)])
def test_an_exit_on_an_impossible_day_is_refused(day):
    participation = factory.participation("entered")
    factory.support(participation, starts_on=datetime.date(2025, 5, 1))
    with pytest.raises(Refused) as refused:
        services.end_participation(participation, by=base.user(Role.MANAGER), **{**factory.EXIT, "ends_on": day})
    assert list(refused.value.message_dict) == ["ends_on"]


# Supports


def test_a_source_gives_one_support():
    participation = factory.participation("entered")
    first = factory.support(participation, source_id=7)
    assert factory.support(participation, source_id=7, minutes=999) == first
    assert list(Support.objects.values_list("minutes", flat=True)) == [60]


@pytest.mark.parametrize("state", ["preparing", "ended", "cancelled"])
def test_no_support_outside_the_project(state):
    with pytest.raises(Refused):
        factory.support(factory.participation(state))


@pytest.mark.parametrize("day", [datetime.date(2025, 3, 2), datetime.date(2099, 1, 1)])
def test_no_support_before_the_entry_or_in_the_future(day):
    with pytest.raises(Refused):
        factory.support(factory.participation("entered"), starts_on=day)


@pytest.mark.parametrize("field", ["scope", "kind", "detail"])
def test_a_code_of_a_support_must_be_in_the_dictionary(field):
    with pytest.raises(Refused):
        factory.support(factory.participation("entered"), **{field: "nothing_such"})


def test_a_withdrawn_support_stays_in_the_books():
    participation = factory.participation("entered")
    support = factory.support(participation, source_id=7)
    by = base.user(Role.MANAGER)
    with pytest.raises(Refused):
        services.withdraw_support(
            by=by, source="test", source_id=7, on=support.approved_on - datetime.timedelta(days=1)
        )
    assert services.withdraw_support(by=by, source="test", source_id=7) == [support]
    assert services.withdraw_support(by=by, source="test", source_id=7) == []
    support.refresh_from_db()
    assert support.withdrawn_on == clock.today()
    assert queries.missing_fields(participation) == queries.missing_labels(["support"])


# Pages


def coordinator(**data):
    return base.user(Role.COORDINATOR, projects=[base.project()], **data)


def form_data(participation, **changes):
    from centrum.reporting.forms import EntryForm

    form = EntryForm(participation=participation)
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: "" if value is None else value for name, value in data.items()}
    if data["birth_date"]:
        data["birth_date"] = data["birth_date"].isoformat()
    return {**data, **dict.fromkeys(queries.SENSITIVE, ""), **changes}


def test_the_form_saves_and_the_button_enters(client):
    client.force_login(coordinator())
    participation = services.prepare_participation(
        by=coordinator(), project=base.project(), person=base.person(with_pesel=False, birth_date=None, sex="")
    )
    url = reverse("reporting:participation", args=[participation.pk])
    data = form_data(
        participation, identifier_kind="pesel", identifier=base.pesel(), **factory.STATUS, **factory.ANSWERS
    )
    assert client.post(url, data).status_code == 302
    assert queries.missing_fields(participation) == []
    page = client.get(url).content.decode()
    assert "Niepełnosprawn" not in page and 'value="yes" selected' not in page
    entered = client.post(
        reverse("reporting:participation-enter", args=[participation.pk]), {"enter-starts_on": "3.3.2025"}
    )
    assert entered.status_code == 302
    participation.refresh_from_db()
    assert (participation.state, participation.starts_on, participation.age_at_entry) == (P.ENTERED, factory.DAY, 40)
    ended = client.post(
        reverse("reporting:participation-end", args=[participation.pk]),
        {"exit-ends_on": "2.2.2026", "exit-exit_situation": "job_searching", "exit-exit_as_planned": "yes"},
    )
    assert ended.status_code == 302
    participation.refresh_from_db()
    assert (participation.state, participation.ends_on) == (P.ENDED, datetime.date(2026, 2, 2))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("changes", [{"sex": "m"}, {"birth_date": "1990-01-01"}, {"identifier": "44051401358"}])
def test_a_wrong_pesel_is_refused_at_its_field_and_nothing_typed_is_lost(client, changes):
    client.force_login(coordinator())
    participation = factory.participation(person=base.person(with_pesel=False))
    data = form_data(
        participation, identifier_kind="pesel", identifier=base.pesel(), locality="Osiek", **factory.STATUS
    )
    answer = client.post(reverse("reporting:participation", args=[participation.pk]), {**data, **changes})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["identifier"]
    assert 'value="Osiek"' in answer.content.decode()
    participation.person.refresh_from_db()
    assert participation.person.locality == "Dobiegniew"


def test_answers_are_not_shown_again(client):
    client.force_login(coordinator())
    participation = factory.participation()
    form = client.get(reverse("reporting:participation", args=[participation.pk])).context["entry_form"]
    assert {name: form[name].value() for name in queries.SENSITIVE} == dict.fromkeys(queries.SENSITIVE, None)
    services.save_entry(participation, by=coordinator(), locality="Osiek")
    assert queries.answered(participation) == list(queries.SENSITIVE)


def test_a_partner_sees_its_own_people_only(client):
    partner = base.unit(UnitKind.PARTNER)
    ours = factory.participation(person=base.person(units=[partner]))
    theirs = factory.participation(person=base.person())
    user = coordinator(unit_=partner)
    client.force_login(user)
    assert list(queries.visible_participations(user)) == [ours]
    assert client.get(reverse("reporting:participation", args=[theirs.pk])).status_code == 404
    stranger = base.user(Role.COORDINATOR)
    client.force_login(stranger)
    assert client.get(reverse("reporting:project", args=[ours.project_id])).status_code == 404
    assert client.get(reverse("reporting:participation", args=[ours.pk])).status_code == 404


def test_the_project_page_tells_who_is_not_ready_and_why(client):
    client.force_login(coordinator())
    ready = factory.participation("entered")
    factory.support(ready)
    factory.participation("entered")
    factory.participation(labour_status="", labour_status_detail="")
    factory.participation("cancelled")
    url = reverse("reporting:project", args=[ready.project_id])
    page = client.get(url)
    assert page.context["counts"] == {"ready": 1, "all": 3, "preparing": 1, "entered": 2, "ended": 0, "cancelled": 1}
    lacks = [[str(label) for label in p.lacks] for p in page.context["page"].rows][1:]
    assert lacks == [
        [str(queries.missing_labels([code])[0])] if code else [] for code in ("labour_status", "support", None)
    ]
    assert [p.pk for p in client.get(url, {"lacks": "no"}).context["page"].rows] == [ready.pk]
    assert len(client.get(url, {"lacks": "yes"}).context["page"].rows) == 2


@pytest.mark.parametrize("name", ["projects", "project"])
def test_lists_ask_the_same_number_of_questions_for_one_row_and_three(client, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(coordinator())
    args = [base.project().pk] if name == "project" else []
    factory.participation("entered")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"reporting:{name}", args=args)).status_code == 200
        counts.append(len(asked))
        factory.participation("entered")
        factory.participation("ended")
    assert counts[0] == counts[1]


def test_refused_answers_only_where_allowed():
    with pytest.raises((ValidationError, DatabaseError)):
        factory.participation(homeless="refused")
