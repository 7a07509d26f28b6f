"""What merging two clients means for their cases."""

from django.utils.translation import gettext as _

from centrum.cases.enums import CASE_OPEN
from centrum.cases.models import Case
from centrum.kit.registry import MergeRule


def _own(client):
    """Cases of which a person or organisation is the client."""
    if client._meta.label == "register.Organisation":
        return Case.objects.filter(organisation=client)
    return Case.objects.filter(person=client, organisation=None)


def obstacles(kept, gone):
    mine = {case.project_id: case for case in _own(kept).filter(state__in=CASE_OPEN)}
    others = _own(gone).filter(state__in=CASE_OPEN, project__in=mine).order_by("number")
    return [
        _("Both have an open case in one project: %(one)s and %(other)s. Close one of them first.")
        % {"one": mine[case.project_id], "other": case}
        for case in others
    ]


def fold(kept, gone):
    """Lists show cases under the name of the client."""
    _own(gone).update(client=str(kept))


RULES = (MergeRule("register.Person", obstacles, fold), MergeRule("register.Organisation", obstacles, fold))
