"""Partnerships and their members, made through the services."""

import datetime

from centrum.kit import clock
from centrum.staff.enums import Role
from partners import agreements, meetings, services
from partners.models import Competence
from tests.factories import base
from tests.factories.files import upload

FOUNDED = datetime.date(2024, 1, 15)
SIGNED = datetime.date(2026, 2, 2)
AGREEMENT_WAY = {"draft": [], "signed": ["sign"], "terminated": ["sign", "terminate"], "dropped": ["drop"]}
WAY = {
    "idea": [],
    "forming": ["form"],
    "agreed": ["form", "agree"],
    "active": ["form", "agree", "start"],
    "suspended": ["form", "agree", "start", "suspend"],
    "ended": ["form", "agree", "start", "end"],
}


def keeper(unit_=None):
    return base.user(Role.ADVISER, **({"unit_": unit_} if unit_ else {}))


def partnership(state="active", *, by=None, **fields):
    """A partnership that came to `state` the usual way."""
    by = by or keeper()
    fields = {"name": "Partnerstwo nad Wołogoszczą", "kind": "local", "purpose": "Wspólne miejsca pracy."} | fields
    row = services.create_partnership(by=by, unit=by.unit, coordinator=by, **fields)
    needs = {
        "agree": {"founded_on": FOUNDED},
        "suspend": {"reason": "Przerwa."},
        "end": {"ended_on": datetime.date(2026, 1, 31), "reason": "Cel osiągnięty."},
    }
    for action in WAY[state]:
        row = services.step(row, action, by=by, **needs.get(action, {}))
    return row


def member(row, *, by, organisation=None, role="partner", valid_from=FOUNDED, competences=()):
    brought = Competence.objects.filter(code__in=competences)
    return services.add_member(
        row,
        by=by,
        organisation=organisation or base.organisation(),
        role=role,
        valid_from=valid_from,
        competences=brought,
    )


def hour(days=7, hour=10):
    """An instant some days from today, on the Warsaw clock."""
    day = clock.today() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour), clock.WARSAW)


def meeting(row, *, by, days=7, **fields):
    """A planned meeting of a partnership from 10 to 12, in a week unless told otherwise."""
    given = {"kind": "meeting", "title": "Spotkanie", "place": "Dobiegniew"}
    given |= {"starts_at": hour(days), "ends_at": hour(days, 12)} | fields
    return meetings.plan(row, by=by, **given)


def joining_pages(**changes):
    """{slug of the page: what is typed there} of an application to join a partnership, or to begin one."""
    typed = {
        "cel": {"partnership": "", "purpose": "Wspólna stołówka.", "brings": "Lokal z kuchnią."},
        "organizacja": {
            "name": "Fundacja Bór",
            "pes_type": "ngo",
            "legal_form": "foundation",
            "nip": base.nip(),
        },
        "miejsce": {"locality": "Dobiegniew", "commune": ""},
        "kontakt": {
            "contact_first_name": "Żaneta",
            "contact_last_name": "Łoś",
            "email": "bor@example.org",
            "phone": "",
        },
    }
    for name, value in changes.items():
        next(page for page in typed.values() if name in page)[name] = value
    return typed


def representative(member, *, by, valid_from=FOUNDED, signs=True, person=None, **who):
    """Somebody with power to sign for the member."""
    person = person or base.person(**who)
    return services.add_representative(member, by=by, person=person, valid_from=valid_from, signs=signs)


def agreement(row, state="draft", *, by, members=1, total=None, shares=None, **fields):
    """An agreement of the partnership that came to `state` the usual way, with `members` that sign.

    `shares`: amounts of those members.
    """
    fields = {"kind": "partnership", "title": "Umowa partnerstwa", "valid_from": SIGNED} | fields
    made = agreements.draft(row, by=by, **fields)
    joined = [member(row, by=by) for _number in range(members)]
    for one in joined:
        agreements.add_signatory(made, by=by, representative=representative(one, by=by))
    if total is not None:
        paid = dict(zip(joined, shares or [], strict=bool(shares)))
        made = agreements.set_shares(made, by=by, total=total, shares=paid)
    for action in AGREEMENT_WAY[state]:
        made = agreements.step(made, action, by=by, **agreement_needs(action))
    return made


def agreement_needs(action):
    """What a step of an agreement asks for."""
    return {
        "sign": {"signed_on": SIGNED, "file": upload(name="umowa.pdf")},
        "terminate": {"terminated_on": datetime.date(2026, 3, 1), "reason": "Partner się wycofał."},
        "drop": {"reason": "Partnerzy się nie zgodzili."},
    }[action]
