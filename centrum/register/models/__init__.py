"""Tables of the register, one noun a file."""

from centrum.register.models.audits import AuditSample, SampledPerson
from centrum.register.models.enterprise import EnterpriseReport, EnterpriseStatus, Headcount, StatusDuty
from centrum.register.models.merges import Merge
from centrum.register.models.organisations import Activity, Organisation, OrganisationUnit, PkdCode
from centrum.register.models.people import AtRisk, Person, PersonSensitive, PersonUnit, RiskGroup
from centrum.register.models.places import Address, Commune, Locality
from centrum.register.models.requests import DataRequest
from centrum.register.models.ties import BankAccount, Contact, UndertakingLink

__all__ = [
    "Activity",
    "Address",
    "AtRisk",
    "AuditSample",
    "BankAccount",
    "Commune",
    "Contact",
    "DataRequest",
    "EnterpriseReport",
    "EnterpriseStatus",
    "Headcount",
    "Locality",
    "Merge",
    "Organisation",
    "OrganisationUnit",
    "Person",
    "PersonSensitive",
    "PersonUnit",
    "PkdCode",
    "RiskGroup",
    "SampledPerson",
    "StatusDuty",
    "UndertakingLink",
]
