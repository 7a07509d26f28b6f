"""Training events of the demo, told in parts through the services."""

from trainings.demo import attendance, costs, enrolments, events, public, surveys


def tell(demo):
    for part in (events, public, enrolments, attendance, costs, surveys):
        part.tell(demo)
