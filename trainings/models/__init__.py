from trainings.models.applications import EnrolmentApplication, GroupEnrolmentApplication, GroupParticipant
from trainings.models.attendance import Approval, Attendance
from trainings.models.certificates import Certificate, CertificateVersion
from trainings.models.costs import Cost, RoomRate, TrainerContract
from trainings.models.enrolments import AccessNeeds, Enrolment, NoticeSent
from trainings.models.events import Event, SeatGroup, Session, Teaching
from trainings.models.guesses import CaseGuess
from trainings.models.people import Room, Trainer, Venue
from trainings.models.programmes import Programme
from trainings.models.surveys import Answer, Option, Question, Response, Survey, Ticket

__all__ = [
    "AccessNeeds",
    "Answer",
    "Approval",
    "Attendance",
    "CaseGuess",
    "Certificate",
    "CertificateVersion",
    "Cost",
    "Enrolment",
    "EnrolmentApplication",
    "Event",
    "GroupEnrolmentApplication",
    "GroupParticipant",
    "NoticeSent",
    "Option",
    "Programme",
    "Question",
    "Response",
    "Room",
    "RoomRate",
    "SeatGroup",
    "Session",
    "Survey",
    "Teaching",
    "Ticket",
    "Trainer",
    "TrainerContract",
    "Venue",
]
