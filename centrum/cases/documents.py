"""What is printed: the service card as PDF, set by typst."""

from decimal import Decimal

from django.utils.translation import gettext as _

from centrum.cases.enums import Confirmation, HourKind
from centrum.cases.queries import teaching_hours
from centrum.kit import paper
from centrum.kit.polish import date_long, datetime_short, hours, nbsp_words, number, time_range


def service_card(service, recipients):
    """The service card (karta usługi) in the language in force, naming `recipients`: participations that took part."""
    return paper.pdf("service_card.typ", _card(service, recipients))


def _card(service, recipients):
    case, kind = service.case, service.service_type
    recipients = [str(participation.person) for participation in recipients]
    length = _("%(clock)s (%(clock_hours)s clock hours, %(teaching_hours)s teaching hours); counted: %(kind)s") % {
        "clock": hours(service.minutes),
        "clock_hours": number(Decimal(service.minutes) / HourKind.CLOCK, places=2),
        "teaching_hours": number(teaching_hours(service.minutes), places=2),
        "kind": service.get_hour_kind_display(),
    }
    facts = [
        (_("Project"), f"{case.project.number} – {case.project.title}"),
        (_("Case"), case.number),
        (_("Client"), case.client),
        (_("Who took part"), ", ".join(recipients)),
        (_("Service"), f"{kind} – {kind.get_group_display()}"),
        (_("Adviser"), ", ".join(filter(None, (str(service.adviser), service.adviser_job)))),
        (_("Budget line"), service.budget_line),
        (_("Date and time"), f"{date_long(service.date)}, {time_range(service.starts_at, service.ends_at)}"),
        (_("Length"), length),
        (_("Form and place"), ", ".join(filter(None, (service.get_form_display(), service.place)))),
        (_("Travel time"), hours(service.travel_minutes) if service.travel_minutes else ""),
        (_("State"), service.get_state_display()),
        (_("Corrects the card"), service.corrects.number if service.corrects else ""),
    ]
    texts = [
        (_("Topic"), service.topic),
        (_("Course"), service.course),
        (_("Recommendations"), service.recommendations),
        (_("Next step"), service.next_step),
    ]
    return {
        "title": _("Service card %(number)s") % {"number": service.number},
        "subtitle": case.client,
        "facts": [{"label": label, "value": nbsp_words(value)} for label, value in facts if value],
        "texts": [{"label": label, "value": value} for label, value in texts if value],
        "confirmation": "\n".join(_stamps(service)),
        "signatures": [_("date and signature of the client"), _("date and signature of the adviser")],
    }


def _stamps(service):
    if service.confirmed_at:
        how = Confirmation(service.confirmed_how).label
        yield _("Confirmed by %(name)s, %(when)s, %(how)s.") % {
            "name": service.confirmed_by,
            "when": datetime_short(service.confirmed_at),
            "how": how,
        }
    else:
        yield _("I confirm that this service took place as written above.")
    if service.approved_at:
        yield _("Approved by %(name)s, %(when)s.") % {
            "name": service.approved_by,
            "when": datetime_short(service.approved_at),
        }
