"""What is done with cases and services. Raises Refused (a rule, in words for the user), Stale, PermissionDenied.

Whoever needs a case and one of its services locks the case first, so no two of these wait for each other.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.cases.enums import CASE_OPEN
from centrum.cases.models import Case
from centrum.kit.clock import today
from centrum.kit.numbering import next_number
from centrum.kit.transitions import Refused
from centrum.register import services as register
from centrum.reporting import services as reporting
from centrum.staff.enums import Right
from centrum.staff.permissions import require


@transaction.atomic
def open_case(*, by, project, unit, person, organisation=None, application=None, adviser=None, opened_on=None):
    """Open the case of a person, or of an organisation for which `person` stands; returns it.

    The person's participation in the project is prepared and joins the case. `opened_on` defaults to today.
    Refused: the project is closed or does not run on that day, the day is in the future, or the client has an
    open case in the project.
    """
    require(by, Right.EDIT_CLIENTS)
    opened_on = opened_on or today()
    if opened_on > today():
        raise Refused({"opened_on": _("A case can't be opened in the future.")})
    if project.closed_on or not project.starts_on <= opened_on <= project.ends_on:
        raise Refused({"project": _("The project %(number)s does not run on that day.") % {"number": project}})
    # The number comes first: its series stays locked, so two who open at once look one after the other.
    number = next_number("SP")
    same = {"organisation": organisation} if organisation else {"organisation": None, "person": person}
    earlier = Case.objects.filter(project=project, state__in=CASE_OPEN, **same).first()
    if earlier:
        raise Refused(_("This client has an open case in the project: %(number)s.") % {"number": earlier})
    for client in filter(None, (person, organisation)):
        register.share(client, unit=unit)
    case = Case.objects.create(
        number=number,
        project=project,
        unit=unit,
        application=application,
        organisation=organisation,
        person=person,
        adviser=adviser,
        client=str(organisation or person),
        opened_on=opened_on,
    )
    case.participations.add(
        reporting.prepare_participation(by=by, project=project, person=person, organisation=organisation)
    )
    return case
