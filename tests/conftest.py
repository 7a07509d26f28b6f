"""What every test may ask for."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def polish():
    """Every test begins in Polish, whatever the one before has switched to."""
    with translation.override("pl"):
        yield
