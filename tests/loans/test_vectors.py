"""Every vector of the file named by SCHEDULE_VECTORS (default: tests/golden/), one test a vector, to the grosz."""

import datetime
import json
import os
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from loans import aid, allocation, delay, risk, schedule
from loans.schedule import CENT, Prepayment, Terms

FILE = os.environ.get("SCHEDULE_VECTORS") or Path(__file__).parents[1] / "golden" / "schedule-vectors.json"
VECTORS = json.loads(Path(FILE).read_text(encoding="utf-8"))["vectors"]


def day(text):
    return datetime.date.fromisoformat(text) if text else None


def terms(p):
    first = day(p.get("first_due"))
    dues = p.get("dues")
    dues = (
        tuple(map(day, dues))
        if dues
        else schedule.due_days(first, p["n"], anchor=p.get("due_day"), step_months=p.get("step_months", 1))
    )
    return Terms(
        tranches=tuple((day(on), Decimal(amount)) for on, amount in p.get("tranches", [[p["start"], p["principal"]]])),
        dues=dues,
        rates=tuple((day(on), Decimal(rate)) for on, rate in p.get("rates", [[None, p["annual_rate"]]])),
        method=p["method"],
        grace=p.get("grace_principal", 0),
        day_count=p.get("day_count", schedule.ACT_365F),
        step_months=p.get("step_months", 1),
        first_period_start=day(p.get("first_period_start")),
        business=p.get("bd_rule", schedule.NONE),
        weekends_only=p.get("calendar") == "WEEKENDS_ONLY",
        interest_to_moved=p.get("interest_dates") == "adjusted",
        prepayments=tuple(
            Prepayment(day(on), Decimal(amount), *more and [more[0].get("mode", schedule.REDUCE)])
            for on, amount, *more in p.get("prepayments", [])
        ),
        annuity_by_months=p.get("annuity_basis") == "nominal",
        unit=Decimal(p.get("payment_unit", "0.01")),
        unit_up=p.get("payment_rounding") == "CEIL",
        half_even=p.get("rounding") == "HALF_EVEN",
        each_segment=p.get("segment_rounding") == "per_segment",
    )


def written(row):
    return {
        "nr": row.nr,
        "nominal_due": row.nominal_due.isoformat(),
        "due": row.due.isoformat(),
        "days": row.days,
        "interest": str(row.interest),
        "principal": str(row.principal),
        "total": str(row.total),
        "balance": str(row.balance),
    }


def of_schedule(p, expected):
    made = schedule.build(terms(p))
    rows = [written(row) for row in made.rows]
    found = {
        "n_rows": len(rows),
        "total_interest": str(made.interest),
        "total_principal": str(made.principal),
        "total": str(made.total),
        "rows": rows,
        "rows_head": rows[: len(expected.get("rows_head", []))],
        "rows_tail": rows[len(rows) - len(expected.get("rows_tail", [])) :],
        "instalment": rows[0]["total"],
        "events": [
            {
                "date": event.on.isoformat(),
                "interest": str(event.interest),
                "principal": str(event.principal),
                "balance_after": str(event.balance),
            }
            for event in made.events
        ],
    }
    # figures of a page that rounds nothing are told beside ours, not to be hit
    wanted = {name: value for name, value in expected.items() if not name.startswith("page_")}
    return {name: found[name] for name in wanted}, wanted


def of_periodic_rate(p, expected):
    """Theirs is the exact schedule with every cell rounded by itself; only the rows without an instalment are ours."""
    start = datetime.date(2027, 1, 1)
    first = start + datetime.timedelta(days=p["first_period_days"])
    dues = tuple(first + datetime.timedelta(days=p["period_days"] * number) for number in range(p["n"]))
    rate = Decimal(p["rate_per_period"]) * 365 / p["period_days"]
    made = schedule.build(
        Terms(
            tranches=((start, Decimal(p["principal"])),),
            dues=dues,
            rates=((None, rate),),
            method=p["method"],
            grace=p["grace_principal"],
        )
    )
    before = [Decimal(p["principal"]).quantize(CENT), *(row.balance for row in made.rows)]
    rows = [(row.interest, row.principal, due) for row, due in zip(made.rows, before, strict=False)]
    equal = schedule.annuity(before[0], Decimal(p["rate_per_period"]) * 12, p["n"] - p["grace_principal"])
    for number, (ours, theirs) in enumerate(zip(rows, expected["rows"], strict=True), 1):
        # a grosz that a cell is off stays in the balances after it
        assert all(abs(one - Decimal(other)) <= CENT * number for one, other in zip(ours, theirs, strict=True))
    first = p["grace_principal"] + 1  # up to here nothing of theirs is rounded otherwise
    return (
        {"rows": [list(map(str, row)) for row in rows[:first]], "instalment_exact": str(equal.quantize(CENT * CENT))},
        {"rows": expected["rows"][:first], "instalment_exact": expected["instalment_exact"]},
    )


def of_annuity_payment(p, expected):
    exact = schedule.annuity(Decimal(p["principal"]), Decimal(p["annual_rate"]), p["n"])
    theirs = Decimal(expected["exact"])
    told = Decimal(10) ** max(theirs.as_tuple().exponent, -10)  # a binary float of theirs tells no more
    return (
        {"exact": str(exact.quantize(told)), "rounded": str(schedule.rounded(exact))},
        {"exact": str(theirs.quantize(told)), "rounded": expected["rounded"]},
    )


def of_accrued_interest(p, expected):
    start, end = map(day, p["period"])
    loan = Terms(
        tranches=((start, Decimal(p["principal"])),),
        dues=schedule.due_days(end, 6),
        rates=((None, Decimal(p["annual_rate"])),),
        method=schedule.ANNUITY,
        day_count=p["day_count"],
        half_even=True,
    )
    made = schedule.build(loan)
    accrued = schedule.accrued(loan, day(p["as_of"]))
    return {
        "accrued_interest": str(accrued),
        "instalment": str(made.rows[0].total),
        "principal_if_paid_then": str(made.rows[0].total - accrued),
    }, expected


def of_interest(p, expected):
    start = datetime.date(2027, 1, 1)
    end = start + datetime.timedelta(days=p["days"])
    exact = schedule.interest(Decimal(p["balance"]), Decimal(p["annual_rate"]), start, end, p["day_count"])
    return {
        "exact": str(Decimal(exact.numerator) / Decimal(exact.denominator)),
        "HALF_UP": str(schedule.rounded(exact)),
        "HALF_EVEN": str(schedule.rounded(exact, half_even=True)),
    }, expected


def of_accrual(p, expected):
    start, end = map(day, p["period"])
    after = day(p["accrue_through"]) + schedule.DAY

    def until(last):
        return schedule.rounded(schedule.interest(Decimal(p["balance"]), Decimal(p["annual_rate"]), start, last))

    return {
        "accrued_at_year_end": str(until(after)),
        "rest_in_january": str(until(end) - until(after)),
        "instalment_interest": str(until(end)),
    }, expected


def of_payoff_quote(p, expected):
    loan, on = terms(p["base_params"]), day(p["payoff_date"])
    principal, interest = schedule.payoff(loan, on)
    paid = schedule.build(loan).rows[p["paid_instalments"] - 1]
    return {
        "outstanding_principal": str(principal),
        "days": (on - paid.nominal_due).days,
        "accrued_interest": str(interest),
        "payoff": str(principal + interest),
    }, expected


def of_due_dates(p, expected):
    nominal = schedule.due_days(day(p["first_due"]), p["n"], anchor=p["due_day"])
    moved = [schedule.adjusted(one, p["rule"], weekends_only=p["calendar"] == "WEEKENDS_ONLY") for one in nominal]
    return {
        "nominal": [one.isoformat() for one in nominal],
        "adjusted": [one.isoformat() for one in moved],
    }, expected


def of_holidays(p, expected):
    return {str(year): [one.isoformat() for one in sorted(schedule.holidays_of(year))] for year in p["years"]}, expected


def of_allocation(p, expected):
    buckets = [(name, Decimal(owed)) for name, owed in p["buckets_in_order"]]
    parts, over = allocation.allocate(Decimal(p["payment"]), buckets)
    return {
        "allocated": [[name, str(part.quantize(CENT))] for name, part in parts],
        "overpayment": str(over.quantize(CENT)),
    }, expected


def of_penalty_interest(p, expected):
    rates = [(day(since), Decimal(pct) / 100) for since, pct in p["nbp_reference_rates_pct"]]
    found = delay.penalty(Decimal(p["overdue_principal"]), day(p["due"]), day(p["paid"]), rates)
    return {
        "effective_due": found.since.isoformat(),
        "segments": [[str((rate * 100).quantize(CENT)), days] for rate, days in found.parts],
        "days": found.days,
        "penalty": str(found.interest),
    }, expected


def of_max_rates(p, expected):
    found = [delay.statutory(Decimal(pct) / 100) for pct in p["cases_ref_pct"]]
    names = {
        "statutory_capital": "capital",
        "max_capital": "highest_capital",
        "statutory_delay": "delay",
        "max_delay": "highest_delay",
    }
    return {
        theirs: [str((getattr(rates, ours) * 100).quantize(CENT)) for rates in found] for theirs, ours in names.items()
    }, expected


def of_par(p, expected):
    loans = [(Decimal(left), late) for _name, left, late in p["loans"]]
    found = {"gross": str(sum(left for left, _late in loans))}
    return found | {f"PAR{n}": list(map(str, risk.at_risk(loans, n))) for n in risk.DAYS}, expected


def of_edb_loan(p, expected):
    made = aid.of_loan(
        Decimal(p["S"]),
        p["N"],
        p["T"],
        reference=Decimal(p["r"]),
        charged=Decimal(p["rp"]),
        discount=Decimal(p["rd"]),
        per_year=p["periods_per_year"],
        method=p["formula"],
    )
    found = {"edb": str(made.total)}
    if "eur_rate" in p:
        found |= {"eur_rate": p["eur_rate"], "edb_eur": str(made.in_eur(Decimal(p["eur_rate"])))}
    if made.instalments:
        found |= zip_names(("instalment_at_ref", "instalment_at_pref"), made.instalments)
    rows = [aid_row(row) for row in made.rows]
    found |= {
        "rows": rows,
        "rows_head": rows[: len(expected.get("rows_head", []))],
        "rows_tail": rows[len(rows) - len(expected.get("rows_tail", [])) :],
        # a page that adds up rounded lines
        "per_period_rounded_to_unit": [int(row.value.quantize(Decimal(1))) for row in made.rows],
        "edb_rounded_to_unit": str(made.total.quantize(Decimal(1))),
    }
    return as_told(found, expected), expected


def zip_names(names, values):
    return {name: str(schedule.rounded(value)) for name, value in zip(names, values, strict=True)}


def aid_row(row):
    return {
        "i": row.nr,
        "balance": str(schedule.rounded(row.balance)),
        "interest_ref": str(schedule.rounded(row.interest_reference)),
        "interest_pref": str(schedule.rounded(row.interest_charged)),
        "diff": str(schedule.rounded(row.difference)),
        "discount_factor": str(row.factor.quantize(Decimal("1e-8"), ROUND_HALF_UP)),
        "pv": str(schedule.rounded(row.value)),
    }


def as_told(found, expected):
    """Of what was found, that which the vector tells, also within the rows."""
    if isinstance(expected, dict):
        return {name: as_told(found[name], told) for name, told in expected.items()}
    if isinstance(expected, list) and expected and isinstance(expected[0], dict):
        return [as_told(one, told) for one, told in zip(found, expected, strict=True)]
    return found


def of_edb_guarantee(p, expected):
    made = aid.of_guarantee(
        [Decimal(amount) for amount in p["guaranteed_outstanding_at_start_of_year"]],
        premium=Decimal(p["safe_harbour"]),
        fee=Decimal(p["annual_fee"] or 0),
        upfront=p["upfront_fee"] and Decimal(p["upfront_fee"]),
        discount=Decimal(p["rd"]),
    )
    rows = [
        {
            "year": row.nr,
            "guaranteed": str(row.balance),
            "market_premium": str(schedule.rounded(row.interest_reference)),
            "fee": str(schedule.rounded(row.interest_charged)),
            "diff": str(schedule.rounded(row.difference)),
            "discount_factor": str(row.factor.quantize(Decimal("1e-8"), ROUND_HALF_UP)),
            "pv": str(schedule.rounded(row.value)),
        }
        for row in made.rows
    ]
    found = {"rows": rows, "edb": str(made.total), "edb_eur": str(made.in_eur(Decimal(p["eur_rate"])))}
    return as_told(found, expected), expected


def of_guarantee_share(p, expected):
    return {"edb": str(aid.share_of(Decimal(p["guaranteed"]), Decimal(p["ratio"])))}, expected


def of_loan_proportional(p, expected):
    found = aid.proportional(
        Decimal(p["amount_eur"]),
        Decimal(p["years"]),
        up_to_5_years=Decimal(p["cap_5y"]),
        up_to_10_years=Decimal(p["cap_10y"]),
        ceiling=Decimal(p["ceiling_eur"]),
    )
    return {"gge_eur": str(found)}, expected


def of_de_minimis(p, expected):
    history = [(day(on), Decimal(eur)) for on, eur in p["history"]]
    found = aid.room(history, day(p["grant_date"]), Decimal(p["new_aid_eur"]), Decimal(p["ceiling_eur"]))
    return {
        "window_from": found.since.isoformat(),
        "used": str(found.used),
        "free_before": str(found.left),
        "allowed": found.fits,
    }, expected


OF = {
    "schedule": of_schedule,
    "schedule_periodic_rate": of_periodic_rate,
    "annuity_payment": of_annuity_payment,
    "accrued_interest": of_accrued_interest,
    "interest": of_interest,
    "accrual": of_accrual,
    "payoff_quote": of_payoff_quote,
    "due_dates": of_due_dates,
    "holidays": of_holidays,
    "allocation": of_allocation,
    "penalty_interest": of_penalty_interest,
    "max_rates": of_max_rates,
    "par": of_par,
    "edb_loan": of_edb_loan,
    "edb_guarantee_safe_harbour": of_edb_guarantee,
    "edb_guarantee_proportional": of_guarantee_share,
    "edb_loan_proportional": of_loan_proportional,
    "de_minimis": of_de_minimis,
}


@pytest.mark.parametrize("vector", [pytest.param(v, id=v["id"]) for v in VECTORS])
def test_vector(vector):
    found, wanted = OF[vector["kind"]](vector["params"], vector["expected"])
    tolerance = Decimal(vector.get("tolerance", "0")) if vector["kind"].startswith("edb") else 0
    assert found == wanted or (tolerance and near(found, wanted, tolerance))


def near(found, wanted, tolerance):
    """Whether every number is within the vector's own tolerance: of a page that rounds otherwise."""
    if isinstance(wanted, dict):
        return all(near(found[name], told, tolerance) for name, told in wanted.items())
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(near, found, wanted, [tolerance] * len(wanted)))
    return abs(Decimal(found) - Decimal(wanted)) <= tolerance


def test_every_kind_is_known():
    assert {vector["kind"] for vector in VECTORS} == set(OF)
