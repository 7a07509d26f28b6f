"""The demo never mixes with other data. What it holds is looked at in tests/browser, where it is."""

import io

import pytest
from django.core.management import CommandError, call_command

from centrum.register.models import Person
from tests.factories import base


@pytest.mark.django_db
def test_it_refuses_a_database_with_data():
    base.user()
    with pytest.raises(CommandError, match="not empty"):
        call_command("populate_demo")
    out = io.StringIO()
    call_command("populate_demo", "--if-empty", stdout=out)
    assert out.getvalue() == ""
    assert Person.objects.count() == 0
