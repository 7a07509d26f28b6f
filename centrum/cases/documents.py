"""What is printed: the service card as PDF, set by typst."""

import json
from decimal import Decimal

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from centrum.cases.enums import Confirmation, HourKind
from centrum.cases.queries import teaching_hours
from centrum.kit.polish import date_long, datetime_short, hours, nbsp_words, number, time_range

TEMPLATES = settings.BASE_DIR / "templates" / "typst"


def service_card(service):
    """The service card (karta usługi) in the language in force: PDF/UA, tagged, all typed text set literally."""
    return _compile("service_card.typ", _card(service))


def _compile(template, data):
    # `typst.compile` and no shared Compiler: that one may not be used by two threads.
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def _house():
    contact = settings.CONTACT
    return {
        "name": _("Social Economy Centre"),
        "address": f"{contact['name']}, {contact['address']}",
        "contact": "\n".join(filter(None, (contact["phone"], contact["email"]))),
        "eu": _("Co-financed by the European Union · European Funds for Lubuskie"),
    }


def _card(service):
    case, kind = service.case, service.service_type
    recipients = [str(p.person) for p in service.recipients.select_related("person").order_by("pk")]
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
        "lang": get_language()[:2],
        "title": _("Service card %(number)s") % {"number": service.number},
        "subtitle": case.client,
        "house": _house(),
        "page-of": _("page {page} of {pages}"),
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
