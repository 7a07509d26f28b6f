"""Signing in during the last days, a stranger at the door, and an invitation that waits."""

import datetime

from centrum.kit import clock
from centrum.staff import services, signing
from centrum.staff.enums import Outcome, Role, Step
from centrum.staff.origins import Origin

OFFICE = Origin("192.0.2.10", "Firefox, Windows")
HOME = Origin("198.51.100.23", "Chrome, Android")
STRANGER = Origin("203.0.113.66", "Chrome, Linux")


def tell(demo):
    last = demo.moment(datetime.date(2026, 11, 20), 8, 8)
    for days in (3, 2, 1, 0):
        for number, user in enumerate(demo.staff.values()):
            at = last - datetime.timedelta(days=days) + datetime.timedelta(minutes=3 * number)
            origin = HOME if (number + days) % 5 == 0 else OFFICE
            if (number + days) % 4 == 0:  # a slip of the finger
                _try(user.email, at, origin, passed=False)
            _try(user.email, at + datetime.timedelta(minutes=1), origin, passed=True)
            if number % 3 == 0:
                _try(user.email, at + datetime.timedelta(hours=2), origin, passed=True, step=Step.CONFIRMATION)
    for minute in range(7):  # the last two are blocked
        _try("kierownik@demo.example", last + datetime.timedelta(hours=14, minutes=minute), STRANGER, passed=False)
    with clock.at(last - datetime.timedelta(days=1)):
        services.create_account(
            by=demo.staff["administrator"],
            email="nowa@demo.example",
            first_name="Zofia",
            last_name="Nowicka",
            role=Role.ADVISER,
            unit=demo.units["swmp"],
            job="doradczyni zawodowa",
        )


def _try(email, at, origin, *, passed, step=Step.PASSWORD):
    with clock.at(at):
        attempt = signing.write(step=step, email=email, origin=origin)
        if attempt.outcome == Outcome.PENDING:
            signing.finish(attempt, passed=passed)
