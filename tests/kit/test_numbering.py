import datetime

import pytest
from django.db import connection, transaction

from centrum.kit import clock
from centrum.kit.models import NumberSeries
from centrum.kit.numbering import next_number
from tests.threads import at_once


@pytest.mark.django_db
def test_numbers_run_per_series_and_year():
    assert [next_number("WS", year=2026) for _ in range(2)] == ["WS/2026/0001", "WS/2026/0002"]
    assert next_number("SP", year=2026) == "SP/2026/0001"
    assert next_number("WS", year=2027) == "WS/2027/0001"


@pytest.mark.django_db
def test_the_year_is_the_one_in_warsaw():
    with clock.at(datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC)):
        assert next_number("WS") == "WS/2027/0001"


@pytest.mark.django_db
def test_the_ten_thousandth_number_keeps_all_its_digits():
    NumberSeries.objects.create(series="WS", year=2026, last=9999)
    assert next_number("WS", year=2026) == "WS/2026/10000"


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        next_number("WS")


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_gap():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_number("WS", year=2026)
        raise ZeroDivisionError
    with transaction.atomic():
        assert next_number("WS", year=2026) == "WS/2026/0001"


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_twenty_numbers():
    def take(_number):
        with transaction.atomic():
            return next_number("WS", year=2026)

    assert sorted(at_once(20, take)) == [f"WS/2026/{n:04d}" for n in range(1, 21)]


@pytest.mark.django_db(transaction=True)
def test_reading_the_last_number_without_the_lock_would_double_it():
    """The race that next_number() closes is real: read, then write, and two callers hold one number."""
    NumberSeries.objects.create(series="WS", year=2026, last=0)

    def naive(_number):
        with transaction.atomic():
            last = NumberSeries.objects.get(series="WS").last + 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.05)")
            NumberSeries.objects.filter(series="WS").update(last=last)
            return last

    results = at_once(8, naive)
    assert len(set(results)) < 8
