"""Statuses of social enterprise, links, contacts and bank accounts, written as rows."""

import datetime
import itertools

from stdnum import iban as iban_rules

from centrum.register.enums import Aim, LinkKind, Regime
from centrum.register.models import BankAccount, Contact, EnterpriseStatus, UndertakingLink
from tests.factories import base

_counter = itertools.count(1)
SINCE = datetime.date(2024, 3, 1)


def status(organisation=None, **data):
    n = next(_counter)
    return EnterpriseStatus.objects.create(
        **{
            "organisation": organisation or base.organisation(),
            "regime": Regime.ACT_2022,
            "aim": Aim.REINTEGRATION,
            "decision_no": f"PS-{n}/2024",
            "decision_on": SINCE,
            "voivode": "Wojewoda Lubuski",
            "valid_from": SINCE,
            **data,
        }
    )


def link(holder, held, **data):
    return UndertakingLink.objects.create(
        **{
            "organisation": holder,
            "other": held,
            "kind": LinkKind.MAJORITY,
            "valid_from": SINCE,
            "source": "KRS",
            **data,
        }
    )


def contact(organisation=None, **data):
    return Contact.objects.create(
        **{
            "organisation": organisation or base.organisation(),
            "person": data.pop("person", None) or base.person(),
            "role": "prezes",
            "valid_from": SINCE,
            **data,
        }
    )


def iban():
    """A valid invented account number of a bank that is not there."""
    rest = f"99990001{next(_counter):016d}"
    return f"PL{iban_rules.calc_check_digits(f'PL00{rest}')}{rest}"


def account(organisation=None, **data):
    owner = {} if "person" in data else {"organisation": organisation or base.organisation()}
    return BankAccount.objects.create(**{"iban": iban(), "valid_from": SINCE, **owner, **data})


def tied():
    """An organisation with one status, link, contact and account."""
    made = base.organisation()
    status(made)
    link(made, base.organisation())
    contact(made)
    account(made)
    return made
