"""Participations in each state, and participant files as SM EFS and our own export write them."""

import datetime
import itertools

from centrum.reporting import services
from centrum.reporting.importing.writing import import_participants
from centrum.reporting.layout import DATA_HEADERS, MACHINE_NAMES, SMEFS_HEADERS
from centrum.staff.enums import Role
from tests.factories import base

_counter = itertools.count(1)
DAY = datetime.date(2025, 3, 3)
ANSWERS = {
    "foreign_origin": "no",
    "third_country_national": "no",
    "minority": "refused",
    "homeless": "no",
    "disability": "yes",
}
STATUS = {"labour_status": "unemployed", "labour_status_detail": "unemployed_other"}
EXIT = {"ends_on": datetime.date(2026, 2, 2), "exit_situation": "job_searching", "exit_as_planned": True}


def participation(state="preparing", *, project=None, person=None, by=None, **entry):
    """A participation brought to a state by the services, whole but for the supports."""
    project = project or base.project()
    by = by or base.user(Role.MANAGER, projects=[project])
    person = person or base.person()
    made = services.prepare_participation(by=by, project=project, person=person)
    if state == "cancelled":
        return services.cancel_participation(made, by=by)
    made = services.save_entry(made, by=by, **{**STATUS, **ANSWERS, **entry})
    if state == "preparing":
        return made
    made = services.enter(made, by=by, starts_on=DAY)
    return services.end_participation(made, by=by, **EXIT) if state == "ended" else made


def support(participation_, *, by=None, starts_on=DAY, source_id=None, **data):
    return services.record_support(
        by=by or base.user(Role.MANAGER),
        participation=participation_,
        **{
            "scope": "social_economy",
            "kind": "advice",
            "detail": "",
            "minutes": 60,
            "source": "test",
            **data,
        },
        starts_on=starts_on,
        source_id=source_id or next(_counter),
    )


def row(**cells):
    """Cells of one participant in words, by machine name; those of the PESEL agree with it."""
    birth, sex = cells.pop("birth", datetime.date(1984, 5, 14)), cells.pop("pesel_sex", "f")
    start = datetime.date.fromisoformat(cells.get("project_start", "2025-03-03"))
    age = start.year - birth.year - ((start.month, start.day) < (birth.month, birth.day))
    n = next(_counter)
    return {
        **dict.fromkeys(MACHINE_NAMES, ""),
        "project_no": "FELB.06.10-IZ.00-0007/24",
        "citizenship": "Obywatelstwo polskie",
        "participant_kind": "Indywidualny",
        "first_name": "Łucja",
        "last_name": f"Źródlak-{n}",
        "pesel_or_other_id": base.pesel(birth, sex=sex),
        "no_pesel": "Nie",
        "sex": "Kobieta" if sex == "f" else "Mężczyzna",
        "age_at_entry": str(age),
        "education": "Ponadgimnazjalne (ISCED 3) lub policealne (ISCED 4)",
        "country": "Polska",
        "voivodeship": "lubuskie",
        "county": "strzelecko-drezdenecki",
        "commune": "Dobiegniew",
        "locality": "Dobiegniew",
        "postal_code": "66-520",
        "degurba": "Obszary słabo zaludnione (wiejskie)",
        "phone": "600100200",
        "email": f"lucja{n}@example.org",
        "project_start": "2025-03-03",
        "labour_status": "Osoba bezrobotna",
        "labour_status_detail": "Inne",
        "support_scope": "Wsparcie ekonomii społecznej",
        "support_kind": "doradztwo/konsultacje",
        "support_start": "2025-03-03",
        "foreign_origin": "Nie",
        "third_country_national": "Nie",
        "minority": "Odmowa podania informacji",
        "homeless": "Nie",
        "disability": "Nie",
        **cells,
    }


EXIT_CELLS = {
    "project_end": "2026-02-02",
    "exit_situation": "Osoba poszukująca pracy",
    "exit_as_planned": "Tak",
}


def csv_file(headers, rows, *, bom=True, end="\r\n", delimiter=";"):
    lines = [headers, *rows]
    text = "".join(delimiter.join(_quoted(cell, delimiter) for cell in line) + end for line in lines)
    return text.encode("utf-8-sig" if bom else "utf-8")


def _quoted(cell, delimiter):
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in f'"\n\r{delimiter}') else cell


def smefs_file(*rows, **options):
    return csv_file(SMEFS_HEADERS, [[cells[name] for name in MACHINE_NAMES] for cells in rows], **options)


def data_file(*rows, headers=DATA_HEADERS, **options):
    return csv_file(headers, [[cells[name] for name in headers] for cells in rows], **options)


def take(content, *, project=None, by=None, file_name="participants.csv"):
    return import_participants(by=by, project=project or base.project(), content=content, file_name=file_name)
