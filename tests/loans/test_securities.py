"""Securities of loans: asked for, changed, established, released, and that nothing goes out before."""

import datetime
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale, move
from centrum.staff.enums import Role
from loans import agreements, securities
from loans.enums import SECURITY_MOVES, LoanState, SecurityState
from loans.models import Loan, Security
from tests.factories import base
from tests.factories import loans as make
from tests.factories.files import upload
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
NOW = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
TODAY = DAY(2026, 11, 2)


@pytest.fixture
def told():
    with clock.at(NOW):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def establish(security, officer, **more):
    return securities.establish(
        security, by=officer, **{"established_on": TODAY, "document": "weksel nr 1 z deklaracją"} | more
    )


def add(loan, officer, **more):
    return securities.add(
        loan, by=officer, **{"kind": "surety", "description": "Poręczenie Anny Lis", "value": D(20_000)} | more
    )


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def url(name, loan, *args):
    return reverse(f"loans:{name}", args=[loan.public_id, *args])


def test_the_last_required_security_makes_a_signed_loan_ready(officer):
    loan = make.signed(by=officer)
    second = add(loan, officer)
    assert establish(loan.securities.first(), officer).state == "established"
    assert fresh(loan).state == "signed"
    establish(second, officer, document="PO/1", file=upload())
    assert fresh(loan).state == "ready"
    assert loan.papers.get(kind="security").title.endswith("PO/1")


def test_nothing_is_paid_before_every_security_is_established(officer):
    loan = make.signed(by=officer)
    add(loan, officer)
    establish(loan.securities.first(), officer)
    account, boss = make.account(loan.organisation), make.accountant()
    tranche = move(loan.tranches.get(), "verify", by=officer, changes={"account": account, "verified_by": officer})
    with pytest.raises(DatabaseError), transaction.atomic():
        move(tranche, "approve", by=boss, changes={"approved_by": boss})


def test_the_paper_is_made_anew_while_the_agreement_waits_to_be_signed(officer):
    loan = make.drawn(by=officer)
    made = add(loan, officer)
    assert loan.papers.filter(kind="agreement").count() == 2
    securities.change(made, by=officer, description="Poręczenie Jana Lisa")
    assert (fresh(made).description, loan.papers.count()) == ("Poręczenie Jana Lisa", 3)
    loan = agreements.sign(loan, by=officer, signed_on=TODAY)
    securities.change(made, by=officer, value=D(30_000), haircut=D("0.2"))
    assert loan.papers.count() == 3
    with pytest.raises(Refused):
        securities.change(made, by=officer, description="Kto inny")
    (_bill, shown) = securities.of_loan(loan)
    assert shown.worth == D(24_000)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"value": D(0)}, "value"),
        ({"value": D(-1)}, "value"),
        ({"value": D("1000000000000")}, "value"),
        ({"value": None, "haircut": D("0.1")}, "value"),
        ({"value": None, "valuation_source": "rzeczoznawca"}, "value"),
        ({"valued_on": DAY(2026, 11, 3)}, "valued_on"),
        ({"haircut": D(1)}, "haircut"),
        ({"haircut": D("-0.1")}, "haircut"),
        ({"kind": "dom"}, "kind"),
        ({"description": ""}, "description"),
    ],
)
def test_what_is_no_security(officer, fields, field):
    loan = make.granted(by=officer)
    with pytest.raises(Refused) as refused:
        add(loan, officer, **fields)
    assert list(refused.value.error_dict) == [field]
    assert loan.securities.count() == 1


def test_days_and_documents_of_establishing(officer):
    loan = make.granted(by=officer)
    for wrong in ({"established_on": DAY(2026, 11, 3)}, {"document": ""}, {"file": upload(b"nic")}):
        with pytest.raises(Refused):
            establish(loan.securities.get(), officer, **wrong)
    assert loan.securities.get().state == "required"
    with pytest.raises(TypeError):
        securities.change(loan.securities.get(), by=officer, state="established")


@pytest.mark.parametrize("state", list(LoanState))
def test_in_which_states_of_the_loan_securities_change(state, officer):
    over = {state: partial(make.walked, state) for state in ("repaid", "terminated", "recovery", "writtenoff")}
    loan = {
        **over,
        "approved": make.granted,
        "drawn": make.drawn,
        "signed": make.signed,
        "ready": make.secured,
        "active": make.active,
        "lapsed": make.granted,
    }[state](by=officer)
    if state == "lapsed":
        loan = agreements.lapse(loan, by=officer, reason="Rezygnacja")
    if state in ("approved", "drawn", "signed"):
        made = add(loan, officer)
        securities.change(made, by=officer, value=D(1))
        assert establish(made, officer).state == "established"
    else:
        with pytest.raises(Stale):
            add(loan, officer)
        with pytest.raises(Stale):
            securities.change(loan.securities.first(), by=officer, value=D(1))
    assert fresh(loan).state == state


@pytest.mark.parametrize("state", list(SecurityState))
@pytest.mark.parametrize("action", ["establish", "release"])
def test_every_step_in_every_state(state, action, officer):
    boss = make.manager()
    loan = make.signed(by=officer)
    row = add(loan, officer)
    if state != SecurityState.REQUIRED:
        row = establish(row, officer)
    loan = agreements.lapse(loan, by=officer, reason="Rezygnacja") if action == "release" else loan
    if state == SecurityState.RELEASED:
        row = move(row, "release", by=boss, reason="Zwrot", changes={"released_on": TODAY})

    def act(by):
        if action == "establish":
            return establish(row, by)
        return securities.release(row, by=by, released_on=TODAY, reason="Zwrot")

    with pytest.raises(PermissionDenied):
        act(base.user(Role.COORDINATOR))
    step = next(one for one in SECURITY_MOVES if one.action == action)
    by = officer if action == "establish" else boss
    if state in step.sources:
        assert act(by).state == step.target
    else:
        with pytest.raises(Stale):
            act(by)
        assert fresh(row).state == state


def test_a_loan_in_payment_keeps_at_least_one_security(officer):
    boss = make.manager()
    loan = make.signed(by=officer)
    second = add(loan, officer)
    first = loan.securities.first()
    for row in (first, second):
        establish(row, officer)
    with pytest.raises(Refused):  # ready for payout
        securities.release(first, by=boss, released_on=TODAY, reason="Zwrot")
    make.pay_out(loan.tranches.get(), by=officer, boss=boss)
    for wrong in ({"released_on": DAY(2026, 11, 3)}, {"released_on": DAY(2026, 11, 1)}, {"reason": " "}):
        with pytest.raises(Refused):
            securities.release(first, by=boss, **{"released_on": TODAY, "reason": "Zwrot"} | wrong)
    assert securities.release(first, by=boss, released_on=TODAY, reason="Zwrot").state == "released"
    with pytest.raises(Refused):
        securities.release(second, by=boss, released_on=TODAY, reason="Zwrot")


def test_whoever_writes_past_the_services_is_refused(officer):
    loan = make.granted(by=officer)
    rows = Security.objects.filter(loan=loan)
    for values in ({"state": "established"}, {"kind": "surety"}, {"state": "released", "released_on": TODAY}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)


@pytest.mark.django_db(transaction=True)
def test_the_last_two_securities_at_once():
    officer = make.officer()
    loan = make.signed(by=officer)
    add(loan, officer)
    rows = list(loan.securities.order_by("pk"))
    today = clock.today()
    results = at_once(2, lambda number: establish(rows[number], officer, established_on=today))
    assert not [one for one in results if isinstance(one, Exception)]
    assert Loan.objects.get(pk=loan.pk).state == "ready"


def test_the_pages(office, officer, client):
    loan = make.signed(by=officer)
    page = url("loan", loan)
    typed = {"kind": "pledge", "description": "Piec", "value": "10 000", "haircut": "25", "valued_on": "1.11.2026"}
    assert office.get(url("security-new", loan)).status_code == 200
    assert list(office.post(url("security-new", loan), typed | {"haircut": "100"}).context["form"].errors) == [
        "haircut"
    ]
    assert office.post(url("security-new", loan), typed).url == page
    made = loan.securities.get(kind="pledge")
    assert (made.value, made.haircut, made.valued_on) == (D(10_000), D("0.25"), DAY(2026, 11, 1))
    assert office.get(url("security-edit", loan, made.pk)).context["form"].initial["haircut"] == 25
    assert office.post(url("security-edit", loan, made.pk), typed | {"haircut": ""}).url == page
    assert fresh(made).haircut == 0
    assert "7 500" not in office.get(page).text
    for row in loan.securities.all():
        said = {"established_on": "2.11.2026", "document": "ZR/1", "file": upload()}
        assert office.get(url("security-establish", loan, row.pk)).status_code == 200
        assert office.post(url("security-establish", loan, row.pk), said).url == page
    assert fresh(loan).state == "ready"
    assert office.get(url("security-establish", loan, made.pk)).url == page
    assert office.get(url("security-new", loan)).url == page
    assert office.get(url("security-release", loan, made.pk)).status_code == 403
    boss = make.manager()
    loan = make.pay_out(loan.tranches.get(), by=officer, boss=boss)
    client.force_login(boss)
    assert url("security-release", loan, made.pk) in client.get(page).text
    assert client.post(url("security-release", loan, made.pk), {"released_on": "2.11.2026"}).status_code == 200
    released = client.post(url("security-release", loan, made.pk), {"released_on": "2.11.2026", "reason": "Zwrot"})
    assert (released.url, fresh(made).state) == (page, "released")
    other = make.granted(by=officer)
    assert client.get(url("security-edit", other, made.pk)).status_code == 404
