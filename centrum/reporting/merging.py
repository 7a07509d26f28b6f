"""What merging two people means for their parts in EU projects."""

from django.utils.translation import gettext as _

from centrum.kit.registry import MergeRule
from centrum.register.merging import repoint
from centrum.reporting.enums import ParticipationState

_BEGUN = (ParticipationState.ENTERED, ParticipationState.ENDED)


def _in_same_project(kept, gone):
    """Pairs (part of the one that stays, part of the one that goes) in the projects of both."""
    mine = {part.project_id: part for part in kept.participations.select_related("project")}
    return [(mine[part.project_id], part) for part in gone.participations.all() if part.project_id in mine]


def obstacles(kept, gone):
    return [
        _("Both have entered the project %(project)s: SM EFS counts two people. Correct it there and here first.")
        % {"project": mine.project}
        for mine, other in _in_same_project(kept, gone)
        if mine.state in _BEGUN and other.state in _BEGUN
    ]


def fold(kept, gone):
    """A person has one part in a project: the one that has begun stays, what belongs to the other goes along."""
    for mine, other in _in_same_project(kept, gone):
        stays, goes = (other, mine) if other.state in _BEGUN else (mine, other)
        repoint(stays, goes)
        goes.delete()


PEOPLE = MergeRule("register.Person", obstacles, fold, unlock=("reporting.Participation:snapshot_frozen",))
