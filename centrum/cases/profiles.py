"""The register of services (rejestr usług): a file that people open in Excel."""

import datetime

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from centrum.cases.enums import Confirmation, ServiceForm, ServiceState
from centrum.cases.models import Service
from centrum.cases.queries import visible_services
from centrum.kit.clock import WARSAW
from centrum.kit.exports import Date, Profile, Resource, Text, label
from centrum.kit.models import StateChange
from centrum.register.enums import PesType
from centrum.staff.enums import Right

# approved once; a correction later does not undo the older registers
_APPROVED = (ServiceState.APPROVED, ServiceState.CORRECTED)


def _to_char(source, pattern):
    return Func(source, Value(pattern), function="to_char", output_field=TextField())


def _kind_of_client(file):
    with translation.override("pl"):
        person = str(_("person"))
    return Case(
        When(case__organisation=None, then=Value(person)),
        default=label("case__organisation__pes_type", PesType)(file),
        output_field=TextField(),
    )


def _hours(_file):
    """Hours of the kind on the card (45 or 60 minutes) with two places and a decimal comma, e.g. 1,50."""
    hours = ExpressionWrapper(F("minutes") * 1.0 / F("hour_kind"), output_field=FloatField())
    hours = Func(hours, template="%(expressions)s::numeric")
    return Func(_to_char(hours, "FM99990.00"), Value("."), Value(","), function="replace", output_field=TextField())


def _confirmation(file):
    """How the client confirmed and on what day, e.g. "przez link, 2026-11-23"."""
    there = Func(Value(str(WARSAW)), F("confirmed_at"), function="timezone", output_field=DateTimeField())
    return Concat(
        label("confirmed_how", Confirmation)(file),
        Value(", "),
        _to_char(there, "YYYY-MM-DD"),
        output_field=TextField(),
    )


class ServicesRegister(Resource):
    number = Text("number", column_name="Nr karty")
    date = Date("date", column_name="Data")
    starts_at = Text(_to_char(F("starts_at"), "HH24:MI"), column_name="Od")
    ends_at = Text(_to_char(F("ends_at"), "HH24:MI"), column_name="Do")
    hours = Text(_hours, column_name="Liczba godzin")
    client = Text("case__client", column_name="Klient")
    nip = Text("case__organisation__nip", column_name="NIP")
    client_kind = Text(_kind_of_client, column_name="Rodzaj klienta")
    service = Text(
        Concat("service_type__group", Value(". "), "service_type__label", output_field=TextField()),
        column_name="Usługa",
    )
    form = Text(label("form", ServiceForm), column_name="Forma")
    adviser = Text(
        Concat("adviser__first_name", Value(" "), "adviser__last_name", output_field=TextField()), column_name="Doradca"
    )
    adviser_job = Text("adviser_job", column_name="Rola")
    budget_line = Text("budget_line", column_name="Zadanie budżetowe")
    confirmation = Text(_confirmation, column_name="Potwierdzenie klienta")

    class Meta:
        export_order = (
            "number", "date", "starts_at", "ends_at", "hours", "client", "nip", "client_kind", "service", "form",
            "adviser", "adviser_job", "budget_line", "confirmation",
        )  # fmt: skip


def _approved(project, day, by):
    """Services approved by the end of `day` and not corrected by then."""
    services = Service.objects.all() if by is None else visible_services(by)
    end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min, WARSAW)
    corrected = StateChange.objects.filter(
        noun=Service._meta.label_lower, object_id=OuterRef("pk"), target=ServiceState.CORRECTED, at__lt=end
    )
    services = services.filter(case__project=project, state__in=_APPROVED, approved_at__lt=end)
    return services.filter(Q(state=ServiceState.APPROVED) | ~Exists(corrected)).order_by("date", "starts_at", "id")


def _names(pks):
    return {s.pk: (s.number, reverse("cases:service", args=[s.public_id])) for s in Service.objects.filter(pk__in=pks)}


PROFILES = (
    Profile(
        name="services_register",
        label=_("Register of services (for Excel)"),
        right=Right.EXPORT_SERVICES,
        resource=ServicesRegister,
        rows=_approved,
        name_rows=_names,
        machine=False,
    ),
)
