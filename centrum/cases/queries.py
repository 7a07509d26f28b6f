"""What is read of cases and services; every read of a person's data begins at `visible_…`."""

from centrum.cases.models import Case, Service
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope


def visible_cases(user):
    """Cases of the projects in which `user` works and, save for the lead's wide roles, of their own unit."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return Case.objects.none()
    cases = Case.objects.filter(project__in=user.projects.values("pk"))
    units = unit_scope(user)
    return cases if units is None else cases.filter(unit__in=units)


def visible_services(user):
    """Services of the cases that `user` sees."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return Service.objects.none()
    services = Service.objects.filter(case__project__in=user.projects.values("pk"))
    units = unit_scope(user)
    return services if units is None else services.filter(case__unit__in=units)
