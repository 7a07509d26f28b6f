"""Who may come to an event: what the enrolment declares is asked here; the staff check it against the register."""

from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused
from trainings.enums import SeatKind


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
