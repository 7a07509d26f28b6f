"""Rates of the NBP: four eyes, one a day, never changed once they count."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from loans import rates
from loans.models import NbpRate, RateCheck
from tests.factories import base
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = datetime.date
LIST = reverse("loans:rates")


@pytest.fixture
def accountant():
    return base.user(Role.ACCOUNTANT)


@pytest.fixture
def manager():
    return base.user(Role.MANAGER)


def entered(by, valid_from=None, rate="0.038", kind="rediscount"):
    day = valid_from or D(2026, 3, 5)
    return rates.enter(by=by, kind=kind, valid_from=day, rate=Decimal(rate), source="komunikat NBP")


def test_one_enters_and_another_confirms(client, accountant, manager):
    client.force_login(accountant)
    typed = {"kind": "rediscount", "rate": "3,75", "valid_from": "5.3.2026", "source": "komunikat NBP"}
    assert client.post(reverse("loans:rate-new"), typed).url == LIST
    row = NbpRate.objects.get()
    assert (row.rate, row.percent, row.confirmed_by) == (Decimal("0.037500"), "3,75", None)
    confirm = reverse("loans:rate-confirm", args=[row.pk])
    client.post(confirm)
    row.refresh_from_db()
    assert row.confirmed_by is None
    with pytest.raises(Refused):
        rates.nbp_rate("rediscount", D(2026, 3, 5))
    client.force_login(manager)
    client.post(confirm)
    row.refresh_from_db()
    assert row.confirmed_by == manager
    assert rates.nbp_rate("rediscount", D(2026, 3, 5)) == Decimal("0.0375")


@pytest.mark.parametrize("rate", ["", "-1", "100", "abc", "3,12345"])
def test_a_rate_that_cannot_be_is_refused(client, accountant, rate):
    client.force_login(accountant)
    typed = {"kind": "rediscount", "rate": rate, "valid_from": "5.3.2026", "source": "komunikat NBP"}
    page = client.post(reverse("loans:rate-new"), typed)
    assert (page.status_code, NbpRate.objects.count()) == (200, 0)
    assert page.context["form"].errors


def test_the_rate_of_a_day_is_the_newest_before_it(accountant, manager):
    for valid_from, rate in ((D(2023, 10, 5), "0.058"), (D(2026, 3, 5), "0.038")):
        rates.confirm(entered(accountant, valid_from, rate), by=manager)
    days = (D(2023, 10, 5), D(2026, 3, 4), D(2026, 3, 5), D(2030, 1, 1))
    found = [rates.nbp_rate("rediscount", day) for day in days]
    assert found == [Decimal("0.058"), Decimal("0.058"), Decimal("0.038"), Decimal("0.038")]
    with pytest.raises(Refused):
        rates.nbp_rate("rediscount", D(2023, 10, 4))
    with pytest.raises(Refused):
        rates.nbp_rate("reference", D(2026, 3, 5))


def test_a_day_has_one_rate(accountant):
    entered(accountant)
    with pytest.raises(Refused):
        entered(accountant, rate="0.04")


def test_a_mistake_is_taken_back_until_it_is_confirmed(client, accountant, manager):
    client.force_login(accountant)
    row = entered(accountant)
    assert client.post(reverse("loans:rate-drop", args=[row.pk])).url == LIST
    assert NbpRate.objects.count() == 0
    row = rates.confirm(entered(accountant), by=manager)
    with pytest.raises(Stale):
        rates.drop(row, by=accountant)
    with pytest.raises(Stale):
        rates.confirm(row, by=manager)
    with pytest.raises(Stale):
        rates.confirm(NbpRate(pk=row.pk + 1), by=manager)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans_nbprate SET rate = 0.01",
        "UPDATE loans_nbprate SET confirmed_by_id = NULL, confirmed_at = NULL",
        "DELETE FROM loans_nbprate",
    ],
)
def test_what_counts_is_never_changed(accountant, manager, statement):
    rates.confirm(entered(accountant), by=manager)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_table_asks_for_four_eyes(accountant):
    row = entered(accountant)
    with pytest.raises(IntegrityError), transaction.atomic():
        NbpRate.objects.filter(pk=row.pk).update(confirmed_by=accountant, confirmed_at=clock.now())


def test_an_old_rate_asks_for_a_look(client, accountant, manager):
    now = datetime.datetime(2026, 6, 1, 12, tzinfo=clock.WARSAW)
    with clock.at(now):
        rates.confirm(entered(accountant), by=manager)
    with clock.at(now + datetime.timedelta(days=35)):
        assert not rates.standing("rediscount").is_old
    with clock.at(now + datetime.timedelta(days=36)):
        assert rates.standing("rediscount").is_old
        client.force_login(accountant)
        assert client.post(reverse("loans:rate-check", args=["rediscount"])).url == LIST
        assert not rates.standing("rediscount").is_old
        assert client.post(reverse("loans:rate-check", args=["wibor"])).status_code == 404
    assert rates.standing("reference").newest is None
    assert RateCheck.objects.get().by == accountant


def test_whoever_may_not_keep_rates_is_refused(accountant):
    adviser = base.user(Role.ADVISER)
    row = entered(accountant)
    for forbidden in (
        lambda: entered(adviser),
        lambda: rates.confirm(row, by=adviser),
        lambda: rates.drop(row, by=adviser),
        lambda: rates.check("rediscount", by=adviser),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()


def test_the_list_costs_the_same_with_one_rate_and_three(client, accountant, manager):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    client.force_login(accountant)
    rates.confirm(entered(accountant), by=manager)
    queries()
    one = queries()
    for year in (2024, 2025):
        rates.confirm(entered(accountant, D(year, 1, 1)), by=manager)
    assert queries() == one


@pytest.mark.django_db(transaction=True)
def test_two_at_once_enter_one_rate(accountant):
    results = at_once(2, lambda _n: entered(accountant))
    assert sorted(type(result).__name__ for result in results) == ["NbpRate", "Refused"]
    assert NbpRate.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_confirms_while_another_takes_back(accountant, manager):
    row = entered(accountant)
    services = (lambda: rates.confirm(row, by=manager), lambda: rates.drop(row, by=accountant))
    results = at_once(2, lambda number: services[number]())
    assert sum(isinstance(result, Stale) for result in results) == 1
    assert NbpRate.objects.exclude(confirmed_by=None).count() == NbpRate.objects.count()
