"""Limits of the guarantees: the tables keep them, however many decide at once, and lowering them cuts no promise."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale
from centrum.register import ties
from loans import ledger
from loans.guarantees import granting, limits
from loans.models import Fund, Guarantee, GuaranteeLimits, Line
from tests import threads
from tests.factories import base
from tests.factories import guarantees as of
from tests.factories import loans as make

D = Decimal
pytestmark = pytest.mark.django_db


def stakes(fund):
    fund = Fund.objects.get(pk=fund.pk)
    return fund.gua_capital, fund.gua_reserved, fund.gua_exposure


# The limit of the fund


def test_what_is_approved_is_reserved_off_balance():
    guarantee = of.granted(20_000)
    assert stakes(guarantee.fund) == (D(600_000), D(20_000), D(0))
    assert sorted(Line.objects.filter(guarantee=guarantee).values_list("account__code", "amount")) == [
        ("990-1", D(20_000)),
        ("991-1", D(-20_000)),
    ]
    guarantee.refresh_from_db()
    assert (guarantee.reserved, guarantee.at_stake) == (D(20_000), D(20_000))


def test_the_last_grosz_of_the_limit_is_approved_and_no_more():
    fund = of.fund(10_000, client_cap=1)  # at most 30 000
    for amount in (D(10_000), D(10_000), D("9999.98")):
        of.granted(amount, fund_=fund)
    with pytest.raises(Refused, match=r"30.{1,4}000,00.{1,4}zł.*29.{1,4}999,98"):
        of.granted(D("0.03"), fund_=fund)
    of.granted(D("0.02"), fund_=fund)
    assert stakes(fund)[1] == D(30_000)
    with pytest.raises(Refused):
        of.granted(D("0.01"), fund_=fund)


def test_one_client_with_those_linked_gets_its_part_and_no_grosz_more():
    fund = of.fund()  # one client: 30 000
    first, second, third = (base.organisation() for _number in range(3))
    by = make.officer()
    ties.link(first, by=by, other=second, kind="majority", valid_from=clock.today(), source="KRS")
    ties.link(third, by=by, other=second, kind="majority", valid_from=clock.today(), source="KRS")
    of.granted(20_000, fund_=fund, organisation=first)
    with pytest.raises(Refused, match=r"30.{1,4}000,00"):
        of.granted(D("10000.01"), fund_=fund, organisation=third)
    of.granted(10_000, fund_=fund, organisation=third)
    of.granted(30_000, fund_=fund)  # another client


def test_a_link_that_ended_counts_no_more():
    fund = of.fund()
    first, second = base.organisation(), base.organisation()
    by = make.officer()
    day = clock.today()
    link = ties.link(
        first, by=by, other=second, kind="majority", valid_from=day - datetime.timedelta(days=9), source="KRS"
    )
    of.granted(30_000, fund_=fund, organisation=first)
    with pytest.raises(Refused):
        of.granted(1, fund_=fund, organisation=second)
    ties.end_link(link, by=by, valid_to=day)
    of.granted(30_000, fund_=fund, organisation=second)


def test_a_link_noted_afterwards_stops_only_what_is_new():
    fund = of.fund()
    first, second = base.organisation(), base.organisation()
    of.granted(20_000, fund_=fund, organisation=first)
    of.granted(20_000, fund_=fund, organisation=second)
    ties.link(first, by=make.officer(), other=second, kind="majority", valid_from=clock.today(), source="KRS")
    with pytest.raises(Refused, match=r"30.{1,4}000,00"):
        of.granted(1, fund_=fund, organisation=first)
    assert stakes(fund)[1] == D(40_000)


def test_plain_sql_meets_the_limits_too():
    guarantee = of.granted(20_000)
    for column in ("gua_capital", "gua_reserved", "gua_exposure", "gua_multiplier", "gua_client_cap"):
        with pytest.raises(InternalError), transaction.atomic():
            Fund.objects.filter(pk=guarantee.fund_id).update(**{column: 1})
    for column in ("reserved", "exposure", "claim", "lost"):
        with pytest.raises(InternalError), transaction.atomic():
            Guarantee.objects.filter(pk=guarantee.pk).update(**{column: 1})


# Limits by two people


def test_limits_hold_once_somebody_else_has_confirmed_them():
    fund = of.fund()
    by = make.accountant()
    row = limits.enter(fund, by=by, multiplier=D(4), client_cap=D("0.1"), reasons="uchwała")
    fund.refresh_from_db()
    assert (fund.gua_multiplier, fund.gua_client_cap) == (D(3), D("0.05"))
    with pytest.raises(Refused, match="inna osoba"):
        limits.confirm(row, by=by)
    with pytest.raises(Refused, match="czekają"):
        limits.enter(fund, by=by, multiplier=D(5), client_cap=D("0.1"), reasons="uchwała")
    limits.confirm(row, by=make.manager())
    fund.refresh_from_db()
    assert (fund.gua_multiplier, fund.gua_client_cap) == (D(4), D("0.1"))
    assert limits.waiting(fund) is None
    assert [one.multiplier for one in limits.history(fund)] == [D(4), D(3)]
    for service in (limits.confirm, limits.drop):
        with pytest.raises(Stale):
            service(row, by=make.manager())


def test_limits_are_dropped_and_entered_anew():
    fund = of.fund()
    by = make.accountant()
    limits.drop(limits.enter(fund, by=by, multiplier=D(4), client_cap=D("0.1"), reasons="uchwała"), by=by)
    limits.enter(fund, by=by, multiplier=D(2), client_cap=D("0.1"), reasons="uchwała")


@pytest.mark.parametrize(
    "said", [{"multiplier": D(0)}, {"multiplier": D(21)}, {"client_cap": D("1.1")}, {"reasons": " "}]
)
def test_limits_out_of_bounds_are_refused_in_words(said):
    values = {"multiplier": D(3), "client_cap": D("0.05"), "reasons": "uchwała"}
    with pytest.raises(Refused):
        limits.enter(of.fund(), by=make.accountant(), **values | said)


def test_limits_are_the_accountants_and_managers():
    with pytest.raises(PermissionDenied):
        limits.enter(of.fund(), by=make.officer(), multiplier=D(3), client_cap=D("0.05"), reasons="uchwała")


def test_limits_below_what_is_promised_are_refused_with_the_numbers():
    fund = of.fund(20_000, client_cap=1)
    for _number in range(2):
        of.granted(20_000, fund_=fund)  # of 60 000
    for multiplier, client_cap, words in (
        (D("1.99"), D(1), r"39.{1,4}800,00.*40.{1,4}000,00"),
        (D(3), D("0.99"), r"19.{1,4}800,00.*20.{1,4}000,00"),
    ):
        row = limits.enter(fund, by=make.accountant(), multiplier=multiplier, client_cap=client_cap, reasons="uchwała")
        with pytest.raises(Refused, match=words):
            limits.confirm(row, by=make.manager())
        limits.drop(row, by=make.manager())
    limits.confirm(
        limits.enter(fund, by=make.accountant(), multiplier=D(2), client_cap=D(1), reasons="uchwała"), by=make.manager()
    )


def test_capital_is_not_taken_out_from_under_the_guarantees():
    fund = of.fund(20_000, client_cap=D("1"))
    by = make.accountant()
    more = ledger.pay_in(
        fund, by=by, key="more", amount=D(10_000), value_date=clock.today(), document="WB/2", guarantees=True
    )
    for amount in (30_000, 30_000, D("0.01")):
        of.granted(amount, fund_=fund)
    with pytest.raises(Refused, match=r"60.{1,4}000,00.{1,4}zł.*60.{1,4}000,01"):
        ledger.reverse(more, by=make.manager(), key="back", reason="Pomyłka.")
    assert stakes(fund) == (D(30_000), D("60000.01"), D(0))


def test_the_largest_part_counts_those_linked():
    fund = of.fund(40_000, client_cap=1)
    first, second = base.organisation(), base.organisation()
    ties.link(first, by=make.officer(), other=second, kind="majority", valid_from=clock.today(), source="KRS")
    for organisation in (first, second, base.organisation()):
        of.granted(15_000, fund_=fund, organisation=organisation)
    row = limits.enter(fund, by=make.accountant(), multiplier=D(3), client_cap=D("0.7"), reasons="uchwała")
    with pytest.raises(Refused, match=r"28.{1,4}000,00.*30.{1,4}000,00"):
        limits.confirm(row, by=make.manager())


# Capital that goes out


def paid_out(fund, amount, *, by=None, key=None, **more):
    said = {"amount": D(amount), "value_date": clock.today(), "document": "WB/5"} | more
    return ledger.pay_out(fund, by=by or make.accountant(), key=key or of.key(), **said)


def test_capital_for_guarantees_goes_out_once():
    fund, key, by = of.fund(20_000), of.key(), make.accountant()
    entry = paid_out(fund, 5_000, by=by, key=key)
    assert paid_out(fund, 5_000, by=by, key=key) == entry
    lines = list(entry.lines.order_by("number").values_list("account__code", "amount"))
    assert (entry.event, lines) == ("capital_out", [("801-1", D(5_000)), ("131", D(-5_000))])
    assert stakes(fund) == (D(15_000), 0, 0)
    entrusted = {"amount": D(100), "value_date": clock.today(), "document": "WB/6", "entrusted": True}
    ledger.pay_in(fund, by=by, key=of.key(), guarantees=True, **entrusted)
    back = ledger.pay_out(fund, by=by, key=of.key(), **entrusted)
    assert sorted(back.lines.values_list("account__code", "amount")) == [("131", D(-100)), ("802-1", D(100))]
    ledger.reverse(entry, by=make.manager(), key=of.key(), reason="Pomyłka.")
    assert stakes(fund) == (D(20_000), 0, 0)


def test_capital_on_which_guarantees_stand_does_not_go_out():
    fund = of.fund(20_000, client_cap=1)
    for _number in range(2):
        of.granted(15_000, fund_=fund)
    with pytest.raises(Refused, match=r"14.{1,4}999,99.*15.{1,4}000,00"):  # of one client
        paid_out(fund, D("5000.01"))
    with pytest.raises(Refused, match=r"29.{1,4}999,97.*30.{1,4}000,00"):  # of all
        paid_out(fund, D("10000.01"))
    with pytest.raises(Refused, match=r"20.{1,4}000,01.*20.{1,4}000,00"):
        paid_out(fund, D("20000.01"))
    paid_out(fund, 5_000)
    assert stakes(fund) == (D(15_000), D(30_000), 0)


def test_capital_that_was_paid_under_a_call_does_not_go_out():
    made = of.paid(fund_=of.fund(20_000, client_cap=1), amount=15_000)
    with pytest.raises(Refused, match=r"5.{1,4}000,01.*5.{1,4}000,00"):
        paid_out(made.fund, D("5000.01"))
    paid_out(made.fund, 5_000)


def test_capital_goes_out_by_who_keeps_the_ledger(client):
    fund = of.fund(20_000)
    with pytest.raises(PermissionDenied):
        paid_out(fund, 1, by=make.officer())
    page, shown = (reverse(f"loans:{name}", args=[fund.code]) for name in ("pay-out", "fund"))
    client.force_login(make.accountant())
    assertContains(client.get(shown), page)
    told = {"key": of.key(), "amount": "20000,01", "value_date": clock.today().isoformat(), "document": "WB/5"}
    assertContains(client.post(page, told), "20\xa0000,00\xa0zł")
    for _number in range(2):
        assertRedirects(client.post(page, told | {"amount": "7 500,00"}), shown)
    assert stakes(fund) == (D(12_500), 0, 0)


def test_only_confirmed_limits_reach_the_fund_by_sql():
    fund = of.fund()
    row = limits.enter(fund, by=make.accountant(), multiplier=D(4), client_cap=D("0.1"), reasons="uchwała")
    with pytest.raises(IntegrityError), transaction.atomic():
        GuaranteeLimits.objects.filter(pk=row.pk).update(confirmed_by=row.entered_by, confirmed_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT gua_multiplier FROM loans_fund WHERE id = %s", [fund.pk])
        assert cursor.fetchone() == (D(3),)


# Many at once


def decide(decision):
    return granting.grant(
        decision, by=decision.confirmed_by, unit=decision.prepared_by.unit, officer=decision.prepared_by
    )


@pytest.mark.django_db(transaction=True)
def test_of_many_decisions_at_once_as_many_pass_as_fit():
    fund = of.fund(10_000, client_cap=1)
    decisions = [of.decided(10_000, fund_=fund) for _number in range(6)]  # 30 000 fit

    done = threads.at_once(len(decisions), lambda number: decide(decisions[number]))
    assert sorted(type(one).__name__ for one in done) == ["Guarantee"] * 3 + ["Refused"] * 3
    assert stakes(fund)[1] == D(30_000)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_on_linked_clients_one_passes():
    fund = of.fund()
    first, second = base.organisation(), base.organisation()
    ties.link(first, by=make.officer(), other=second, kind="majority", valid_from=clock.today(), source="KRS")
    decisions = [of.decided(20_000, fund_=fund, organisation=one) for one in (first, second)]

    done = threads.at_once(len(decisions), lambda number: decide(decisions[number]))
    assert sorted(type(one).__name__ for one in done) == ["Guarantee", "Refused"]
    assert stakes(fund)[1] == D(20_000)


# The pages


def test_the_accountant_enters_limits_and_the_manager_confirms_them(client):
    fund = of.fund()
    page, new = (reverse(f"loans:{name}", args=[fund.code]) for name in ("guarantee-limits", "guarantee-limits-new"))
    by = make.accountant()
    client.force_login(by)
    told = {"multiplier": "4,5", "percent": "7,5", "reasons": "uchwała 3/2026"}
    assertRedirects(client.post(new, told), page)
    row = limits.waiting(fund)
    assert (row.multiplier, row.client_cap, row.reasons) == (D("4.5"), D("0.075"), "uchwała 3/2026")
    confirm = reverse("loans:guarantee-limits-confirm", args=[fund.code, row.pk])
    assertNotContains(client.get(page), confirm)
    assertContains(client.post(confirm, follow=True), "inna osoba")
    client.force_login(make.manager())
    assertContains(client.get(page), confirm)
    told = client.post(confirm, follow=True).content.decode()
    assert "2\xa0700\xa0000,00\xa0zł" in told  # 600 000 × 4,5
    assert "45\xa0000,00\xa0zł" in told
    assert limits.waiting(fund) is None


def test_wrong_limits_come_back_with_words(client):
    fund = of.fund()
    client.force_login(make.accountant())
    page = reverse("loans:guarantee-limits-new", args=[fund.code])
    response = client.post(page, {"multiplier": "0", "percent": "101", "reasons": ""})
    assert {name: len(errors) for name, errors in response.context["form"].errors.items()} == {
        "multiplier": 1,
        "percent": 1,
        "reasons": 1,
    }


def test_capital_for_guarantees_is_posted_to_its_own_account(client):
    fund = of.fund(0)
    client.force_login(make.accountant())
    told = {
        "key": of.key(),
        "amount": "500000,00",
        "value_date": clock.today().isoformat(),
        "document": "WB/9",
        "guarantees": "on",
    }
    client.post(reverse("loans:pay-in", args=[fund.code]), told)
    lines = Line.objects.filter(entry__document="WB/9").values_list("account__code", "amount")
    assert sorted(lines) == [("131", D(500_000)), ("801-1", D(-500_000))]
    fund.refresh_from_db()
    assert (fund.gua_capital, fund.gua_limit, fund.gua_free) == (D(500_000), D(1_500_000), D(1_500_000))
    assertContains(client.get(reverse("loans:fund", args=[fund.code])), "1\xa0500\xa0000,00\xa0zł")
