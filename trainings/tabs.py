"""The pages of one event in the back office, in the order of their tabs."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# (URL name, label)
TABS = [
    ("trainings:event", _("Event")),
    ("trainings:participants", _("Participants")),
    ("trainings:attendance", _("Attendance")),
    ("trainings:surveys", _("Tests and surveys")),
    ("trainings:certificates", _("Certificates")),
    ("trainings:costs", _("Costs")),
]


def tabs_of(event, current):
    """[{url, label, current}] for the head of a page of the event."""
    return [
        {"url": reverse(name, args=[event.public_id]), "label": label, "current": name == current}
        for name, label in TABS
    ]
