"""Tables of the staff room, one noun a file."""

from centrum.staff.models.accounts import Unit, User
from centrum.staff.models.authorisations import Authorisation, Delegation
from centrum.staff.models.signing import RecoveryCode, SecondFactor, SignInAttempt

__all__ = ["Authorisation", "Delegation", "RecoveryCode", "SecondFactor", "SignInAttempt", "Unit", "User"]
