from partners.models.joining import JoinApplication
from partners.models.members import Membership, MembershipCompetence, Representative
from partners.models.partnerships import Area, Competence, Partnership
from partners.models.programme import Milestone, Objective, Task

__all__ = [
    "Area",
    "Competence",
    "JoinApplication",
    "Membership",
    "MembershipCompetence",
    "Milestone",
    "Objective",
    "Partnership",
    "Representative",
    "Task",
]
