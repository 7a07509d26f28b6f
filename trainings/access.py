"""Who may come to an event: what the enrolment declares is asked here; the staff check it against the register."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused
from trainings.enums import SeatKind

# Answers that are asked only where a rule needs them.
RULED = frozenset({"wanted", "declares_pes", "organisation_name", "declares_at_risk", "commune", "case_number"})


def asked(event):
    """Those of RULED that the rules of this event and of its seats ask for."""
    prefetch_related_objects([event], "groups", "communes")
    kinds = {group.kind for group in event.groups.all()}
    by_pes = event.only_pes or SeatKind.PES in kinds
    rules = {
        "wanted": len(kinds) > 1,
        "declares_pes": by_pes,
        "organisation_name": by_pes,
        "declares_at_risk": event.only_at_risk,
        "commune": bool(event.communes.all()),
        "case_number": event.only_clients,
    }
    return {name for name, asks in rules.items() if asks}


def rules_of(event):
    """Who may come, as sentences; none for an event that is open to all."""
    prefetch_related_objects([event], "communes")
    names = ", ".join(commune.name for commune in event.communes.all())
    rules = (
        (event.only_pes, _("For social economy entities and their people.")),
        (event.only_at_risk, _("For people at risk of exclusion. We ask whether you belong to a group, never which.")),
        (event.only_clients, _("For people who have a case at the Centre. You will need its number.")),
        (names, _("For people from: %(names)s.") % {"names": names}),
    )
    return [words for holds, words in rules if holds]


def must_be_admitted(event, group, *, declares_pes=False, declares_at_risk=False, commune=None, case=None, **_person):
    """Raise Refused, naming the field, unless the person meets the rules of the event and of the group of seats."""
    if (event.only_pes or group.kind == SeatKind.PES) and not declares_pes:
        raise Refused({"declares_pes": _("These seats are for social economy entities and their people.")})
    if event.only_at_risk and not declares_at_risk:
        raise Refused({"declares_at_risk": _("This event is for people at risk of exclusion.")})
    if event.only_clients and case is None:
        raise Refused({"case_number": _("This event is for people who have a case at the Centre.")})
    communes = list(event.communes.all())
    if communes and commune not in communes:
        names = ", ".join(one.name for one in communes)
        raise Refused({"commune": _("This event is for people from: %(names)s.") % {"names": names}})
