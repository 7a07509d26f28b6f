"""What every test may ask for."""

import gc

import pgtrigger
import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from centrum.kit.history import author
from tests import databases


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest tests come first, so that one worker does not end long after the other."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


def pytest_collection_finish():
    """What is loaded by now stays loaded: the collector of garbage need not walk through it every time."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_keepdb, django_db_createdb, django_db_blocker
):
    """Every worker wants a database: it copies the one that the first has made by the migrations."""
    if django_db_keepdb and not django_db_createdb:
        return
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = databases.migrated()


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
