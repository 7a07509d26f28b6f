import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
import time_machine
from django.template import engines
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import clock, polish

DAY = datetime.date(2026, 12, 3)
S = "\u00a0"


def render(source, **context):
    return engines["django"].from_string(source).render(context)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_money_agrees_with_decimal(amount):
    with override("pl"):
        text = polish.money(amount)
    with localcontext(prec=400):
        rounded = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    digits = text.removesuffix(f"{S}zł")
    assert Decimal(digits.replace(S, "").replace(",", ".").replace("\u2212", "-")) == rounded
    assert digits == "\u2212" * (rounded < 0) + f"{rounded.copy_abs():,f}".replace(",", S).replace(".", ",")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("12345.67"), f"12{S}345,67{S}zł"),
        (Decimal("0.005"), f"0,01{S}zł"),
        (Decimal("-0.004"), f"0,00{S}zł"),
        (Decimal("-1234.5"), f"\u22121{S}234,50{S}zł"),
        (1000000, f"1{S}000{S}000,00{S}zł"),
    ],
)
def test_money_in_polish(amount, text):
    with override("pl"):
        assert polish.money(amount) == text


def test_numbers_keep_their_decimals_unless_told():
    with override("pl"):
        assert polish.number(1234567) == f"1{S}234{S}567"
        assert polish.number(Decimal("0.50")) == "0,50"
        assert polish.number(Decimal("1E+3")) == f"1{S}000"
        assert polish.number(Decimal("2.5"), places=0) == "3"


def test_dates_and_times():
    with override("pl"):
        assert polish.date_long(DAY) == f"3{S}grudnia{S}2026"
        assert polish.date_short(DAY) == "3.12.2026"
        assert polish.date_short(datetime.date(2026, 1, 3)) == "3.1.2026"
        assert polish.datetime_short(datetime.datetime(2026, 7, 1, 22, 5, tzinfo=datetime.UTC)) == f"2.7.2026,{S}0:05"
        assert polish.time_range(datetime.time(9), datetime.time(15, 30)) == "9:00–15:30"
        assert polish.months_genitive()[:3] == ("stycznia", "lutego", "marca")


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ((2026, 9, 8), (2026, 9, 8), "8 września 2026"),
        ((2026, 9, 8), (2026, 9, 9), "8–9 września 2026"),
        ((2026, 9, 30), (2026, 10, 2), "30 września 2026 – 2 października 2026"),
        ((2025, 9, 8), (2026, 9, 9), "8 września 2025 – 9 września 2026"),
    ],
)
def test_spans_of_days(first, last, text):
    assert polish.date_span(datetime.date(*first), datetime.date(*last)).replace("\xa0", " ") == text


def test_english_when_that_is_the_language():
    with override("en"):
        assert polish.money(Decimal("12345.67")) == f"12,345.67{S}zł"
        assert polish.date_long(DAY) == f"3{S}December{S}2026"
        assert polish.date_short(DAY) == f"3{S}Dec{S}2026"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, f"0{S}min"), (45, f"45{S}min"), (60, f"1{S}h"), (65, f"1{S}h{S}05"), (90, f"1{S}h{S}30")],
)
def test_durations(minutes, text):
    assert polish.hours(minutes) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (999, f"999{S}B"),
        (1000, f"1{S}kB"),
        (999_499, f"999{S}kB"),
        (999_500, f"1,0{S}MB"),
        (1_250_000, f"1,3{S}MB"),
    ],
)
def test_file_sizes(size, text):
    with override("pl"):
        assert polish.file_size(size) == text


def test_one_letter_words_are_tied_to_the_next():
    assert polish.nbsp_words("Praca i pomoc w gminie, a z nią\no 5 osób") == (
        f"Praca i{S}pomoc w{S}gminie, a{S}z{S}nią\no{S}5 osób"
    )


def test_filters_need_no_load_and_leave_empty_values_empty():
    with override("pl"):
        source = "{{ m|money }}|{{ d|date_long }}|{{ d|date_short }}|{{ n|nip }}|{{ h|hours }}|{{ a|time_range:b }}"
        filled = {"m": Decimal("1.5"), "d": DAY, "n": "1234563218", "h": 90}
        times = {"a": datetime.time(9), "b": datetime.time(15)}
        assert render(source, **filled, **times) == (
            f"1,50{S}zł|3{S}grudnia{S}2026|3.12.2026|123-456-32-18|1{S}h{S}30|9:00–15:00"
        )
        empty = dict.fromkeys("mdnhab")
        assert render(source, **empty) == "|||||"
        assert render("{{ m|number }}{{ d|datetime_short }}{{ h|file_size }}", **empty) == ""
        assert render("{{ m|money }} {{ h|hours }}", m=Decimal(0), h=0) == f"0,00{S}zł 0{S}min"


def test_orphans_ties_words_but_not_tags():
    assert render("{{ t|orphans }}", t="<b> w domu") == f"&lt;b&gt; w{S}domu"
    assert render("{% filter orphans %}{{ t|safe }}{% endfilter %}", t='<a href="x">w domu</a>') == (
        f'<a href="x">w{S}domu</a>'
    )


@pytest.mark.parametrize(
    ("instant", "day"),
    [("2026-11-22 22:59Z", datetime.date(2026, 11, 22)), ("2026-11-22 23:00Z", datetime.date(2026, 11, 23))],
)
def test_the_business_day_changes_at_midnight_in_warsaw(instant, day):
    with time_machine.travel(instant, tick=False):
        assert clock.today() == day
