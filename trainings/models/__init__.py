from trainings.models.enrolments import AccessNeeds, Enrolment, NoticeSent
from trainings.models.events import Event, SeatGroup, Session, Teaching
from trainings.models.people import Room, Trainer, Venue
from trainings.models.programmes import Programme

__all__ = [
    "AccessNeeds",
    "Enrolment",
    "Event",
    "NoticeSent",
    "Programme",
    "Room",
    "SeatGroup",
    "Session",
    "Teaching",
    "Trainer",
    "Venue",
]
