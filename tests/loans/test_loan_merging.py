"""Two organisations or people that become one carry their loans along; what the dossier of a person says of loans."""

import json

import pytest
from django.urls import reverse

from centrum.kit import registry
from centrum.kit.transitions import move
from centrum.register import merging
from centrum.register.models import Merge
from centrum.staff.enums import Role
from loans import consistency, granting, panels
from loans.enums import AFTER_PAYOUT, LoanState
from loans.models import Decision, Loan
from tests.factories import base, claims
from tests.factories import loans as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return base.user(Role.MANAGER)


def merge(kept, gone, by):
    return merging.merge(kept, gone, by=by, reason="ten sam podmiot")


@pytest.mark.parametrize("state", LoanState.values)
def test_loans_in_every_state_follow_their_organisation(client, boss, state):
    kept, gone = base.organisation(), base.organisation(nip="")
    own = make.granted(1_000, organisation=kept)
    if state in AFTER_PAYOUT:
        loan = claims.in_state(state, by=make.officer(), boss=make.manager(), organisation=gone)
    else:
        loan = make.walked(state, 2_000, organisation=gone)
    before = (loan.number, loan.state, loan.amount, loan.committed, loan.outstanding)
    merge(kept, gone, boss)
    loan.refresh_from_db()
    assert (loan.number, loan.state, loan.amount, loan.committed, loan.outstanding) == before
    assert (loan.organisation, loan.decision.organisation) == (kept, kept)
    assert {row.pk for row in panels.of_organisation(boss, kept)["loans"]} == {own.pk, loan.pk}
    assert merging.count_references(gone) == []
    assert Merge.objects.get().moved["loans.Loan"] == 1
    assert consistency.differences(loan.fund) == []
    client.force_login(boss)
    page = client.get(reverse("register:organisation", args=[kept.public_id])).content.decode()
    assert loan.number in page and own.number in page


def test_loans_follow_their_contact_person(boss):
    kept, gone = base.person(), base.person(with_pesel=False)
    loan = make.walked("active", person=gone)
    merge(kept, gone, boss)
    assert Loan.objects.get(pk=loan.pk).person == kept
    assert Decision.objects.get(loan=loan).person == kept
    assert Merge.objects.get().moved == {"loans.Decision": 1, "loans.Loan": 1, "register.Person_units": 1}


def test_a_decision_that_was_merged_still_makes_its_loan(boss):
    """Between the decision and the loan the organisation is merged: both name the one that stays."""
    kept, gone = base.organisation(), base.organisation(nip="")
    decision = make.decided(organisation=gone)
    merge(kept, gone, boss)
    decision.refresh_from_db()
    loan = granting.grant(decision, by=boss, unit=boss.unit, officer=decision.prepared_by)
    assert loan.organisation == kept


def test_a_loan_goes_on_after_the_merge(boss):
    kept, gone = base.organisation(), base.organisation(nip="")
    officer = make.officer()
    loan = make.walked("ready", organisation=gone, by=officer, boss=boss)
    merge(kept, gone, boss)
    loan.refresh_from_db()
    make.tranche_paid(loan, by=officer, boss=boss)
    assert move(loan, "activate", by=boss).state == "active"


# The dossier


def sections(person):
    return {section.order: section.collect(person) for section in registry.dossier_sections()}


def test_a_contact_person_is_told_of_their_loans():
    person = base.person(first_name="Jan", last_name="ŁĄKA")  # as typed in the application
    loan = make.walked("active", person=person)
    make.granted()  # somebody else's
    told = sections(person)
    ((row,), (decision,), (application,)) = (told[order] for order in (75, 76, 77))
    assert row["Numer"] == loan.number
    assert row["Organizacja"] == str(loan.organisation)
    assert row["Stan"] == {"code": "active", "label": "wypłacona"}
    assert decision["We wniosku"] == loan.decision.review.application.number
    assert application["Numer"] == loan.decision.review.application.number
    other = base.person()  # whom somebody chose in the register in place of the one who was typed
    decided = make.granted().decision
    Decision.objects.filter(pk=decided.pk).update(person=other)
    Loan.objects.filter(decision=decided).update(person=other)
    assert (len(sections(other)[75]), sections(other)[77]) == (1, [])


def test_nothing_of_the_organisation_s_money_stands_in_a_dossier():
    person = base.person()
    loan = make.walked("active", 12_345, person=person)
    told = {order: rows for order, rows in sections(person).items() if order in (75, 76)}
    text = json.dumps(told, ensure_ascii=False)
    assert "12345" not in text and loan.securities.get().description not in text
    assert sections(base.person())[75] == []
