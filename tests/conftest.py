"""What every test may ask for."""

import pgtrigger
import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from centrum.kit.history import author


@pytest.fixture(autouse=True, scope="session")
def ledger_is_emptied_between_tests():
    """A test with transactions of its own ends by TRUNCATE, which the ledger forbids to everybody else."""
    empty = DatabaseOperations.execute_sql_flush

    def flush(self, sql_list):
        with pgtrigger.ignore("loans.Entry:not_truncated", "loans.Line:not_truncated"):
            return empty(self, sql_list)

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = empty


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
