"""Monthly reports of lenders: files that are taken in whole or refused whole, and what they make of the guarantees."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role, UnitKind
from loans import consistency
from loans.guarantees import fees, panels, report_files, reports
from loans.guarantees.report_files import ReportError
from loans.models import Entry, Fund, LenderReport, LenderReportRow, Line
from tests import threads
from tests.factories import base
from tests.factories import guarantees as of
from tests.factories import loans as make

D, DAY = Decimal, datetime.date
SEPTEMBER, OCTOBER = DAY(2026, 9, 1), DAY(2026, 10, 1)


@pytest.fixture
def told(db):
    with clock.at(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


@pytest.fixture
def lender(told):
    return of.lender()


@pytest.fixture
def pair(officer, lender):
    """Two guarantees of one lender, in force since August: of 25 000 and 12 500, four fifths."""
    return [of.active(amount, by=officer, lender_=lender, on=DAY(2026, 8, 3)) for amount in (20_000, 10_000)]


def take(lender, data, by, month=OCTOBER, **more):
    return reports.take_in(lender, month, data, "raport.csv", by=by, **more)


def refused(lender, data, by, **more):
    """The sentences with which a file is refused; nothing of it is kept."""
    kept = LenderReport.objects.count(), Entry.objects.count()
    with pytest.raises(Refused) as found:
        take(lender, data, by, **more)
    assert (LenderReport.objects.count(), Entry.objects.count()) == kept
    return " | ".join(found.value.messages)


# What a report makes of the guarantees


def test_a_report_lowers_what_is_guaranteed_and_keeps_before_and_after(pair, lender, officer):
    first, second = pair
    report = take(lender, of.report((first, "20 000,01", 12), (second, 12_500)), officer)
    rows = {row.guarantee_id: row for row in report.rows.all()}
    assert (rows[first.pk].before, rows[first.pk].after, rows[first.pk].days_late) == (D(20_000), D("16000.01"), 12)
    assert (rows[second.pk].before, rows[second.pk].after, rows[second.pk].entry) == (D(10_000), D(10_000), None)
    entry = rows[first.pk].entry
    assert (entry.event, entry.value_date, entry.book_date) == ("gua_less", DAY(2026, 10, 31), DAY(2026, 11, 2))
    assert sorted(entry.lines.values_list("account__code", "amount", "guarantee")) == [
        ("990", D("-3999.99"), first.pk),
        ("991", D("3999.99"), first.pk),
    ]
    assert of.fresh(first).exposure == D("16000.01")
    assert bytes(report.file.data).startswith(b"numer por")
    assert consistency.differences(Fund.objects.get(pk=first.fund_id)) == []


def test_all_that_is_less_is_one_entry_of_each_fund(pair, lender, officer):
    other = of.active(5_000, by=officer, lender_=lender, fund_=of.fund(code="drugi"), on=DAY(2026, 8, 3))
    report = take(lender, of.report(*((one, 100) for one in (*pair, other))), officer)
    entries = {row.guarantee.fund.code: row.entry_id for row in report.rows.all()}
    assert len(set(entries.values())) == 2
    assert Line.objects.filter(entry=entries["pozyczkowy"]).count() == 4
    assert [of.fresh(one).exposure for one in (*pair, other)] == [D(80)] * 3


def test_nothing_left_leaves_nothing_guaranteed(pair, lender, officer):
    take(lender, of.report((pair[0], 0), (pair[1], "0,00")), officer)
    assert [of.fresh(one).exposure for one in pair] == [0, 0]
    assert [of.fresh(one).state for one in pair] == ["active", "active"]  # the page suggests the release


def test_a_code_page_quotation_marks_spaces_and_capitals_are_read(pair, lender, officer):
    first, second = pair
    text = (
        "Numer Poręczenia;numer umowy kredytu; pozostały kapitał ;dni opóźnienia;\n\n"
        f'{first.number.lower()};"{first.credit_number.lower()}";"1 000,50 zł";0;;\n'
        f"{second.number};{second.credit_number};12\u00a0500;7\n;;;\n"
    )
    report = take(lender, text.encode("cp1250"), officer)
    assert set(report.rows.values_list("left", "days_late")) == {(D("1000.50"), 0), (D(12_500), 7)}


def test_the_empty_file_has_the_guarantees_in_force(pair, lender, officer):
    of.active(by=officer, lender_=lender, on=DAY(2026, 11, 1))  # after the month
    data = reports.template(lender, OCTOBER)
    assert data.decode("utf-8-sig").splitlines() == [
        of.HEAD,
        *(f"{one.number};{one.credit_number};;" for one in pair),
    ]
    assert "Wiersz 2" in refused(lender, data, officer)


def test_one_that_was_called_stays_as_it_is(pair, lender, officer):
    of.called(guarantee=pair[0])
    report = take(lender, of.report((pair[0], 1), (pair[1], 100)), officer)
    assert report.rows.get(guarantee=pair[0]).after == D(20_000)
    assert of.fresh(pair[0]).exposure == D(20_000)
    with of.at(DAY(2026, 12, 2)):
        take(lender, of.report((pair[1], 90)), officer, month=DAY(2026, 11, 1))  # and need not be told of


def test_one_that_ended_after_the_month_may_be_told_of(pair, lender, officer):
    of.released(pair[0])
    report = take(lender, of.report((pair[0], 0), (pair[1], 100)), officer)
    row = report.rows.get(guarantee=pair[0])
    assert (row.before, row.after, row.entry) == (0, 0, None)


# What is refused


def test_what_is_refused_is_told_with_its_lines(pair, lender, officer):
    first, second = pair
    ended = of.active(1_000, by=officer, lender_=lender, on=DAY(2026, 8, 4))
    with of.at(DAY(2026, 9, 1)):
        of.released(ended)
    foreign, late = of.active(1_000, by=officer, on=DAY(2026, 8, 5)), of.active(1_000, by=officer, lender_=lender)
    words = refused(
        lender,
        of.report(
            ("PR/2001/0001", 1, 0, "X"),
            (foreign, 1),
            (ended, 1),
            (late, 1),
            (first, "25000,01"),
            (first, 1),
            (second.number, 1, 0, "inna"),
        ),
        officer,
    )
    for line in range(2, 9):
        assert f"Wiersz {line}:" in words


@pytest.mark.parametrize("left", ["-1", "\u22121", "1.50", "1,234", "", "abc", "1e3", "1000000000000000", "=1"])
def test_amounts_that_are_none(pair, lender, officer, left):
    assert "Wiersz 2" in refused(lender, of.report((pair[0], f'"{left}"'), (pair[1], 1)), officer)


@pytest.mark.parametrize("late", ["-1", "1,5", "", "12345", "²"])
def test_days_that_are_none(pair, lender, officer, late):
    assert "Wiersz 2" in refused(lender, of.report((pair[0], 1, late), (pair[1], 1)), officer)


def test_a_missing_guarantee_is_named(pair, lender, officer):
    assert pair[1].number in refused(lender, of.report((pair[0], 1)), officer)
    assert of.fresh(pair[0]).exposure == D(20_000)


def test_a_report_never_raises_what_is_guaranteed(pair, lender, officer):
    take(lender, of.report((pair[0], 1_000), (pair[1], 1_000)), officer, month=SEPTEMBER)
    words = refused(lender, of.report((pair[0], "1000,63"), (pair[1], 900)), officer)
    assert "Wiersz 2" in words
    assert "Wiersz 3" not in words
    with pytest.raises(IntegrityError), transaction.atomic():
        LenderReportRow.objects.create(
            report=LenderReport.objects.get(), guarantee=of.active(by=officer), left=1, days_late=0, before=1, after=2
        )


@pytest.mark.parametrize(
    "data",
    [b"", b" \n", b"\x00\x01", b"a;b;c;d\n", b"%PDF-1.7", of.HEAD.encode(), (of.HEAD + '\nPR/1;"x').encode(), b"\x81"],
)
def test_files_that_are_no_report(pair, lender, officer, data):
    assert refused(lender, data, officer)


def test_the_month_is_over_and_the_next_one(pair, lender, officer):
    good = of.report((pair[0], 100), (pair[1], 100))
    for month in (DAY(2026, 11, 1), DAY(2026, 10, 2)):
        assert refused(lender, good, officer, month=month)
    take(lender, good, officer)
    for month in (OCTOBER, SEPTEMBER):
        assert refused(lender, of.report((pair[0], 90), (pair[1], 90)), officer, month=month)


def test_the_same_file_for_another_month_has_to_be_meant(pair, lender, officer):
    good = of.report((pair[0], 100), (pair[1], 100))
    take(lender, good, officer, month=SEPTEMBER)
    assert "09.2026" in refused(lender, good, officer)
    assert reports.preview(lender, OCTOBER, good, by=officer).same_as == SEPTEMBER
    assert take(lender, good, officer, same=True).rows.count() == 2


def test_a_preview_changes_nothing(pair, lender, officer):
    before = Entry.objects.count()
    found = reports.preview(lender, OCTOBER, of.report((pair[0], 100), (pair[1], 12_500)), by=officer)
    assert [(one.guarantee, one.before, one.after) for one in found.changes] == [
        (pair[0], D(20_000), D(80)),
        (pair[1], D(10_000), D(10_000)),
    ]
    assert (found.before, found.after, found.same_as) == (D(30_000), D(10_080), None)
    assert (Entry.objects.count(), LenderReport.objects.count()) == (before, 0)


def test_whose_work_a_report_is(pair, lender, officer):
    good = of.report((pair[0], 100), (pair[1], 100))
    with pytest.raises(PermissionDenied):
        take(lender, good, make.accountant())
    partner = base.user(Role.LOAN_OFFICER, unit_=base.unit(UnitKind.PARTNER))
    assert not reports.sees(partner)
    assert refused(lender, good, partner)
    with pytest.raises(PermissionDenied):
        reports.preview(lender, OCTOBER, good, by=base.user(Role.AUDITOR))


def test_lenders_who_did_not_report(pair, lender, officer):
    assert list(reports.missing()) == [lender]
    take(lender, of.report((pair[0], 100), (pair[1], 100)), officer)
    assert list(reports.missing()) == []


def test_what_was_reported_stays(pair, lender, officer):
    report = take(lender, of.report((pair[0], 100), (pair[1], 100)), officer)
    for rows in (LenderReport.objects.filter(pk=report.pk), report.rows.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**({"month": SEPTEMBER} if rows.model is LenderReport else {"left": 1}))


# Withdrawn


def withdrawn(report, by=None, reason="Nie ten plik."):
    return reports.withdraw(report, by=by or make.manager(), reason=reason)


def test_a_wrong_report_is_withdrawn_and_the_true_one_taken_in(pair, lender, officer):
    first, second = pair
    wrong = take(lender, of.report((first, 0), (second, 100)), officer)
    entry = wrong.rows.get(guarantee=first).entry
    boss = make.manager()
    done = withdrawn(wrong, boss)
    assert (done.withdrawn_by, done.withdrawn_because) == (boss, "Nie ten plik.")
    assert [of.fresh(one).exposure for one in pair] == [D(20_000), D(10_000)]
    assert sorted(entry.reversed_by.lines.values_list("account__code", "amount", "guarantee")) == [
        ("990", D(9_920), second.pk),
        ("990", D(20_000), first.pk),
        ("991", D(-20_000), first.pk),
        ("991", D(-9_920), second.pk),
    ]
    assert list(reports.missing()) == [lender]
    assert panels.exposure_of(boss, first) is None
    # the file that was withdrawn may be the right one of another month
    assert take(lender, of.report((first, 0), (second, 100)), officer, month=SEPTEMBER).rows.count() == 2
    withdrawn(lender.reports.get(month=SEPTEMBER), boss)
    true = take(lender, of.report((first, 20_000), (second, 12_500)), officer)
    assert [of.fresh(one).exposure for one in pair] == [D(16_000), D(10_000)]
    assert [row.report for row in panels.exposure_of(boss, first)["rows"]] == [true]
    assert list(reports.missing()) == []
    assert consistency.differences(Fund.objects.get(pk=first.fund_id)) == []
    withdrawn(true, boss)  # as often as it takes
    assert take(lender, of.report((first, 1_000), (second, 1_000)), officer).rows.count() == 2


def test_a_report_of_two_funds_is_withdrawn_in_both(pair, lender, officer):
    other = of.active(5_000, by=officer, lender_=lender, fund_=of.fund(code="drugi"), on=DAY(2026, 8, 3))
    withdrawn(take(lender, of.report(*((one, 100) for one in (*pair, other))), officer))
    assert [of.fresh(one).exposure for one in (*pair, other)] == [D(20_000), D(10_000), D(5_000)]
    assert Entry.objects.filter(reverses__event="gua_less").count() == 2


def test_who_withdraws_a_report_and_why(pair, lender, officer):
    boss = make.manager()
    report = take(lender, of.report((pair[0], 100), (pair[1], 100)), boss)
    with pytest.raises(PermissionDenied):
        withdrawn(report, make.accountant())
    with pytest.raises(PermissionDenied):
        withdrawn(report, officer)
    with pytest.raises(Refused, match="ktoś inny"):
        withdrawn(report, boss)
    with pytest.raises(Refused) as refusal:
        withdrawn(report, reason=" ")
    assert list(refusal.value.error_dict) == ["reason"]
    assert of.fresh(pair[0]).exposure == D(80)
    with pytest.raises(IntegrityError), transaction.atomic():
        LenderReport.objects.update(withdrawn_at=clock.now(), withdrawn_by=boss, withdrawn_because="Sam")


def test_only_the_newest_report_is_withdrawn_and_only_once(pair, lender, officer):
    older = take(lender, of.report((pair[0], 100), (pair[1], 100)), officer, month=SEPTEMBER)
    newer = take(lender, of.report((pair[0], 90), (pair[1], 90)), officer)
    with pytest.raises(Refused, match=r"10\.2026"):
        withdrawn(older)
    withdrawn(newer)
    with pytest.raises(Stale):
        withdrawn(newer)
    with pytest.raises(DatabaseError), transaction.atomic():
        LenderReport.objects.filter(pk=newer.pk).update(withdrawn_because="Inaczej")
    withdrawn(older)
    assert [of.fresh(one).exposure for one in pair] == [D(20_000), D(10_000)]


def test_a_report_stays_once_a_guarantee_that_it_lowered_was_called_or_ended(pair, lender, officer):
    report = take(lender, of.report((pair[0], 1_000), (pair[1], 12_500)), officer)
    of.called(guarantee=of.fresh(pair[0]))
    with pytest.raises(Refused, match=pair[0].number):
        withdrawn(report)
    assert of.fresh(pair[0]).exposure == D(800)


def test_one_that_it_did_not_lower_may_have_ended(pair, lender, officer):
    report = take(lender, of.report((pair[0], 1_000), (pair[1], 12_500)), officer)
    of.released(of.fresh(pair[1]))
    withdrawn(report)
    assert [of.fresh(one).exposure for one in pair] == [D(20_000), 0]


@pytest.mark.parametrize(("other_client", "words"), [(True, "Limit poręczeń"), (False, "Jednemu klientowi")])
def test_a_limit_may_not_hold_what_would_be_guaranteed_again(lender, officer, other_client, words):
    # 30 000 in all, or 30 000 for one client
    fund = of.fund(30_000, multiplier=D(1), client_cap=D(1)) if other_client else of.fund()
    client = base.organisation()
    made = of.active(20_000, by=officer, lender_=lender, fund_=fund, organisation=client, on=DAY(2026, 8, 3))
    report = take(lender, of.report((made, 0)), officer)
    of.granted(15_000, by=officer, fund_=fund, organisation=base.organisation() if other_client else client)
    with pytest.raises(Refused, match=words):
        withdrawn(report)
    assert (of.fresh(made).exposure, of.fresh(report).withdrawn_at) == (0, None)


def test_the_fee_of_a_year_is_reckoned_without_a_report_that_was_withdrawn(lender, officer):
    made = of.active(by=officer, lender_=lender, on=DAY(2025, 11, 10))
    report = take(lender, of.report((made, 0)), officer)
    with of.at(DAY(2026, 11, 10)):
        assert fees.charge_all(made.fund, clock.today()) == 0
    with of.at(DAY(2026, 11, 12)):
        withdrawn(report)
        assert fees.charge_all(made.fund, clock.today()) == 1
    assert made.fees.get(nr=2).base == D(20_000)


# Many at once


@pytest.mark.django_db(transaction=True)
def test_the_same_report_twice_at_once():
    officer, lender = make.officer(), of.lender()
    guarantee = of.active(by=officer, lender_=lender, on=clock.today() - datetime.timedelta(days=100))
    data, month = of.report((guarantee, 100)), reports.last_month()
    done = threads.at_once(2, lambda _number: take(lender, data, officer, month=month))
    assert sorted(type(one).__name__ for one in done) == ["LenderReport", "Refused"]
    assert of.fresh(guarantee).exposure == D(80)
    assert Line.objects.filter(guarantee=guarantee, entry__event="gua_less").count() == 2


# Any file

amounts = st.decimals(min_value=0, max_value=D("999999999999.99"), places=2, allow_nan=False, allow_infinity=False)


def _written(amount):
    return f"{amount:.2f}".replace(".", ",")


@given(
    rows=st.lists(st.tuples(st.integers(1, 9999), amounts, st.integers(0, 9999)), max_size=30),
    code_page=st.sampled_from(["utf-8", "utf-8-sig", "cp1250"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(rows, code_page, end):
    lines = [of.HEAD, *(f"PR/2026/{number:04d};KR/{number};{_written(left)};{late}" for number, left, late in rows)]
    read = report_files.read(end.join(lines).encode(code_page))
    assert [(row.guarantee, row.left, row.days_late) for row in read] == [
        (f"PR/2026/{number:04d}", left, late) for number, left, late in rows
    ]
    assert [row.line for row in read] == list(range(2, len(rows) + 2))


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"{of.HEAD}\n{text}".encode()))
def test_any_other_file_is_refused_in_words(data):
    try:
        rows = report_files.read(data)
    except ReportError as error:
        assert error.messages
        assert all(error.messages)
    else:
        assert all(row.left >= 0 and row.days_late >= 0 for row in rows)


@given(left=amounts, cover=st.decimals(min_value="0.0001", max_value="0.8", places=4), amount=amounts)
def test_what_is_guaranteed_of_a_credit(left, cover, amount):
    from loans.guarantees import exposure
    from loans.models import Guarantee

    found = exposure.of_credit(Guarantee(cover=cover, amount=amount), left)
    assert found == min((cover * left).quantize(D("0.01"), ROUND_HALF_UP), amount)
