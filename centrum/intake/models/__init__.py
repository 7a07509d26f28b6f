"""Tables of the intake engine, one noun a file."""

from centrum.intake.models.applications import Application
from centrum.intake.models.attachments import AccessLink, Attachment
from centrum.intake.models.calls import Call
from centrum.intake.models.clauses import Acknowledgement, Clause, Consent, ConsentText
from centrum.intake.models.letters import LetterTemplate
from centrum.intake.models.review import Appeal, CheckAnswer, CompletionRequest, Declaration, Opinion

__all__ = [
    "AccessLink",
    "Acknowledgement",
    "Appeal",
    "Application",
    "Attachment",
    "Call",
    "CheckAnswer",
    "Clause",
    "CompletionRequest",
    "Consent",
    "ConsentText",
    "Declaration",
    "LetterTemplate",
    "Opinion",
]
