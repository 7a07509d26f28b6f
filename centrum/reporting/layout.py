"""The columns of the participant files: the 43 of SM EFS and their machine names, in the order of SM EFS."""

_COLUMNS = (
    ("project_no", "Numer projektu"),
    ("citizenship", "Obywatelstwo"),
    ("participant_kind", "Rodzaj uczestnika"),
    ("institution_name", "Nazwa instytucji"),
    ("first_name", "Imię"),
    ("last_name", "Nazwisko"),
    ("pesel_or_other_id", "PESEL/Inny identyfikator"),
    ("no_pesel", "brak PESEL"),
    ("technical_id", "Techniczny identyfikator uczestnika"),
    ("sex", "Płeć"),
    ("age_at_entry", "Wiek w chwili przystąpienia do projektu"),
    ("education", "Wykształcenie"),
    ("country", "Kraj"),
    ("voivodeship", "Województwo"),
    ("county", "Powiat"),
    ("commune", "Gmina"),
    ("locality", "Miejscowość"),
    ("postal_code", "Kod pocztowy"),
    ("degurba", "Obszar według stopnia urbanizacji (DEGURBA)"),
    ("phone", "Telefon kontaktowy"),
    ("email", "Adres e-mail"),
    ("project_start", "Data rozpoczęcia udziału w projekcie"),
    ("project_end", "Data zakończenia udziału w projekcie"),
    ("labour_status", "Status osoby na rynku pracy w chwili przystąpienia do projektu"),
    ("labour_status_detail", "w tym"),
    (
        "education_planned_end",
        "Planowana data zakończenia edukacji (w placówce, w której skorzystano ze wsparcia)",
    ),
    ("exit_situation", "Sytuacja osoby w momencie zakończenia udziału w projekcie"),
    (
        "exit_as_planned",
        "Zakończenie udziału osoby w projekcie zgodnie z zaplanowaną dla niej ścieżką uczestnictwa",
    ),
    ("support_scope", "Zakres wsparcia"),
    ("support_kind", "Rodzaj przyznanego wsparcia"),
    ("support_kind_detail", "w tym"),
    ("support_start", "Data rozpoczęcia udziału we wsparciu"),
    ("business_start", "Data założenia działalności gospodarczej"),
    ("foreign_origin", "Osoba obcego pochodzenia"),
    ("third_country_national", "Obywatel państwa trzeciego"),
    (
        "minority",
        "Osoba należąca do mniejszości narodowej lub etnicznej (w tym społeczności marginalizowane)",
    ),
    ("homeless", "Osoba bezdomna lub dotknięta wykluczeniem z dostępu do mieszkań"),
    ("disability", "Osoba z niepełnosprawnościami"),
    ("sys_created_at", "Data dodania"),
    ("sys_created_by", "Użytkownik, który dodał uczestnika"),
    ("sys_modified_at", "Data modyfikacji"),
    ("sys_modified_by", "Użytkownik modyfikujący"),
    ("remarks", "Uwagi"),
)

MACHINE_NAMES = tuple(name for name, _header in _COLUMNS)
# "w tym" stands twice, so the columns of SM EFS are told by their place.
SMEFS_HEADERS = tuple(header for _name, header in _COLUMNS)
# Our own layout: without the four columns that only SM EFS fills.
DATA_HEADERS = tuple(name for name in MACHINE_NAMES if not name.startswith("sys_"))
