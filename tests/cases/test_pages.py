"""Pages of cases and services through their addresses."""

import datetime
import io
import re
import uuid

import pypdf
import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.cases import emails, services
from centrum.cases.enums import CaseState, ServiceState
from centrum.cases.models import Case, Service, ServiceType
from centrum.kit.clock import today
from centrum.kit.models import OutboxMessage, StateChange
from centrum.reporting.enums import ParticipationState
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import cases as make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def coordinator(client):
    user = base.user(Role.COORDINATOR, projects=[base.project()])
    client.force_login(user)
    return user


def text_of(response):
    """What a reader sees of the page's main part, in one line."""
    main = response.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# Who sees what


def test_every_page_of_a_foreign_case_is_not_found(client):
    case = make.case()
    service = make.service(case)
    outsider = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER), projects=[case.project])
    without_project = base.user(Role.COORDINATOR)
    for user in (outsider, without_project):
        client.force_login(user)
        for name, args in addresses(case, service):
            assert client.get(reverse(name, args=args)).status_code in (404, 405), name
            assert client.post(reverse(name, args=args)).status_code in (404, 405), name
        assert text_of(client.get(reverse("cases:list"))).find(case.number) == -1
    assert Case.objects.get().state == CaseState.OPENED


def addresses(case, service):
    of_case, of_service = [case.public_id], [service.public_id]
    yield from ((f"cases:{name}", of_case) for name in ("case", "diagnosis", "plan", "adviser", "participant-add"))
    yield from (("cases:service-new", of_case), ("cases:move", [*of_case, "diagnose"]))
    yield ("cases:close", [*of_case, "resign"])
    yield from ((f"cases:{name}", of_service) for name in ("service", "service-edit", "service-card", "service-link"))
    yield ("cases:service-move", [*of_service, "cancel"])


@pytest.mark.parametrize("name", ["case", "service", "service-card", "plan", "service-edit"])
def test_an_unknown_id_is_not_found(client, coordinator, name):
    assert client.get(reverse(f"cases:{name}", args=[uuid.uuid4()])).status_code == 404


def test_readers_see_and_do_not_write(client):
    case = make.case()
    service = make.service(case)
    auditor = base.user(Role.AUDITOR, projects=[case.project])
    base.sample(auditor, case.person)
    client.force_login(auditor)
    assert client.get(reverse("cases:case", args=[case.public_id])).status_code == 200
    assert client.get(reverse("cases:service", args=[service.public_id])).status_code == 200
    assert client.get(reverse("cases:plan", args=[case.public_id])).status_code == 403
    assert client.post(reverse("cases:service-new", args=[case.public_id])).status_code == 403
    assert client.post(reverse("cases:services-approve")).status_code == 403


def test_the_administrator_sees_no_client(client):
    case = make.case()
    client.force_login(base.user(Role.ADMINISTRATOR, projects=[case.project]))
    for url in (reverse("cases:list"), reverse("cases:services"), reverse("cases:case", args=[case.public_id])):
        assert client.get(url).status_code == 403


# Lists


def rows(response):
    return [case.number for case in response.context["page"].rows]


def test_the_list_filters(client, coordinator):
    partner = base.unit(UnitKind.PARTNER)
    adviser = base.user(Role.ADVISER, unit_=partner, projects=[base.project()])
    new = make.case(opened_on=today(), adviser=adviser)
    old = make.case(organisation=base.organisation(name="Spółdzielnia „Łąka”"))
    closed = make.case(CaseState.RESIGNED)
    url = reverse("cases:list")
    assert rows(client.get(url)) == [new.number, old.number]
    assert rows(client.get(url, {"order": "old"})) == [old.number, new.number]
    assert rows(client.get(url, {"state": "closed"})) == [closed.number]
    assert rows(client.get(url, {"state": "all", "q": "laka"})) == [old.number]
    assert rows(client.get(url, {"q": new.number.lower()})) == [new.number]
    assert rows(client.get(url, {"adviser": adviser.pk})) == [new.number]
    assert rows(client.get(url, {"unit": partner.pk})) == [new.number]
    assert rows(client.get(url, {"project": new.project.pk})) == [new.number, old.number]


@pytest.mark.parametrize(
    "query", ["state=nonsense", "adviser=9999999999999999999999", "project=x", "q=%3Dcmd%7C", "after=zzz", "unit=-1"]
)
def test_a_broken_filter_breaks_nothing(client, coordinator, query):
    make.case()
    assert client.get(f"{reverse('cases:list')}?{query}").status_code == 200
    assert client.get(f"{reverse('cases:services')}?{query}&begins=31.02.2026&ends=x").status_code == 200


def test_lists_ask_as_often_with_three_rows_as_with_one(client, coordinator):
    make.service(make.case(entered=True), ServiceState.CONFIRMED)
    one = [queries_of(client, reverse(name)) for name in ("cases:list", "cases:services")]
    for _ in range(2):
        make.service(make.case(organisation=base.organisation(), entered=True), ServiceState.CONFIRMED)
    assert [queries_of(client, reverse(name)) for name in ("cases:list", "cases:services")] == one
    assert max(one) <= 12


def test_the_case_page_asks_as_often_with_three_services_as_with_one(client, coordinator):
    case = make.case(CaseState.ACTIVE, organisation=base.organisation(), entered=True)
    make.service(case, ServiceState.CONFIRMED, service_type=ServiceType.objects.get(code="doradztwo-kluczowe"))
    make.service(case, ServiceState.HELD)
    url = reverse("cases:case", args=[case.public_id])
    one = queries_of(client, url)
    for state in (ServiceState.HELD, ServiceState.PLANNED):
        make.service(case, state)
    services.add_participant(case, by=case.adviser, person=base.person())
    assert queries_of(client, url) == one


def test_services_are_found_by_day_state_kind_and_adviser(client, coordinator):
    case = make.case(entered=True)
    kind = ServiceType.objects.get(code="doradztwo-prawne")
    first = make.service(case, date=today() - 20 * DAY)
    second = make.service(case, ServiceState.HELD, service_type=kind)
    url = reverse("cases:services")

    def found(**query):
        return [s.number for s in client.get(url, query).context["page"].rows]

    assert found() == [second.number, first.number]
    assert found(begins=(today() - 5 * DAY).isoformat()) == [second.number]
    assert found(ends=(today() - 5 * DAY).isoformat()) == [first.number]
    assert found(state="held") == [second.number]
    assert found(service_type=kind.pk) == [second.number]
    assert found(adviser=case.adviser.pk) == [second.number, first.number]
    assert found(adviser=coordinator.pk) == []


def test_services_are_approved_many_at_once_and_each_on_its_own(client, coordinator):
    good = make.service(make.case(entered=True), ServiceState.CONFIRMED)
    not_entered = make.service(make.case(), ServiceState.CONFIRMED)
    own = make.service(make.case(adviser=coordinator, entered=True), ServiceState.CONFIRMED)
    left = make.service(make.case(entered=True), ServiceState.CONFIRMED)
    chosen = [str(s.public_id) for s in (good, not_entered, own)] + ["nonsense"]
    response = client.post(reverse("cases:services-approve"), {"service": chosen}, follow=True)
    assert dict(Service.objects.values_list("number", "state")) == {
        good.number: ServiceState.APPROVED,
        not_entered.number: ServiceState.CONFIRMED,
        own.number: ServiceState.CONFIRMED,
        left.number: ServiceState.CONFIRMED,
    }
    shown = [str(message) for message in response.context["messages"]]
    assert [m.split(":")[0] for m in shown[:2]] == [not_entered.number, own.number]
    assert str(not_entered.recipients.get().person) in shown[0]


# Opening a case


def opening(**data):
    return {
        "project": base.project().pk,
        "unit": base.unit().pk,
        "opened_on": today().isoformat(),
        **data,
    }


def test_a_walk_in_gets_a_case(client, coordinator):
    person = base.person()
    url = reverse("cases:open-for-person", args=[person.public_id])
    assert client.get(url).status_code == 200
    response = client.post(url, opening(adviser=coordinator.pk))
    case = Case.objects.get()
    assert response.url == reverse("cases:case", args=[case.public_id])
    assert (case.person, case.adviser, case.unit) == (person, coordinator, base.unit())
    again = client.post(url, opening())
    assert again.status_code == 200
    assert case.number in text_of(again)


def test_an_organisation_comes_with_its_person(client, coordinator):
    organisation, person = base.organisation(), base.person(last_name="Żółkowska")
    url = reverse("cases:open-for-organisation", args=[organisation.public_id])
    assert client.post(url, opening()).status_code == 200
    assert not Case.objects.exists()
    assert "Żółkowska" in text_of(client.get(url, {"q": "zolkow"}))
    client.post(url, opening(person=person.public_id))
    assert (Case.objects.get().organisation, Case.objects.get().person) == (organisation, person)


# Moves


def post_move(client, case, action, data=None):
    return client.post(reverse("cases:move", args=[case.public_id, action]), data or {})


def test_a_case_goes_from_opening_to_closing_in_the_browser(client, coordinator):
    case = make.case(entered=True)
    adviser = case.adviser
    assert case.participations.get().state == ParticipationState.ENTERED
    post_move(client, case, "diagnose", {"adviser": adviser.pk})
    kind = ServiceType.objects.get(code="doradztwo-kluczowe")
    plan = {
        "plan-TOTAL_FORMS": 3,
        "plan-INITIAL_FORMS": 0,
        "plan-0-service_type": kind.pk,
        "plan-0-hours": "1,5",
    }
    client.post(reverse("cases:plan", args=[case.public_id]), plan)
    assert case.plan.get().minutes == 90
    post_move(client, case, "propose_plan", {"diagnosis": "Diagnoza", "goal": "Cel"})
    post_move(client, case, "agree_plan", {"agreed_on": today().isoformat()})
    client.force_login(case.adviser)
    client.post(reverse("cases:service-new", args=[case.public_id]), form_data(case, held=1))
    client.force_login(coordinator)
    service = Service.objects.get()
    services.confirm(service, name="Łucja", seen=services.queries.version(service))
    client.post(reverse("cases:service-move", args=[service.public_id, "approve"]))
    post_move(client, case, "prepare_closing")
    participation = case.participations.get()
    url = reverse("cases:close", args=[case.public_id, "complete"])
    page = client.get(url)
    assert str(participation.person) in text_of(page)
    bad = client.post(url, {"closed_on": today().isoformat(), f"{participation.pk}-ends_on": "31.02.2026"})
    assert bad.status_code == 200
    assert 'class="sum-err"' in bad.content.decode()
    exit_data = {
        f"{participation.pk}-ends_on": today().isoformat(),
        f"{participation.pk}-exit_situation": "job_searching",
        f"{participation.pk}-exit_as_planned": "no",
    }
    early = exit_data | {f"{participation.pk}-ends_on": (today() - 2 * DAY).isoformat()}
    refused = client.post(url, {"closed_on": today().isoformat(), **early})
    assert f"id_{participation.pk}-ends_on_error" in refused.content.decode()
    client.post(url, {"closed_on": today().isoformat(), **exit_data})
    case.refresh_from_db()
    participation.refresh_from_db()
    assert (case.state, case.closed_on) == (CaseState.COMPLETED, today())
    assert (participation.state, participation.exit_as_planned) == (ParticipationState.ENDED, False)


def test_the_second_of_two_who_decide_sees_what_the_first_did(client, coordinator):
    case = make.case(CaseState.ACTIVE)
    services.step(case, "suspend", by=case.adviser, reason="Urlop.")
    response = client.post(reverse("cases:move", args=[case.public_id, "suspend"]), {"reason": "Też"}, follow=True)
    assert str(case.adviser) in str(next(iter(response.context["messages"])))
    assert StateChange.objects.filter(action="suspend").count() == 1


@pytest.mark.parametrize("action", ["approve", "nonsense", "hold"])
def test_an_unknown_step_is_not_found(client, coordinator, action):
    case = make.case()
    assert post_move(client, case, action).status_code == 404


def test_an_adviser_does_not_decide(client):
    case = make.case(CaseState.CLOSING)
    service = make.service(case, ServiceState.CONFIRMED)
    client.force_login(case.adviser)
    assert client.get(reverse("cases:close", args=[case.public_id, "complete"])).status_code == 403
    assert client.post(reverse("cases:service-move", args=[service.public_id, "approve"])).status_code == 403


def test_an_adviser_takes_the_resignation_of_a_participant_with_the_exit_data(client):
    case = make.case(entered=True)
    pk = case.participations.get().pk
    client.force_login(case.adviser)
    data = {
        "closed_on": today().isoformat(),
        "reason": "Wyjazd za granicę.",
        f"{pk}-ends_on": today().isoformat(),
        f"{pk}-exit_situation": "job_searching",
        f"{pk}-exit_as_planned": "no",
    }
    client.post(reverse("cases:close", args=[case.public_id, "resign"]), data)
    assert Case.objects.get().state == CaseState.RESIGNED
    assert case.participations.get().state == ParticipationState.ENDED


def plan_row(hours, kind=None):
    kind = kind or ServiceType.objects.get(code="doradztwo-kluczowe")
    return {
        "plan-TOTAL_FORMS": 2,
        "plan-INITIAL_FORMS": 0,
        "plan-0-service_type": kind.pk,
        "plan-0-hours": hours,
    }


@pytest.mark.parametrize("hours", ["0", "-1", "1,1", "x", "99999", "", "NaN"])
def test_hours_of_a_plan_are_quarters(client, coordinator, hours):
    case = make.case()
    response = client.post(reverse("cases:plan", args=[case.public_id]), plan_row(hours))
    assert response.status_code == 200
    assert 'class="sum-err"' in response.content.decode()
    assert not case.plan.exists()


def test_a_service_stands_in_the_plan_once(client, coordinator):
    case = make.case()
    row = plan_row("2")
    doubled = row | {"plan-1-service_type": row["plan-0-service_type"], "plan-1-hours": "3"}
    assert 'class="sum-err"' in client.post(reverse("cases:plan", args=[case.public_id]), doubled).content.decode()
    assert client.post(reverse("cases:plan", args=[case.public_id]), {"nothing": 1}).status_code == 200
    assert not case.plan.exists()


# Service cards


def form_data(case, **data):
    card = make.card(case)
    return {
        "service_type": card["service_type"].pk,
        "date": card["date"].isoformat(),
        "starts_at": "09:00",
        "ends_at": "10:30",
        "hour_kind": "45",
        "form": "online",
        "place": "https://meet.example.org/x",
        "recipients": [p.pk for p in card["recipients"]],
        "topic": "Temat",
        "course": "Przebieg",
        "adviser": case.adviser_id,
        "notify": "on",
        **data,
    }


def test_the_form_begins_as_the_adviser_left_off(client):
    case = make.case()
    make.service(case, place="Strzelce Krajeńskie", form="phone")
    client.force_login(case.adviser)
    form = client.get(reverse("cases:service-new", args=[case.public_id])).context["form"]
    assert form.initial["date"] == today()
    assert form.initial["adviser"] == case.adviser.pk
    assert (form.initial["place"], form.initial["form"]) == ("Strzelce Krajeńskie", "phone")
    assert form.initial["recipients"] == [case.participations.get().pk]


def test_one_form_plans_or_says_that_it_took_place(client):
    case = make.case()
    client.force_login(case.adviser)
    url = reverse("cases:service-new", args=[case.public_id])
    client.post(url, form_data(case, planned=1, date=(today() + DAY).isoformat(), course=""))
    planned = Service.objects.get()
    assert (planned.state, planned.hour_kind, planned.travel_minutes) == (ServiceState.PLANNED, 45, 0)
    client.post(url, form_data(case, held=1))
    assert Service.objects.latest("pk").state == ServiceState.HELD
    assert OutboxMessage.objects.count() == 1
    edit = reverse("cases:service-edit", args=[planned.public_id])
    assert client.get(edit).status_code == 200
    client.post(edit, form_data(case, held=1, topic="Inny"))
    planned.refresh_from_db()
    assert (planned.state, planned.topic) == (ServiceState.HELD, "Inny")
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "31.02.2026"),
        ("date", "3026-01-01"),
        ("ends_at", "08:00"),
        ("starts_at", "25:00"),
        ("topic", "=cmd|' /C calc'!A0"),
        ("topic", "x" * 201),
        ("course", "y" * 5000),
        ("course", ""),
        ("recipients", "999999"),
        ("recipients", []),
        ("adviser", "0"),
        ("service_type", "x"),
        ("hour_kind", "50"),
        ("form", "telepathy"),
        ("travel_minutes", "-5"),
        ("next_step", "a\u202eb"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(client, field, value):
    case = make.case()
    client.force_login(case.adviser)
    data = form_data(case, held=1, recommendations="Zostaje tu")
    response = client.post(reverse("cases:service-new", args=[case.public_id]), data | {field: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "Zostaje tu" in response.content.decode()
    assert not Service.objects.exists()


def test_what_no_form_can_hold_is_refused_before_it(client):
    case = make.case()
    client.force_login(case.adviser)
    url = reverse("cases:service-new", args=[case.public_id])
    assert client.post(url, form_data(case, topic="a\x00b")).status_code == 400
    endless = client.post(url, form_data(case, course="x" * 10_000_000))
    assert list(endless.context["form"].errors) == ["course"]
    assert not Service.objects.exists()


def test_a_confirmed_card_is_not_changed_in_the_browser(client, coordinator):
    service = make.service(make.case(), ServiceState.CONFIRMED)
    url = reverse("cases:service-edit", args=[service.public_id])
    assert client.post(url, form_data(service.case, held=1, topic="Inny")).url == reverse(
        "cases:service", args=[service.public_id]
    )
    service.refresh_from_db()
    assert service.topic == "Kalkulacja kosztu posiłku"


@pytest.mark.parametrize("state", ServiceState)
def test_the_page_of_a_service_in_every_state(client, coordinator, state):
    service = make.service(make.case(entered=True), state)
    response = client.get(reverse("cases:service", args=[service.public_id]))
    assert response.status_code == 200
    assert service.number in text_of(response)


@pytest.mark.parametrize("state", CaseState)
def test_the_page_of_a_case_in_every_state(client, coordinator, state):
    case = make.case(state)
    response = client.get(reverse("cases:case", args=[case.public_id]))
    assert response.status_code == 200
    assert case.client in text_of(response)


def test_a_correction_leads_to_the_new_card(client, coordinator):
    service = make.service(make.case(entered=True), ServiceState.APPROVED)
    response = client.post(reverse("cases:service-move", args=[service.public_id, "correct"]), {"reason": "Zła data."})
    new = Service.objects.get(corrects=service)
    assert response.url == reverse("cases:service-edit", args=[new.public_id])


# The client's page


def token_of(message):
    return re.search(r"/potwierdzenie/([^/\s]+)/", message.body).group(1)


@pytest.fixture
def held():
    return make.service(make.case(), ServiceState.HELD)


def confirm_url(service=None):
    return reverse("card:confirm", args=[token_of(OutboxMessage.objects.latest("pk"))])


def seen_in(response):
    return re.search(r'name="seen" value="([^"]+)"', response.content.decode()).group(1)


def test_the_client_confirms_through_the_link_once(client, held):
    page = client.get(confirm_url())
    assert "no-store" in page["Cache-Control"]
    assert held.topic in text_of(page)
    assert client.post(confirm_url(), {"seen": seen_in(page)}).url == confirm_url()
    held.refresh_from_db()
    person = held.recipients.get().person
    assert (held.state, held.confirmed_by, held.confirmed_how) == (ServiceState.CONFIRMED, str(person), "link")
    client.post(confirm_url(), {"seen": seen_in(page)})
    again = client.get(confirm_url())
    assert 'class="receipt' in again.content.decode()
    assert StateChange.objects.filter(noun="cases.service", action="confirm").count() == 1


def test_the_client_says_what_is_wrong(client, held):
    empty = client.post(confirm_url(), {"text": ""})
    assert 'class="sum-err"' in empty.content.decode()
    client.post(confirm_url(), {"text": "To trwało godzinę."})
    held.refresh_from_db()
    assert held.state == ServiceState.HELD
    assert held.objection.endswith(": To trwało godzinę.")
    client.force_login(held.adviser)
    assert "To trwało godzinę." in text_of(client.get(reverse("cases:service", args=[held.public_id])))


def test_a_page_that_has_grown_old_does_not_confirm(client, held):
    seen = seen_in(client.get(confirm_url()))
    url = confirm_url()
    services.update_service(held, by=held.adviser, notify=False, **make.card(held.case, topic="Inny temat"))
    client.post(url, {"seen": seen})
    held.refresh_from_db()
    assert held.state == ServiceState.HELD


def test_a_link_tells_of_its_card_only(client, held):
    other = make.service(make.case(), ServiceState.HELD)
    page = text_of(client.get(reverse("card:confirm", args=[token_of(OutboxMessage.objects.earliest("pk"))])))
    assert other.number not in page
    person = held.recipients.get().person
    assert [word for word in (person.email, person.phone, held.case.number) if word in page] == []


def test_links_end_after_thirty_days(client, held):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + 31 * DAY):
        assert client.get(confirm_url()).status_code == 410
        assert client.post(confirm_url()).status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b:c", "e30:1abcde:AAAA", "%00", "a" * 5000])
def test_a_forged_link_is_not_found(client, token):
    assert client.get(f"/uslugi/potwierdzenie/{token}/").status_code in (400, 404)


def test_a_token_of_another_purpose_or_person_is_not_found(client, held):
    other = make.case().participations.get()
    tokens = [
        emails.confirmation_token(held, other),
        signing.dumps({"service": str(held.public_id), "participation": 1}, salt="another"),
    ]
    assert [client.get(reverse("card:confirm", args=[token])).status_code for token in tokens] == [404, 404]


def test_a_card_that_went_back_waits_no_more(client, held):
    url = confirm_url()
    services.send_back(held, by=base.user(Role.COORDINATOR), reason="Zła godzina.")
    page = client.get(url)
    assert 'name="seen"' not in page.content.decode()
    assert client.post(url, {"seen": "x"}).url == url
    held.refresh_from_db()
    assert held.state == ServiceState.PLANNED


# Print, search, panels


def test_the_card_prints_what_was_typed_literally(client, coordinator):
    case = make.case(entered=True)
    course = "Zażółć gęślą jaźń\n#panic(1) $x$ *b* = nie #sys.inputs\n" * 40
    service = make.service(case, ServiceState.APPROVED, course=course, topic="#panic $x$ *b* [c] \\d")
    response = client.get(reverse("cases:service-card", args=[service.public_id]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="karta-{service.number.replace("/", "-")}.pdf"'
    pdf = pypdf.PdfReader(io.BytesIO(response.content))
    printed = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert len(pdf.pages) >= 2
    assert "#panic $x$ *b* [c] \\d" in printed
    # a line may be the last of its page, so each is looked for on its own
    for line in course.splitlines()[:2]:
        assert printed.count(line) == 40
    assert [word for word in (case.number, case.client, service.number) if word not in printed] == []
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert service.number in pdf.metadata.title


def test_the_search_and_the_panels_know_the_case(coordinator):
    from centrum.cases import panels

    case = make.case(organisation=base.organisation(name="Spółdzielnia „Łąka”"), adviser=coordinator)
    hits = panels.find_cases(coordinator, "laka", 5)
    assert [(hit.title, hit.url) for hit in hits] == [
        (f"{case.number} · {case.client}", reverse("cases:case", args=[case.public_id]))
    ]
    assert panels.of_person(coordinator, case.person)["cases"] == [case]
    assert panels.of_organisation(coordinator, case.organisation)["cases"] == [case]
    assert panels.my_day(coordinator, None)["cases"] == [case]
    assert panels.count_my_cases(coordinator) == 1
    auditor = base.user(Role.AUDITOR, projects=[case.project])
    assert (panels.my_day(auditor, None), panels.count_to_approve(auditor)) == (None, None)
