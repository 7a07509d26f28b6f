from partners.models.agreements import Agreement, AgreementShare, AgreementSignatory, AgreementVersion
from partners.models.joining import JoinApplication
from partners.models.meetings import Commitment, Decision, Invitation, Meeting, Minutes
from partners.models.members import Membership, MembershipCompetence, Representative
from partners.models.partnerships import Area, Competence, Partnership
from partners.models.programme import Milestone, Objective, Task

__all__ = [
    "Agreement",
    "AgreementShare",
    "AgreementSignatory",
    "AgreementVersion",
    "Area",
    "Commitment",
    "Competence",
    "Decision",
    "Invitation",
    "JoinApplication",
    "Meeting",
    "Membership",
    "MembershipCompetence",
    "Milestone",
    "Minutes",
    "Objective",
    "Partnership",
    "Representative",
    "Task",
]
