"""Objectives, tasks, indicators and milestones of a partnership."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.staff.enums import UnitKind
from partners import programme
from partners.models import Milestone, Objective, Task
from tests.factories import base
from tests.factories import partners as make

pytestmark = pytest.mark.django_db
D = datetime.date
JUNE = D(2026, 6, 30)


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def row(keeper):
    return make.partnership(by=keeper, public=True)


def milestone(row, *, by, number=1, planned=4, planned_on=JUNE):
    task = programme.save_task(row, by=by, number=number, text="Standardy usług")
    return programme.save_milestone(
        task, by=by, name="opisane standardy", unit="szt.", planned=Decimal(planned), planned_on=planned_on
    )


def url(name, row, *more):
    return reverse(f"partners:{name}", args=[row.public_id, *more])


def refused(service, *args, **values):
    with pytest.raises(Refused) as caught:
        service(*args, **values)
    return list(getattr(caught.value, "error_dict", {"": ""}))


def test_a_number_is_given_once(keeper, row):
    programme.save_objective(row, by=keeper, number=1, text="Standardy")
    assert refused(programme.save_objective, row, by=keeper, number=1, text="Inne") == [""]
    programme.save_task(row, by=keeper, number=1, text="Analiza")
    assert refused(programme.save_task, row, by=keeper, number=1, text="Inne") == [""]
    other = make.partnership(by=keeper)
    assert programme.save_objective(other, by=keeper, number=1, text="Standardy").pk
    assert [programme.next_number(r.objectives) for r in (row, other, make.partnership(by=keeper))] == [2, 2, 1]


def test_only_a_member_of_the_partnership_answers_for_a_task(keeper, row):
    stranger = make.member(make.partnership(by=keeper), by=keeper)
    assert refused(programme.save_task, row, by=keeper, number=1, text="A", responsible=stranger) == ["responsible"]
    member = make.member(row, by=keeper)
    assert programme.save_task(row, by=keeper, number=1, text="A", responsible=member).responsible == member


@pytest.mark.parametrize(("reached", "stamped"), [("0", False), ("3.99", False), ("4", True), ("5", True)])
def test_it_is_reached_with_the_planned_and_no_sooner(keeper, row, reached, stamped):
    made = milestone(row, by=keeper)
    done = programme.note_reached(made, by=keeper, reached=Decimal(reached), on=D(2026, 5, 4))
    assert done.reached_on == (D(2026, 5, 4) if stamped else None)


def test_more_planned_is_no_longer_reached(keeper, row):
    made = programme.note_reached(milestone(row, by=keeper), by=keeper, reached=Decimal(4), on=D(2026, 5, 4))
    again = programme.save_milestone(
        made.task, by=keeper, milestone=made, name="x", unit="", planned=Decimal(5), planned_on=D(2026, 6, 30)
    )
    assert again.reached_on is None


def test_a_day_to_come_is_refused(keeper, row):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    assert refused(programme.note_reached, milestone(row, by=keeper), by=keeper, reached=1, on=tomorrow) == ["on"]


@pytest.mark.parametrize(
    "wrong", [{"planned": 0}, {"reached": -1}, {"name": ""}, {"reached_on": D(2026, 1, 1)}, {"reached": 9}]
)
def test_the_database_refuses_a_wrong_row(keeper, row, wrong):
    made = milestone(row, by=keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=made.pk).update(**wrong)


def test_another_unit_writes_nothing(row):
    other = make.keeper(base.unit(UnitKind.PARTNER))
    for service in (programme.save_objective, programme.save_task):
        with pytest.raises(PermissionDenied):
            service(row, by=other, number=1, text="x")


def test_the_whole_programme_on_the_pages(office, keeper, row):
    assert office.get(url("objective-new", row)).context["form"].initial["number"] == 1
    assert office.post(url("objective-new", row), {"number": "1", "text": "Standardy"}).status_code == 302
    objective = Objective.objects.get()
    assert office.post(url("objective-edit", row, objective.pk), {"number": "2", "text": "Kadry"}).status_code == 302
    member = make.member(row, by=keeper)
    typed = {"number": "1", "text": "Analiza", "responsible": member.pk}
    assert office.post(url("task-new", row), typed).status_code == 302
    task = Task.objects.get()
    assert (task.text, task.responsible) == ("Analiza", member)
    assert office.post(url("task-edit", row, task.pk), {"number": "1", "text": "Analiza sytuacji"}).status_code == 302
    typed = {"name": "raporty", "planned": "2,5", "unit": "szt.", "planned_on": "30.06.2026"}
    assert office.post(url("milestone-new", row, task.pk), typed).status_code == 302
    made = Milestone.objects.get()
    assert (made.planned, made.planned_on) == (Decimal("2.50"), D(2026, 6, 30))
    page = office.post(url("milestone-edit", row, made.pk), {**typed, "planned": "0"})
    assert list(page.context["form"].errors) == ["planned"]
    assert office.post(url("milestone-reached", row, made.pk), {"reached": "2,5", "on": "4.05.2026"}).status_code == 302
    shown = office.get(url("partnership", row)).context
    assert [o.text for o in shown["objectives"]] == ["Kadry"]
    (told,) = shown["tasks"]
    assert (told.text, told.responsible) == ("Analiza sytuacji", None)
    assert [m.reached_on for m in told.milestones.all()] == [D(2026, 5, 4)]
    public = office.get(reverse("partnerships:partnership", args=[row.public_id])).content.decode()
    assert "Kadry" in public and "Analiza sytuacji" in public


def test_what_is_late_is_told(keeper, row):
    milestone(row, by=keeper, planned_on=D(2026, 1, 1))
    milestone(row, by=keeper, number=2, planned_on=clock.today())
    late = [m.late for task in programme.tasks_of(row) for m in task.milestones.all()]
    assert late == [True, False]


def test_the_page_asks_as_often_with_three_tasks_as_with_one(office, keeper, row):
    def asked():
        with CaptureQueriesContext(connection) as made:
            assert office.get(url("partnership", row)).status_code == 200
        return len(made)

    milestone(row, by=keeper)
    one = asked()
    milestone(row, by=keeper, number=2)
    milestone(row, by=keeper, number=3)
    assert asked() == one
