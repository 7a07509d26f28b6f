from partners.models.members import Membership, MembershipCompetence, Representative
from partners.models.partnerships import Area, Competence, Partnership

__all__ = ["Area", "Competence", "Membership", "MembershipCompetence", "Partnership", "Representative"]
