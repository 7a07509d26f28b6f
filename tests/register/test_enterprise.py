"""Status of social enterprise: periods, the report by 31 March, headcounts, the six-month duty; services and pages."""

import datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.clock import months_later
from centrum.kit.models import OutboxMessage, Parameter
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, Stale
from centrum.register import enterprise, seed
from centrum.register.enums import Aim, Regime
from centrum.register.models import EnterpriseReport, EnterpriseStatus, Headcount, StatusDuty
from centrum.staff.enums import Role, UnitKind
from tests.factories import base, enterprises
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = datetime.date
STATUS = {
    "regime": Regime.ACT_2022,
    "aim": Aim.REINTEGRATION,
    "decision_no": "PS-1/2024",
    "decision_on": D(2024, 3, 1),
    "voivode": "Wojewoda Lubuski",
    "valid_from": D(2024, 3, 1),
}


@pytest.fixture
def user(client):
    coordinator = base.user()
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def told():
    """told(2026, 2, 1): things happen at noon of that day until the test ends."""
    opened = []

    def at(year, month, day):
        context = clock.at(datetime.datetime(year, month, day, 12, tzinfo=clock.WARSAW))
        context.__enter__()
        opened.append(context)

    yield at
    while opened:
        opened.pop().__exit__(None, None, None)


def my_day(client, user):
    """What my day tells of social enterprises on the day that the clock shows; a session of another day is over."""
    client.force_login(user)
    panels = client.get(reverse("staff:home")).context["panels"]
    return [panel["panel"] for panel in panels if panel["template"] == "register/_enterprises_panel.html"]


def refused(call, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return list(refusal.value.message_dict) if hasattr(refusal.value, "error_dict") else refusal.value.messages


# Periods


def test_a_status_is_granted_ended_and_another_one_follows():
    user, organisation = base.user(), base.organisation()
    status = enterprise.grant_status(organisation, by=user, **STATUS)
    status = enterprise.end_status(status, by=user, valid_to=D(2025, 1, 1), reason=" Koniec działalności. ")
    assert (status.valid_to, status.lost_reason, status.taken) == (D(2025, 1, 1), "Koniec działalności.", False)
    again = enterprise.grant_status(organisation, by=user, **STATUS | {"valid_from": D(2025, 1, 1)})
    assert enterprise.status_on(organisation, D(2024, 12, 31)) == status
    assert enterprise.status_on(organisation, D(2025, 1, 1)) == again
    assert enterprise.status_on(organisation, D(2024, 2, 29)) is None


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"valid_to": D(2024, 3, 1)}, ["valid_to"]),
        ({"valid_to": D(2023, 3, 1)}, ["valid_to"]),
        ({"valid_from": D(2022, 10, 29)}, ["valid_from"]),
        ({"decision_on": D(2100, 1, 1)}, ["decision_on"]),
        ({"decision_no": ""}, ["decision_no"]),
        ({"aim": "profit"}, ["aim"]),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(wrong, fields):
    assert refused(enterprise.grant_status, base.organisation(), by=base.user(), **STATUS | wrong) == fields
    assert not EnterpriseStatus.objects.exists()


def test_periods_do_not_overlap_and_the_words_say_so():
    status = enterprises.status()
    said = refused(enterprise.grant_status, status.organisation, by=base.user(), **STATUS)
    message = next(c for c in EnterpriseStatus._meta.constraints if c.name == "enterprisestatus_one_at_a_time")
    assert said == [message.get_violation_error_message()]
    enterprise.grant_status(base.organisation(), by=base.user(), **STATUS)  # another organisation may


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_of_many_who_grant_one_period_at_once_one_wins(monkeypatch, locked):
    """Without the lock of the organisation the database refuses too, in words or by breaking a deadlock."""
    user, organisation = base.user(), base.organisation()
    if not locked:
        monkeypatch.setattr(enterprise, "_lock", lambda organisation, by: organisation)
    results = at_once(6, lambda _n: enterprise.grant_status(organisation, by=user, **STATUS))
    names = sorted(type(result).__name__ for result in results)
    assert EnterpriseStatus.objects.count() == 1
    if locked:
        assert names == ["EnterpriseStatus"] + ["Refused"] * 5
    else:
        assert set(names) <= {"EnterpriseStatus", "Refused", "OperationalError"}


def test_an_end_is_noted_once_and_with_a_reason():
    user, status = base.user(), enterprises.status()
    assert refused(enterprise.end_status, status, by=user, valid_to=D(2025, 1, 1), reason=" ") == ["reason"]
    assert refused(enterprise.end_status, status, by=user, valid_to=status.valid_from, reason="x") == ["valid_to"]
    enterprise.end_status(status, by=user, valid_to=D(2025, 1, 1), reason="Decyzja.", taken=True)
    with pytest.raises(Stale):
        enterprise.end_status(status, by=user, valid_to=D(2025, 2, 1), reason="Druga.")


def test_an_old_status_is_not_taken_away_by_a_decision():
    status = enterprises.status(regime=Regime.CT9, valid_from=D(2020, 1, 1))
    wanted = {"valid_to": D(2024, 1, 1), "reason": "Wygasł z mocy prawa."}
    assert refused(enterprise.end_status, status, by=base.user(), taken=True, **wanted) == ["taken"]
    assert enterprise.end_status(status, by=base.user(), **wanted).valid_to == D(2024, 1, 1)


def test_a_correction_keeps_its_reason_and_the_history_what_stood_there():
    user = base.user()
    status = enterprises.status(decision_no="PS-7/2042")
    assert refused(enterprise.correct_status, status, by=user, reason="", decision_no="x") == ["reason"]
    status = enterprise.correct_status(status, by=user, reason="Literówka.", decision_no="PS-7/2024")
    assert (status.decision_no, status.correction) == ("PS-7/2024", "Literówka.")
    history = apps.get_model("register.EnterpriseStatusEvent").objects.filter(pgh_obj_id=status.pk).order_by("pgh_id")
    assert [(e.pgh_label, e.decision_no, e.correction) for e in history] == [
        ("insert", "PS-7/2042", ""),
        ("update", "PS-7/2024", "Literówka."),
    ]


def test_an_end_noted_by_mistake_is_taken_back_with_its_reason():
    user, status = base.user(), enterprises.status()
    status = enterprise.end_status(status, by=user, valid_to=D(2025, 1, 1), reason="Decyzja.", taken=True)
    status = enterprise.correct_status(status, by=user, reason="Nie ta organizacja.", valid_to=None)
    assert (status.valid_to, status.lost_reason, status.taken) == (None, "", False)


def test_after_a_loss_by_decision_a_year_is_waited_for_with_a_warning(client, user, told):
    told(2026, 6, 1)
    status = enterprises.status(valid_to=D(2026, 2, 28), lost_reason="Decyzja.", taken=True)
    organisation = status.organisation
    assert enterprise.free_from(organisation) == D(2027, 2, 28)
    address = reverse("register:enterprise-status-new", args=[organisation.public_id])
    assert date_short(D(2027, 2, 28)) in client.get(address).context["note"]
    typed = STATUS | {"decision_no": "PS-9/2026", "decision_on": "1.5.2026", "valid_from": "2.5.2026"}
    page = client.post(address, typed, follow=True)
    assert page.redirect_chain and organisation.enterprise_statuses.count() == 2
    assert sorted(m.level_tag for m in page.context["messages"]) == ["success", "warning"]
    assert enterprise.free_from(base.organisation()) is None


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION])
def test_only_editors_write(role):
    user, status = base.user(role), enterprises.status()
    organisation = status.organisation
    for write in (
        lambda: enterprise.grant_status(base.organisation(), by=user, **STATUS),
        lambda: enterprise.end_status(status, by=user, valid_to=D(2025, 1, 1), reason="x"),
        lambda: enterprise.correct_status(status, by=user, reason="x", decision_no="y"),
        lambda: enterprise.note_report(organisation, by=user, year=2024, sent_on=D(2025, 3, 1)),
        lambda: enterprise.note_headcount(
            organisation, by=user, counted_on=D(2025, 3, 1), employed=3, half_time=3, at_risk=1
        ),
        lambda: enterprise.note_status_duty(organisation, by=user, job_created_on=D(2025, 3, 1)),
    ):
        with pytest.raises(PermissionDenied):
            write()


# Report by 31 March


def test_who_owes_the_report_of_a_year():
    made = {
        "whole": enterprises.status(valid_from=D(2024, 1, 1)),
        "last day": enterprises.status(valid_from=D(2025, 12, 31)),
        "first day": enterprises.status(valid_from=D(2023, 1, 1), valid_to=D(2025, 1, 2)),
        "gone before": enterprises.status(valid_from=D(2023, 1, 1), valid_to=D(2025, 1, 1)),
        "later": enterprises.status(valid_from=D(2026, 1, 1)),
        "old": enterprises.status(regime=Regime.CT9, valid_from=D(2020, 1, 1)),
    }
    organisations = type(made["old"].organisation).objects
    owing = set(enterprise.owing(organisations.all(), 2025))
    assert owing == {made[name].organisation for name in ("whole", "last day", "first day")}
    with clock.at(datetime.datetime(2026, 6, 1, tzinfo=clock.WARSAW)):
        assert {name: 2025 in enterprise.years_owed([status]) for name, status in made.items()} == {
            name: status.organisation in owing for name, status in made.items()
        }


def test_a_report_is_noted_once_for_a_year_that_is_owed_and_over(told):
    told(2026, 3, 1)
    user, organisation = base.user(), enterprises.status().organisation
    note = enterprise.note_report
    assert refused(note, organisation, by=user, year=2023, sent_on=D(2024, 3, 1)) == ["year"]
    assert refused(note, organisation, by=user, year=2025, sent_on=D(2025, 12, 31)) == ["sent_on"]
    assert refused(note, organisation, by=user, year=2025, sent_on=D(2026, 3, 2)) == ["sent_on"]
    report = note(organisation, by=user, year=2025, sent_on=D(2026, 3, 1), reference="UPO-1")
    assert (report.noted_by, report.reference) == (user, "UPO-1")
    assert len(refused(note, organisation, by=user, year=2025, sent_on=D(2026, 3, 1))) == 1
    assert EnterpriseReport.objects.count() == 1


def test_page_of_reports_counts_and_lists_each_state(client, user, told):
    told(2026, 4, 1)
    named = {}
    for name, sent in (("in time", D(2026, 3, 31)), ("late", D(2026, 4, 1)), ("missing", None)):
        named[name] = enterprises.status(base.organisation(name=name)).organisation
        if sent:
            enterprise.note_report(named[name], by=user, year=2025, sent_on=sent)
    address = reverse("register:enterprise-reports", args=[2025])

    def listed(**query):
        page = client.get(address, query).context
        return (
            [fact["value"] for fact in page["facts"]],
            [(r.name, r.kind) for r in page["page"].rows],
            page["deadline"],
        )

    assert listed() == (
        ["3", "1", "1", "1"],
        [("in time", "ok"), ("late", "wait"), ("missing", "bad")],
        D(2026, 3, 31),
    )
    assert [listed(state=state)[1] for state in ("sent", "late", "missing")] == [
        [("in time", "ok")],
        [("late", "wait")],
        [("missing", "bad")],
    ]
    assert {r.kind for r in client.get(reverse("register:enterprise-reports", args=[2026])).context["page"].rows} == {
        "wait"
    }
    for year in (2021, 2027, 10**6):
        assert client.get(reverse("register:enterprise-reports", args=[year])).status_code == 404


def test_the_deadline_is_a_dated_number():
    Parameter.objects.filter(code="enterprise-report-month").update(valid_to=D(2026, 1, 1))
    april = {"code": "enterprise-report-month", "name": "x", "source": "y", "value": 4, "valid_from": D(2026, 1, 1)}
    Parameter.objects.create(**april)
    Parameter.objects.filter(code="enterprise-report-day").update(value=30)
    assert [enterprise.report_deadline(year) for year in (2024, 2025)] == [D(2025, 3, 30), D(2026, 4, 30)]


@pytest.mark.parametrize(("day", "count"), [((2026, 1, 31), 0), ((2026, 2, 1), 1), ((2026, 12, 31), 1)])
def test_my_day_tells_missing_reports_from_february_on(client, user, told, day, count):
    told(*day)
    enterprises.status()
    sent = enterprises.status().organisation
    EnterpriseReport.objects.create(organisation=sent, year=2025, sent_on=D(2026, 1, 20))
    assert [panel["count"] for panel in my_day(client, user)] == ([count] if count else [])


def reminders():
    out = StringIO()
    call_command("remind_enterprises", stdout=out)
    return out.getvalue().strip()


def test_each_enterprise_is_reminded_once_a_stage(told):
    organisation = enterprises.status(base.organisation(email="biuro@example.org")).organisation
    enterprises.status(base.organisation(email=""))
    enterprises.status(base.organisation(email="byla@example.org"), valid_to=D(2024, 9, 1))
    said = []
    for day in ((2026, 1, 31), (2026, 2, 1), (2026, 3, 16), (2026, 3, 17), (2026, 3, 31), (2026, 4, 1), (2026, 12, 31)):
        told(*day)
        said += [reminders(), reminders()]
    quiet = "reminded 0, without an address 1"
    sent = "reminded 1, without an address 1"
    none = "reminded 0, without an address 0"
    assert said == [none, none, sent, quiet, quiet, quiet, sent, quiet, quiet, quiet, sent, quiet, quiet, quiet]
    assert list(OutboxMessage.objects.order_by("id").values_list("to", "about")) == [
        ("biuro@example.org", f"PS 2025/{stage}/{organisation.pk}") for stage in (1, 2, 3)
    ]


def test_the_main_contact_gets_the_letter_and_who_sent_the_report_none(told):
    told(2026, 2, 1)
    organisation = enterprises.status(base.organisation(email="biuro@example.org")).organisation
    enterprises.contact(organisation, main=True, person=base.person(email="prezeska@example.org"))
    done = enterprises.status(base.organisation(email="x@example.org")).organisation
    EnterpriseReport.objects.create(organisation=done, year=2025, sent_on=D(2026, 1, 20))
    reminders()
    message = OutboxMessage.objects.get()
    assert message.to == "prezeska@example.org"
    assert organisation.name in message.body and "2025" in message.subject


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_reminders_at_once_send_one_letter():
    seed.load_parameters()
    enterprises.status(base.organisation(email="biuro@example.org"))
    results = at_once(2, lambda _n: enterprise.remind(D(2026, 3, 20)))
    assert sorted(results) == [(0, 0), (1, 0)]
    assert OutboxMessage.objects.count() == 1


# Headcount


def holds(employed, half_time, at_risk, aim=Aim.REINTEGRATION):
    headcount = Headcount(counted_on=D(2025, 6, 1), employed=employed, half_time=half_time, at_risk=at_risk)
    return [finding.holds for finding in enterprise.check_headcount(headcount, aim)]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((10, 10, 3), [True, True]),  # 30 % exactly
        ((10, 10, 2), [True, False]),
        ((11, 11, 3), [True, False]),  # 27.3 %
        ((3, 3, 1), [True, True]),
        ((3, 2, 1), [False, True]),
        ((2, 2, 0), [False, False]),
        ((0, 0, 0), [False, True]),
    ],
)
def test_art_5_at_its_edges(numbers, expected):
    assert holds(*numbers) == expected
    assert holds(*numbers, aim=Aim.BOTH) == expected
    assert holds(*numbers, aim=Aim.SERVICES) == expected[:1]


@given(st.data())
def test_the_missing_people_are_just_enough(data):
    """Brute force: with so many more at risk the share is reached, with one fewer it is not."""
    employed = data.draw(st.integers(0, 2000))
    at_risk = data.draw(st.integers(0, employed))
    share = data.draw(st.integers(1, 99))
    more = enterprise.at_risk_lacking(at_risk, employed, share)

    def reached(extra):
        return 100 * (at_risk + extra) >= share * (employed + extra)

    assert reached(more)
    assert more == 0 or not reached(more - 1)


def test_what_is_missing_is_said_on_the_page(client, user, told):
    told(2026, 6, 1)
    organisation = enterprises.status().organisation
    typed = {"counted_on": "1.6.2026", "employed": "9", "half_time": "9", "at_risk": "2", "proof": "ZUS"}
    address = reverse("register:enterprise-headcount-new", args=[organisation.public_id])
    assert client.post(address, typed).status_code == 302
    page = client.get(reverse("register:enterprise", args=[organisation.public_id]))
    first, second = page.context["findings"]
    assert (first.holds, first.missing, second.holds, "1" in second.missing) == (True, 0, False, True)
    again = client.post(address, typed)  # of one day there is one
    assert (again.status_code, list(again.context["form"].errors)) == (200, ["__all__"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"half_time": "10"}, "__all__"),
        ({"at_risk": "-1"}, "at_risk"),
        ({"employed": "x"}, "employed"),
        ({"employed": "99999"}, "employed"),
        ({"counted_on": "2.6.2026"}, "counted_on"),
        ({"counted_on": "1.6.2020"}, "counted_on"),
    ],
)
def test_wrong_numbers_are_told_at_their_field(client, user, told, wrong, field):
    told(2026, 6, 1)
    typed = {"counted_on": "1.6.2026", "employed": "9", "half_time": "9", "at_risk": "2"} | wrong
    address = reverse("register:enterprise-headcount-new", args=[base.organisation().public_id])
    page = client.post(address, typed)
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Headcount.objects.exists()


# Six months


@pytest.mark.parametrize(
    ("job", "due"),
    [
        (D(2025, 8, 31), D(2026, 2, 28)),
        (D(2023, 8, 31), D(2024, 2, 29)),
        (D(2025, 8, 28), D(2026, 2, 28)),
        (D(2025, 1, 15), D(2025, 7, 15)),
        (D(2025, 12, 31), D(2026, 6, 30)),
    ],
)
def test_six_months_are_counted_by_the_calendar(job, due):
    duty = enterprise.note_status_duty(base.organisation(), by=base.user(), job_created_on=job)
    assert duty.due_on == due


@given(st.dates(D(1900, 1, 1), D(2090, 12, 31)), st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months):
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + datetime.timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"valid_from": D(2026, 2, 28)}, ("met", 0)),
        ({"valid_from": D(2026, 3, 1)}, ("met_late", 1)),
        ({"valid_from": D(2024, 3, 1)}, ("met", 729)),
        ({"valid_from": D(2024, 3, 1), "valid_to": D(2025, 8, 31)}, ("late", 1)),
        (None, ("late", 1)),
    ],
)
def test_where_a_duty_stands(told, status, expected):
    told(2026, 3, 1)
    organisation = base.organisation()
    duty = enterprise.note_status_duty(organisation, by=base.user(), job_created_on=D(2025, 8, 31))
    if status:
        enterprises.status(organisation, **status)
    state = enterprise.duty_state(duty, organisation.enterprise_statuses.all())
    assert (state.kind, state.days) == expected
    assert enterprise.duty_state(duty, [], D(2026, 2, 28)) == enterprise.DutyState("open", 0)


def test_a_duty_is_corrected_not_doubled_and_not_noted_ahead(told):
    told(2026, 3, 1)
    user, organisation = base.user(), base.organisation()
    enterprise.note_status_duty(organisation, by=user, job_created_on=D(2025, 8, 31))
    enterprise.note_status_duty(organisation, by=user, job_created_on=D(2025, 9, 1))
    assert StatusDuty.objects.get().due_on == D(2026, 3, 1)
    for day in (D(2026, 3, 2), D(2019, 1, 1)):
        assert refused(enterprise.note_status_duty, organisation, by=user, job_created_on=day) == ["job_created_on"]


def test_my_day_tells_statuses_due_soon_or_late(client, user, told):
    told(2026, 3, 1)
    for name, job in (
        ("late", D(2025, 8, 1)),
        ("soon", D(2025, 10, 1)),
        ("far", D(2026, 2, 1)),
        ("met", D(2025, 8, 2)),
    ):
        organisation = base.organisation(name=name)
        enterprise.note_status_duty(organisation, by=user, job_created_on=job)
        if name == "met":
            enterprises.status(organisation, valid_from=D(2026, 1, 1), regime=Regime.CT9)
    (panel,) = my_day(client, user)
    assert [(row.name, row.duty["kind"]) for row in panel["due"]] == [("late", "bad"), ("soon", "wait")]


# List


def listed(client, **query):
    return [row.name for row in client.get(reverse("register:enterprises"), query).context["page"].rows]


def test_filters_of_the_list(client, user, told):
    told(2026, 6, 1)
    make = base.organisation
    enterprises.status(make(name="A ma"))
    enterprises.status(make(name="B stracił"), valid_to=D(2026, 1, 1))
    both = make(name="C znów ma")
    enterprises.status(both, valid_to=D(2025, 1, 1))
    enterprises.status(both, valid_from=D(2025, 6, 1))
    enterprise.note_status_duty(make(name="D ma termin"), by=user, job_created_on=D(2026, 1, 10))
    make(name="E nic")
    assert listed(client) == ["A ma", "B stracił", "C znów ma", "D ma termin"]
    assert listed(client, state="in_force") == ["A ma", "C znów ma"]
    assert listed(client, state="lost") == ["B stracił"]
    assert listed(client, state="duty") == ["D ma termin"]
    assert listed(client, q="znów") == ["C znów ma"]
    assert listed(client, state="none", q="x") == listed(client)


def test_another_units_enterprises_are_not_seen(client):
    enterprises.status()
    client.force_login(base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER)))
    assert listed(client) == []


@pytest.mark.parametrize("name", ["enterprises", "enterprise-reports"])
def test_lists_ask_as_much_for_three_as_for_one(client, user, name):
    counts = []
    for times in (1, 2):
        for _row in range(times):
            organisation = enterprises.status().organisation
            enterprise.note_status_duty(organisation, by=user, job_created_on=D(2024, 6, 1))
        with CaptureQueriesContext(connection) as captured:
            args = [2024] if name == "enterprise-reports" else []
            assert len(client.get(reverse(f"register:{name}", args=args)).context["page"].rows) == 2 * times - 1
        counts.append(len(captured))
    assert counts[0] == counts[1]


# Pages


def test_a_status_is_noted_corrected_and_ended_by_forms(client, user):
    organisation = base.organisation()
    base_args = [organisation.public_id]
    typed = STATUS | {"decision_on": "1.3.2024", "valid_from": "1.3.2024", "valid_to": ""}
    assert client.post(reverse("register:enterprise-status-new", args=base_args), typed).status_code == 302
    status = organisation.enterprise_statuses.get()
    address = reverse("register:enterprise-status-correct", args=[*base_args, status.pk])
    assert client.get(address).context["form"]["decision_no"].value() == "PS-1/2024"
    client.post(address, typed | {"aim": "both", "reason": "Zły cel."})
    address = reverse("register:enterprise-status-end", args=[*base_args, status.pk])
    client.post(address, {"valid_to": "1.1.2026", "reason": "Decyzja.", "taken": "on"})
    status.refresh_from_db()
    assert (status.aim, status.valid_to, status.taken) == ("both", D(2026, 1, 1), True)
    page = client.get(reverse("register:enterprise", args=base_args))
    assert page.context["shown"]["kind"] == "bad"
    second = client.post(address, {"valid_to": "1.1.2026", "reason": "Raz jeszcze."})
    assert list(second.context["form"].errors) == ["__all__"]


def test_a_status_of_another_organisation_is_not_found_at_this_ones_address(client, user):
    status = enterprises.status()
    args = [base.organisation().public_id, status.pk]
    assert client.get(reverse("register:enterprise-status-end", args=args)).status_code == 404


def test_the_report_form_offers_only_years_that_are_missing(client, user, told):
    told(2026, 3, 1)
    organisation = enterprises.status(valid_from=D(2023, 5, 1)).organisation
    enterprise.note_report(organisation, by=user, year=2024, sent_on=D(2025, 3, 1))
    address = reverse("register:enterprise-report-new", args=[organisation.public_id])
    form = client.get(address, {"year": "2023"}).context["form"]
    assert ([year for year, _label in form.fields["year"].choices], form["year"].value()) == ([2025, 2023], "2023")
    assert client.post(address, {"year": "2024", "sent_on": "1.3.2026"}).status_code == 200
    assert client.post(address, {"year": "2025", "sent_on": "1.3.2026"}).status_code == 302


def test_the_page_of_the_organisation_carries_the_tag(client, user):
    organisation = enterprises.status().organisation
    page = client.get(reverse("register:organisation", args=[organisation.public_id]))
    (panel,) = [p["panel"] for p in page.context["panels"] if p["template"] == "register/_enterprise_panel.html"]
    assert panel["shown"]["kind"] == "ok"


def test_the_page_bears_everything_and_asks_as_much_for_three_as_for_one(client, user):
    organisation = enterprises.status(valid_from=D(2024, 1, 1), valid_to=D(2024, 2, 1)).organisation
    counts = []
    for n, times in enumerate((1, 2)):
        for number in range(times):
            enterprises.status(
                organisation, valid_from=D(2025, 1 + 2 * n + number, 1), valid_to=D(2025, 1 + 2 * n + number, 2)
            )
            enterprise.note_headcount(
                organisation, by=user, counted_on=D(2025, 1, 1 + 2 * n + number), employed=9, half_time=9, at_risk=2
            )
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("register:enterprise", args=[organisation.public_id])).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


# Parameters


def test_the_numbers_of_the_rules_are_loaded_once_and_unconfirmed():
    codes = set(Parameter.objects.filter(code__startswith="enterprise-").values_list("code", flat=True))
    assert codes == {
        "enterprise-report-month",
        "enterprise-report-day",
        "enterprise-status-months",
        "enterprise-pause-months",
        "enterprise-min-employed",
        "enterprise-at-risk-share",
    }
    assert not Parameter.objects.filter(code__startswith="enterprise-", confirmed=True).exists()
    Parameter.objects.filter(code="enterprise-min-employed").update(value=4)
    Parameter.objects.filter(code="enterprise-at-risk-share").delete()
    seed.load_parameters()
    assert Parameter.objects.get(code="enterprise-min-employed").value == 4
    assert Parameter.objects.get(code="enterprise-at-risk-share").value == 30
