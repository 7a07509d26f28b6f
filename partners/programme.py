"""The programme of a partnership: reads, and what is done with objectives, tasks, indicators and milestones."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.transitions import Refused
from partners.models import Milestone, Objective, Task
from partners.services import lock_kept


def objectives_of(partnership):
    return list(partnership.objectives.order_by("number"))


def tasks_of(partnership):
    """Tasks with who answers for them and their milestones, each with `late`: not reached by its day."""
    tasks = list(
        partnership.tasks.select_related("responsible__organisation").prefetch_related("milestones").order_by("number")
    )
    today = clock.today()
    for task in tasks:
        for milestone in task.milestones.all():
            milestone.late = milestone.reached_on is None and milestone.planned_on < today
    return tasks


def next_number(rows):
    """The number after the greatest of `rows`."""
    return (rows.aggregate(greatest=Max("number"))["greatest"] or 0) + 1


@transaction.atomic
def save_objective(partnership, *, by, number, text, objective=None):
    """Write a new objective, or change `objective`. A number that is taken is refused."""
    row = lock_kept(partnership, by)
    made = objective or Objective(partnership=row)
    made.number, made.text = number, text
    return saving.save(made)


@transaction.atomic
def save_task(partnership, *, by, number, text, responsible=None, task=None):
    """Write a new task, or change `task`; who answers for it is a member of this partnership."""
    row = lock_kept(partnership, by)
    if responsible is not None and responsible.partnership_id != row.pk:
        raise Refused({"responsible": _("Choose a member of this partnership.")})
    made = task or Task(partnership=row)
    made.number, made.text, made.responsible = number, text, responsible
    return saving.save(made)


@transaction.atomic
def save_milestone(task, *, by, name, unit, planned, planned_on, milestone=None):
    """Plan an indicator or milestone of a task, or change what is planned."""
    lock_kept(task.partnership, by)
    made = milestone or Milestone(task=task)
    made.name, made.unit, made.planned, made.planned_on = name, unit, planned, planned_on
    _stamp(made, made.reached_on)
    return saving.save(made)


@transaction.atomic
def note_reached(milestone, *, by, reached, on):
    """Write down how much is reached by a day that is over or today."""
    lock_kept(milestone.task.partnership, by)
    if on > clock.today():
        raise Refused({"on": _("This day has not come yet.")})
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    row.reached = reached
    _stamp(row, on)
    return saving.save(row)


def _stamp(row, on):
    row.reached_on = (on or clock.today()) if row.reached >= row.planned else None
