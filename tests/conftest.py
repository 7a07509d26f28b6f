"""What every test may ask for."""

import pytest
from django.utils import translation

from centrum.kit.history import author


@pytest.fixture(autouse=True)
def polish():
    """Every test begins in Polish, whatever the one before has switched to."""
    with translation.override("pl"):
        yield


@pytest.fixture(autouse=True)
def known_author(request):
    """What a test writes itself has an author; a request within names its own user, a thread needs its own."""
    if request.node.get_closest_marker("nobody"):
        yield
        return
    with author(command="tests"):
        yield
