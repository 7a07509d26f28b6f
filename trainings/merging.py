"""What merging two people means for their enrolments. Those from an organisation just follow it: there may be many."""

from django.utils.translation import gettext as _

from centrum.kit.registry import MergeRule
from trainings.enums import ENROLLED, EVENT_OPEN
from trainings.models import Enrolment


def _doubled(kept, gone):
    """Enrolments of `gone` in events in which `kept` is enrolled too."""
    mine = Enrolment.objects.filter(person=kept, state__in=ENROLLED).order_by().values("event")
    rows = Enrolment.objects.filter(person=gone, state__in=ENROLLED, event__in=mine)
    return rows.select_related("event").order_by("event__starts_on", "pk")


def obstacles(kept, gone):
    """One person has one seat: while the event goes on, the staff say which of the two enrolments is cancelled."""
    return [
        _("Both are enrolled in “%(event)s” (%(number)s). Cancel one of the enrolments first.")
        % {"event": row.event, "number": row.event.number}
        for row in _doubled(kept, gone).filter(event__state__in=EVENT_OPEN)
    ]


def fold(kept, gone):
    """In an event that is over both rows stay as they were typed; the second one loses its link to the register."""
    for row in _doubled(kept, gone):
        row.person = row.case = None
        row.save(update_fields=["person", "case"])


RULES = (MergeRule("register.Person", obstacles, fold),)
