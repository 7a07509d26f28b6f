"""The rule “one's own case”: the number of an open case and the surname of its client or a participant.

A right pair tells that somebody is a client of the Centre, so wrong ones are limited in number.
"""

import datetime

from django.db import transaction
from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from centrum.cases.enums import CASE_OPEN
from centrum.cases.models import Case
from centrum.kit import clock, crypto, parameters
from centrum.kit.search import PlFold
from centrum.kit.transitions import Refused
from centrum.register.models import Person
from trainings.models import CaseGuess, Event


def case_of(event, number, last_name):
    """The case of this number and surname. Raises Refused for `case_number`, for any pair after too many wrong ones."""
    with transaction.atomic():
        Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
        now = clock.now()
        tried = CaseGuess.objects.filter(event=event, at__gt=now - datetime.timedelta(hours=1))
        closed = tried.count() >= parameters.whole("training-case-guesses")
        case = None if closed else _open_case(number, last_name)
        if not closed and case is None:
            CaseGuess.objects.filter(at__lt=now - datetime.timedelta(days=1)).delete()
            pair = crypto.blind_index(f"{number.strip().upper()}|{last_name.casefold()}", purpose="trainings.guess")
            CaseGuess.objects.get_or_create(event=event, pair=pair, defaults={"at": now})
    if closed:
        words = _("Too many wrong numbers were typed for this event. Try again in an hour, write or call us.")
        raise Refused({"case_number": words})
    if case is None:
        raise Refused({"case_number": _("This number and this surname do not go together. Check both.")})
    return case


def _open_case(number, last_name):
    case = Case.objects.filter(number=number.strip().upper(), state__in=CASE_OPEN).first()
    if case is None:
        return None
    people = Person.objects.filter(Q(pk=case.person_id) | Q(participations__cases=case))
    folded = people.annotate(folded=PlFold(F("last_name"))).filter(folded=PlFold(Value(last_name)))
    return case if folded.exists() else None
