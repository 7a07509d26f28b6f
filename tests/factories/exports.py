"""Participations and supports written as they stand, also such as the services would refuse."""

import datetime
import itertools

from centrum.reporting.enums import ParticipationState
from centrum.reporting.models import Participation, ParticipationSensitive, Support
from tests.factories import base

_sources = itertools.count(1)
SENSITIVE = {
    "foreign_origin": "no",
    "third_country_national": "no",
    "minority": "refused",
    "homeless": "no",
    "disability": "yes",
}


def participation(*, person=None, sensitive=SENSITIVE, **data):
    made = Participation.objects.create(
        **{
            "project": data.pop("project", None) or base.project(),
            "person": person or base.person(),
            "state": ParticipationState.ENTERED,
            "kind": "individual",
            "citizenship": "pl",
            "age_at_entry": 40,
            "education": "isced_3_4",
            "voivodeship": "lubuskie",
            "county": "strzelecko-drezdenecki",
            "commune": "Dobiegniew",
            "locality": "Dobiegniew",
            "postal_code": "66-520",
            "degurba": "3",
            "starts_on": datetime.date(2026, 3, 2),
            "labour_status": "inactive",
            "labour_status_detail": "not_in_education",
            **data,
        }
    )
    if sensitive:
        ParticipationSensitive.objects.create(participation=made, **sensitive)
    return made


def support(participation_, **data):
    return Support.objects.create(
        **{
            "participation": participation_,
            "scope": "social_economy",
            "kind": "advice",
            "detail": "",
            "starts_on": datetime.date(2026, 3, 10),
            "minutes": 90,
            "source": "test",
            "source_id": next(_sources),
            "approved_on": datetime.date(2026, 3, 20),
            **data,
        }
    )
