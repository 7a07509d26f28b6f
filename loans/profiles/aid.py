"""Files of de minimis aid of a period: the register, a draft for SHRIMP, the certificates issued.

States are those that had been noted by the end of the last day, so a file of a day that is over says the same again;
names and numbers of organisations stand as they are now. The columns of the draft are those that the regulation on
reporting aid names (day, values, form, purpose, legal basis, beneficiary); the layout that SHRIMP takes is not known to
us, so what a person types from it is checked by a person.
"""

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.columns import after, midnight
from centrum.kit.exports import Date, Profile, Resource, Text, label
from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from centrum.register.enums import LegalForm
from centrum.register.models import Activity
from centrum.staff.enums import Right
from loans.deminimis.queries import visible_grants
from loans.enums import BY_HAND, AidInstrument, AidMethod, AidState, FirmSize
from loans.models import AidCertificate, AidGrant
from loans.profiles.columns import Amount, state_on

RATE = "FM99990.0000"


def _on(rows, day):
    """Entries that were granted by the end of a day, each with its state then."""
    by_two = Q(instrument__in=BY_HAND) | Q(corrects__isnull=False)
    begun = Case(When(by_two, then=Value(AidState.PREPARED)), default=Value(AidState.GRANTED))
    then = Coalesce(NullIf(state_on(noun_of(AidGrant), day, ""), Value("")), begun, output_field=TextField())
    return rows.filter(confirmed_at__lt=after(day)).annotate(state_then=then)


def _of(by):
    return AidGrant.objects.all() if by is None else visible_grants(by)


# The register


class Register(Resource):
    granted_on = Date("granted_on", column_name="Dzień udzielenia")
    organisation = Text("organisation__name", column_name="Beneficjent")
    nip = Text("organisation__nip", column_name="NIP")
    instrument = Text(label("instrument", AidInstrument), column_name="Co daje pomoc")
    number = Text(
        lambda _file: Coalesce("loan__number", "guarantee__number", "reference"), column_name="Umowa lub zdarzenie"
    )
    annex = Text("annex__number", column_name="Aneks")
    state = Text(label("state_then", AidState), column_name="Stan na dzień")
    nominal = Amount("nominal", column_name="Wartość nominalna (zł)")
    pln = Amount("pln", column_name="Wartość brutto (zł)")
    eur = Amount("eur", column_name="Wartość brutto (EUR)")
    rate = Amount("eur_rate__rate", pattern=RATE, column_name="Kurs EUR")
    table = Text("eur_rate__table", column_name="Tabela NBP")
    used = Amount("used", column_name="Wykorzystano wcześniej (EUR)")
    method = Text(label("calculation__method", AidMethod), column_name="Sposób obliczenia")
    base = Amount(lambda _file: F("calculation__base_rate__rate") * 100, pattern=RATE, column_name="Stopa bazowa (%)")
    margin = Text("calculation__margin__points", column_name="Marża (pkt bazowe)")
    discount = Amount(lambda _file: F("calculation__discount") * 100, pattern=RATE, column_name="Stopa dyskontowa (%)")
    certificate = Text("certificate__number", column_name="Zaświadczenie")

    class Meta:
        export_order = (
            "granted_on", "organisation", "nip", "instrument", "number", "annex", "state", "nominal", "pln", "eur",
            "rate", "table", "used", "method", "base", "margin", "discount", "certificate",
        )  # fmt: skip


def _register(since, day, by):
    rows = _on(_of(by), day).filter(granted_on__gte=since.first, granted_on__lte=day)
    return rows.order_by("granted_on", "pk")


# SHRIMP


def _what(_file):
    """Whether it is new, a correction of what was reported, or has to be withdrawn."""
    return Case(
        When(state_then=AidState.CANCELLED, then=Value("anulowanie")),
        When(corrects__shrimp__gt="", then=Value("korekta")),
        default=Value("nowa pomoc"),
        output_field=TextField(),
    )


def _known_as(_file):
    """The number in SHRIMP of what is corrected or withdrawn."""
    return Case(
        When(state_then=AidState.CANCELLED, then=F("shrimp")),
        When(corrects__shrimp__gt="", then=F("corrects__shrimp")),
        default=Value(""),
        output_field=TextField(),
    )


def _size(_file):
    """As the application on which it was granted says; empty without one."""
    asked = "decision__review__application"
    of_loan = label(f"loan__{asked}__loan_application__size", FirmSize)(None)
    of_guarantee = label(f"guarantee__{asked}__guarantee_application__size", FirmSize)(None)
    return Coalesce(NullIf(of_loan, Value("")), of_guarantee)


def _pkd(_file):
    """The main activity in the newest version of the classification."""
    main = Activity.objects.filter(organisation=OuterRef("organisation"), main=True).order_by("-version")
    return Subquery(main.values("pkd__code")[:1])


class Shrimp(Resource):
    what = Text(_what, column_name="Rodzaj zgłoszenia")
    known_as = Text(_known_as, column_name="Dotyczy numeru w SHRIMP")
    nip = Text("organisation__nip", column_name="NIP beneficjenta")
    organisation = Text("organisation__name", column_name="Nazwa beneficjenta")
    teryt = Text("organisation__commune__teryt", column_name="TERYT gminy")
    legal_form = Text(label("organisation__legal_form", LegalForm), column_name="Forma prawna")
    size = Text(_size, column_name="Wielkość")
    pkd = Text(_pkd, column_name="Klasa PKD")
    basis = Text("kind__legal_basis", column_name="Podstawa prawna")
    programme = Text("kind__programme", column_name="Program")
    granted_on = Date("granted_on", column_name="Dzień udzielenia pomocy")
    nominal = Amount("nominal", column_name="Wartość nominalna (zł)")
    pln = Amount("pln", column_name="Wartość brutto (zł)")
    eur = Amount("eur", column_name="Wartość brutto (EUR)")
    form = Text("kind__form_code", column_name="Forma pomocy (kod)")
    purpose = Text("kind__purpose_code", column_name="Przeznaczenie pomocy (kod)")
    certificate = Text("certificate__number", column_name="Zaświadczenie")

    class Meta:
        export_order = (
            "what", "known_as", "nip", "organisation", "teryt", "legal_form", "size", "pkd", "basis", "programme",
            "granted_on", "nominal", "pln", "eur", "form", "purpose", "certificate",
        )  # fmt: skip


def _shrimp(since, day, by):
    """What was granted, corrected or, once SHRIMP had been told, cancelled within the period; of what was corrected the
    last value."""
    first = midnight(since.first)
    cancelled = StateChange.objects.filter(
        noun=noun_of(AidGrant),
        object_id=OuterRef("pk"),
        action__in=("cancel", "fall_through"),
        at__gte=first,
        at__lt=after(day),
    )
    rows = _on(_of(by), day)
    rows = rows.filter(Q(state_then=AidState.GRANTED, confirmed_at__gte=first) | Q(Exists(cancelled)) & ~Q(shrimp=""))
    return rows.order_by("granted_on", "pk")


# Certificates


class Certificates(Resource):
    number = Text("number", column_name="Numer")
    issued_on = Date("issued_on", column_name="Wydane dnia")
    organisation = Text("grant__organisation__name", column_name="Beneficjent")
    nip = Text("grant__organisation__nip", column_name="NIP")
    granted_on = Date("grant__granted_on", column_name="Pomoc udzielona dnia")
    pln = Amount("grant__pln", column_name="Wartość brutto (zł)")
    eur = Amount("grant__eur", column_name="Wartość brutto (EUR)")
    invalid_on = Date("invalid_then", column_name="Unieważnione dnia")
    because = Text(
        lambda _file: Case(When(invalid_then__isnull=False, then=F("invalid_because")), output_field=TextField()),
        column_name="Powód",
    )
    digest = Text("file__sha256", column_name="SHA-256 pliku")

    class Meta:
        export_order = (
            "number", "issued_on", "organisation", "nip", "granted_on", "pln", "eur", "invalid_on", "because", "digest",
        )  # fmt: skip


def _certificates(since, day, by):
    rows = AidCertificate.objects.filter(issued_on__gte=since.first, issued_on__lte=day)
    if by is not None:
        rows = rows.filter(grant__in=visible_grants(by).values("pk"))
    return rows.annotate(invalid_then=Case(When(invalid_on__lte=day, then=F("invalid_on")))).order_by("pk")


# Profiles


def _name_grants(pks):
    rows = AidGrant.objects.filter(pk__in=pks).select_related("organisation")
    return {row.pk: (str(row), reverse("loans:aid-grant", args=[row.public_id])) for row in rows}


def _name_certificates(pks):
    rows = AidCertificate.objects.filter(pk__in=pks).select_related("grant").defer("grant__undertaking")
    return {row.pk: (row.number, reverse("loans:aid-grant", args=[row.grant.public_id])) for row in rows}


_OURS = {"subject": "aid", "right": Right.VIEW_LEDGER, "machine": False}
_OF_GRANTS = {**_OURS, "name_rows": _name_grants}
PROFILES = (
    Profile(
        "aid_register",
        _("Register of de minimis aid"),
        resource=Register,
        rows=_register,
        name_rows=_name_grants,
        **_OURS,
    ),
    Profile("aid_shrimp", _("Draft for SHRIMP"), resource=Shrimp, rows=_shrimp, name_rows=_name_grants, **_OURS),
    Profile(
        "aid_certificates",
        _("Certificates issued"),
        resource=Certificates,
        rows=_certificates,
        name_rows=_name_certificates,
        **_OURS,
    ),
)
