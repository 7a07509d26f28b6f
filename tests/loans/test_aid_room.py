"""The room under the ceiling: the single undertaking of the day, three sources, what is approved and not signed."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.register import merging, ties
from loans import agreements
from loans.deminimis import register, room, shrimp
from loans.models import AidStatement, AidStatementRow
from tests.factories import aid as of
from tests.factories import base
from tests.factories import guarantees as guarantee_factory
from tests.factories import loans as make
from tests.loans.test_vectors import VECTORS

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
TODAY = of.TODAY
NOW = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def told():
    with clock.at(NOW):
        yield


def linked(one, other, since=TODAY):
    return ties.link(one, by=make.officer(), other=other, kind="majority", valid_from=since, source="KRS")


def used(organisation, **more):
    return room.of(organisation, **more).used


# The ceiling


@pytest.mark.parametrize(("new", "fits"), [("300000.00", True), ("300000.01", False)])
def test_exactly_the_ceiling_and_a_cent_more(new, fits):
    organisation = base.organisation()
    assert room.of(organisation, new=D(new)).room.fits is fits
    if fits:
        assert room.must_fit(organisation, TODAY, D(new)).left == D(300_000)
    else:
        with pytest.raises(Refused, match=r"300.{1,5}000,01"):
            room.must_fit(organisation, TODAY, D(new))


@pytest.mark.parametrize(
    ("granted", "fits", "first"),
    [
        (DAY(2023, 11, 2), False, DAY(2026, 11, 3)),
        (DAY(2023, 11, 1), True, TODAY),
        (TODAY, False, DAY(2029, 11, 3)),
    ],
)
def test_the_edge_of_the_window(granted, fits, first):
    organisation = base.organisation()
    of.stated(organisation, "sudop", [(granted, "0.01")])
    found = room.of(organisation, new=D(300_000)).room
    assert (found.fits, found.first_fits) == (fits, first)


def test_a_refusal_tells_what_is_used_left_and_when_it_would_fit():
    organisation = base.organisation()
    of.stated(organisation, "sudop", [(DAY(2024, 5, 6), "250000")])
    with pytest.raises(Refused) as refused:
        room.must_fit(organisation, TODAY, D("50000.01"))
    (words,) = (text.replace("\u00a0", " ") for text in refused.value.messages)
    for told in ("50 000,01", "50 000,00", "300 000,00", "250 000,00", "7.5.2027"):
        assert told in words


@pytest.mark.parametrize("vector", [pytest.param(v, id=v["id"]) for v in VECTORS if v["kind"] == "de_minimis"])
def test_the_vectors_through_the_tables(vector):
    given, wanted = vector["params"], vector["expected"]
    organisation = base.organisation()
    on = DAY.fromisoformat(given["grant_date"])
    of.stated(organisation, "declared", [(DAY.fromisoformat(day), eur) for day, eur in given["history"]], as_of=on)
    found = room.of(organisation, on, D(given["new_aid_eur"]))
    told = {
        "window_from": found.room.since.isoformat(),
        "used": str(found.used),
        "free_before": str(found.left),
        "allowed": found.room.fits,
    }
    assert told == {name: wanted[name] for name in told}


# The undertaking


def test_what_is_linked_counts_together_however_far_and_on_its_days_alone():
    of.ready()
    first, second, third, other = (base.organisation() for _number in range(4))
    of.noted(first, 4250)
    of.noted(third, 8500)
    of.noted(other, 42500)
    assert used(first) == D(1000)
    linked(second, first)
    linked(second, third)
    assert used(first) == used(second) == used(third) == D(3000)
    assert [one.pk for one in room.of(second).members] == sorted(one.pk for one in (first, second, third))
    assert used(first, on=DAY(2026, 11, 1)) == 0


def test_a_link_that_begins_after_the_grant_counts_what_was_granted_before():
    """The undertaking is that of the day on which one looks: from the day of the link on all that its members had
    counts, and what the entry kept of its own day stays."""
    of.ready()
    first, second = base.organisation(), base.organisation()
    entry = of.noted(first, 425_000)
    tomorrow = TODAY + datetime.timedelta(days=1)
    linked(first, second, since=tomorrow)
    assert used(second, on=TODAY) == 0
    assert used(second, on=tomorrow) == D(100_000)
    entry.refresh_from_db()
    assert [one["id"] for one in entry.undertaking] == [first.pk]


# The sources


def test_the_greater_of_the_sources_counts_each_with_what_we_granted_since():
    of.ready()
    one = base.organisation()
    with clock.at(NOW - datetime.timedelta(hours=2)):
        of.stated(one, "declared", [(DAY(2025, 1, 2), "5000")])
    with clock.at(NOW + datetime.timedelta(hours=1)):
        of.noted(one, 4250)
    with clock.at(NOW + datetime.timedelta(hours=2)):
        of.stated(one, "sudop", [(DAY(2025, 1, 2), "4000")])
    told = {source.code: source.used for source in room.of(one).sources}
    # SUDOP does not know what was not reported to it
    assert told == {"own": D(1000), "declared": D(6000), "sudop": D(5000)}
    assert room.of(one).told_by.code == "declared"
    assert used(one) == D(6000)


def test_the_newest_statement_counts_of_a_past_day_too():
    one = base.organisation()
    of.stated(one, "sudop", [(DAY(2025, 1, 2), "5000")], as_of=DAY(2026, 10, 1))
    of.stated(one, "sudop", [(DAY(2025, 1, 2), "7000")], as_of=DAY(2026, 9, 1))
    assert used(one) == used(one, on=DAY(2026, 9, 15)) == D(5000)
    of.stated(one, "sudop", [])  # looked at again: there is none
    assert used(one) == 0


def test_a_member_without_a_statement_counts_by_our_register():
    of.ready()
    one, other = base.organisation(), base.organisation()
    linked(one, other)
    of.noted(other, 4250)
    of.stated(one, "sudop", [(DAY(2025, 1, 2), "200")])
    told = {source.code: (source.used, source.statements) for source in room.of(one).sources}
    assert told == {"own": (D(1000), 0), "sudop": (D(1200), 1)}


def test_the_first_day_is_one_on_which_every_source_fits():
    one = base.organisation()
    of.stated(one, "declared", [(DAY(2024, 5, 6), "200000")])
    of.stated(one, "sudop", [(DAY(2025, 5, 6), "200000")])
    assert room.of(one, new=D(200_000)).room.first_fits == DAY(2028, 5, 7)


def test_aid_of_a_later_day_that_is_entered_already_has_to_fit_too():
    of.ready()
    one = base.organisation()
    of.eur(DAY(2026, 10, 30))
    of.noted(one, 1_062_500)  # 250 000 EUR
    assert room.of(one, DAY(2026, 10, 30)).used == 0
    assert not room.of(one, DAY(2026, 10, 30), D("50000.01")).room.fits
    assert room.of(one, DAY(2026, 10, 30), D(50_000)).room.fits


# What is approved


def test_what_is_approved_and_not_signed_waits_beside_it():
    of.ready()
    make.nbp_rate("0.038", valid_from=DAY(2026, 3, 5))
    officer = make.officer()
    one = base.organisation()
    loan = make.granted(by=officer, organisation=one)
    eur = of.assessed(loan).eur
    guarantee = guarantee_factory.granted(by=officer, organisation=one)
    more = of.assessed(guarantee).eur
    assert eur > 0 < more
    found = room.of(one, pending=True)
    assert (found.pending, found.used) == (eur + more, eur + more)
    assert used(one) == 0
    assert room.of(one, pending=True, without=loan.decision).pending == more
    lapsed = make.granted(by=officer, organisation=one)
    of.assessed(lapsed)
    agreements.lapse(lapsed, by=officer, reason="Klient zrezygnował.")
    assert room.of(one, pending=True).pending == eur + more


# How much it takes


def test_however_many_members_and_entries_there_are_the_queries_stay():
    of.ready()
    one = base.organisation()
    of.noted(one, 100)
    of.stated(one, "sudop", [(TODAY, "1")])

    def queries():
        with CaptureQueriesContext(connection) as found:
            room.of(one, new=D(1), pending=True)
        return len(found)

    few = queries()
    for _number in range(3):
        other = base.organisation()
        linked(one, other)
        of.noted(other, 100)
        of.stated(other, "declared", [(TODAY, "1")] * 50)
    assert queries() <= few
    assert few <= 8


def test_a_merge_takes_the_aid_along():
    of.ready()
    kept, gone = base.organisation(), base.organisation(nip="")
    of.noted(gone, 4250)
    with clock.at(NOW + datetime.timedelta(hours=1)):
        of.stated(gone, "declared", [(DAY(2025, 1, 2), "3000")])
    merging.merge(kept, gone, by=make.manager(), reason="ten sam podmiot")
    assert used(kept) == D(3000)
    assert AidStatement.objects.get().organisation == kept
    assert AidStatementRow.objects.count() == 1


def test_what_sudop_could_not_know_is_counted_beside_it():
    """Reported by the day of SUDOP it is in its rows; not reported, reported later, or entered later it is not."""
    of.ready()
    one, boss = base.organisation(), make.manager()
    grants = [of.noted(one, 4250, boss=boss) for _number in range(2)]  # 1 000 EUR each
    shrimp.report(grants[:1], by=grants[0].prepared_by, reported_on=TODAY, numbers={grants[0].pk: "S/1"})
    with clock.at(NOW + datetime.timedelta(hours=1)):
        of.stated(one, "sudop", [(TODAY, "1000")])
        assert room.of(one).sources[-1].used == D(2000)
        shrimp.report(grants[1:], by=grants[0].prepared_by, reported_on=TODAY, numbers={grants[1].pk: "S/2"})
        assert room.of(one).sources[-1].used == D(1000)
    with clock.at(NOW + datetime.timedelta(days=1)):
        of.noted(one, 4250, boss=boss)  # of yesterday, entered after the statement
        assert room.of(one).sources[-1].used == D(2000)


def test_a_correction_is_known_since_what_it_corrects_is():
    of.ready()
    one = base.organisation()
    grant = of.noted(one, 4250)
    shrimp.report([grant], by=grant.prepared_by, reported_on=TODAY, numbers={grant.pk: "S/1"})
    with clock.at(NOW + datetime.timedelta(hours=1)):
        of.stated(one, "sudop", [(TODAY, "1000")])
        row = register.correct(grant, by=grant.prepared_by, pln=D(8500), reason="Pomyłka.")
        register.confirm(row, by=make.manager())
        assert {source.code: source.used for source in room.of(one).sources} == {"own": D(2000), "sudop": D(1000)}
