"""The demo: what it holds, that it comes out the same, that it never mixes with other data."""

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from centrum.cases.enums import CaseState, ServiceState
from centrum.cases.models import Case, Service
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Application
from centrum.kit import outbox
from centrum.portal.demo import build
from centrum.register.enums import PesType
from centrum.register.models import Organisation, Person
from centrum.reporting.models import Project
from tests.factories import base


@pytest.mark.django_db
def test_it_shows_the_whole_house():
    demo = build.Demo()
    demo.tell()
    assert {p.number: p.closed_on is None for p in Project.objects.all()} == {
        "FELB.06.10-IZ.00-0007/24": True,
        "RPLB.07.06.01-08-0001/15": False,
    }
    assert set(Organisation.objects.values_list("pes_type", flat=True)) == set(PesType.values)
    assert Organisation.objects.count() >= 40
    assert Person.objects.count() >= 150
    shown = {str(k): n for k, n in build.CASES.items()}
    shown["opened"] += 1  # by an application accepted in the story of the reviews
    assert Counter(Case.objects.values_list("state", flat=True)) == shown
    assert set(build.CASES) == set(CaseState)
    assert sum(build.CASES.values()) >= 60
    assert Service.objects.count() >= 400
    assert set(Service.objects.values_list("state", flat=True)) == set(ServiceState.values)
    assert set(Application.objects.values_list("state", flat=True)) == set(ApplicationState.values)
    assert outbox.state()["waiting"] > 100
    # the same every time: these follow from every draw of chance before them
    last = Case.objects.order_by("number").last()
    assert (last.number, last.client) == (LAST_NUMBER, LAST_CLIENT)


LAST_NUMBER, LAST_CLIENT = "SP/2026/0015", "Olga Ślimak"


@pytest.mark.django_db
def test_it_refuses_a_database_with_data():
    base.user()
    with pytest.raises(CommandError, match="not empty"):
        call_command("populate_demo")
    out = io.StringIO()
    call_command("populate_demo", "--if-empty", stdout=out)
    assert out.getvalue() == ""
    assert Person.objects.count() == 0
