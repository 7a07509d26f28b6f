"""The rows that the bench measures fit the tables of today: a few of each, made as there by the hundred thousand."""

import pytest

from centrum.cases.models import Case, Service
from centrum.intake.models import Application
from centrum.register.models import Organisation, Person
from centrum.reporting.models import Participation, Support
from loans.models import Loan
from partners.models import Partnership
from tests.volume import loan_pages, rows

FIRST, LAST, BODIES = 9_000_001, 9_000_040, 9_001_000


@pytest.mark.django_db(transaction=True)
def test_a_few_rows_of_each_kind():
    at = rows.base()
    for make in (rows.people, rows.organisations):
        make(FIRST, BODIES, at)  # a partnership takes its members from a thousand
    rows.identify(FIRST, LAST)
    rows.participations(FIRST, LAST, at)
    rows.supports(FIRST, LAST, 2)
    rows.cases(FIRST, LAST, at)
    rows.services(40, at)
    rows.partnerships(1, 3, FIRST, at)
    loan_pages.loans(FIRST, LAST, at)
    rows.applications(LAST + 1, LAST + 40, at)
    made = {model: model.objects.count() for model in (Participation, Support, Case, Service, Loan, Partnership)}
    assert made == {Participation: 40, Support: 80, Case: 40, Service: 40, Loan: 40, Partnership: 3}
    assert {model.objects.filter(pk__range=(FIRST, BODIES)).count() for model in (Organisation, Person)} == {1_000}
    assert Application.objects.count() == 80  # half of them for the loans
