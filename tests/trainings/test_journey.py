"""The whole way: a visitor enrols, comes off the reserve list, is marked present by QR code, gets the certificate, and
the hours stand in the SM EFS row."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from centrum.cases.models import ServiceType
from centrum.kit import clock, exports
from centrum.reporting.enums import DictionaryField
from centrum.reporting.layout import MACHINE_NAMES
from centrum.reporting.models import Support
from centrum.reporting.queries import labels
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import reporting as reporting_factory
from tests.factories import trainings as make
from tests.trainings import test_enrolling as visitors
from trainings import capacity, enrolments, events, own
from trainings.models import Certificate, Enrolment

pytestmark = pytest.mark.django_db


def smefs(by):
    made = exports.export(
        exports.find("smefs_participants"), project=base.project(), day=clock.today(), by=by, reason="Próba"
    )
    with made.file as file:
        text = file.read().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))[1:]
    return [dict(zip(MACHINE_NAMES, line, strict=True)) for line in lines]


def test_from_the_enrolment_to_the_row_of_the_ministry(client):
    keeper = base.user(Role.ADVISER, projects=[base.project()])
    boss = base.user(Role.MANAGER, unit_=keeper.unit, projects=[base.project()])
    kind = ServiceType.objects.get(code="szkolenie-kadr")
    event = make.event(by=keeper, seats=1, days=5, project=base.project(), service_type=kind)
    first = make.enrolment(event)
    # a visitor enrols in public and waits
    visitors.send(client, visitors.person(client, event))
    row = Enrolment.objects.get(last_name="Źródlak")
    page = reverse("events:own", args=[own.token(row)])
    assert client.get(page).context["position"] == 1
    # the seat becomes free, is offered and taken
    capacity.cancel(first)
    assert client.get(page).context["offered"]
    client.post(reverse("events:own-take", args=[own.token(row)]))
    # the code of the own page leads the organiser's telephone to the door
    shown = client.get(page)
    assert shown.context["picture"]
    entered = reporting_factory.participation("entered", project=base.project())
    entered.person.units.add(keeper.unit)
    enrolments.link_person(Enrolment.objects.get(pk=row.pk), by=keeper, person=entered.person)
    assert smefs(boss) == []
    with clock.at(make.at(5, 9, 3)):
        client.force_login(keeper)
        client.post(reverse("trainings:door", args=[own.token(row)]), {"comes": "1"})
    # afterwards somebody else approves, the event is settled, the certificate issued
    with clock.at(make.at(6, 10)):
        client.force_login(boss)
        client.post(reverse("trainings:attendance-approve", args=[event.public_id]))
        client.force_login(keeper)
        events.step(event, "settle", by=keeper)
        b"".join(client.post(reverse("trainings:certificates-issue", args=[event.public_id])).streaming_content)
        client.logout()
        certificate = Certificate.objects.get()
        answer = client.get(page)
        assert (answer.context["certificate"], answer.context["spent"]) == (certificate, (360, 360))
        paper = client.get(reverse("events:own-certificate", args=[own.token(row)]))
        assert paper["Content-Type"] == "application/pdf"
        assert client.get(reverse("events:certificate", args=[certificate.code])).status_code == 200
        support = Support.objects.get()
        assert (support.minutes, support.participation) == (360, entered)
        (line,) = smefs(boss)
        day = (clock.today() - datetime.timedelta(days=1)).isoformat()
        assert line["support_start"] == day
        assert line["support_kind"] == labels(DictionaryField.SUPPORT_KIND)[kind.support_kind]
