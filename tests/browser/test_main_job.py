"""The main job by hand, in the browser and without scripts: from a cooperative's application to its row in the file."""

import csv
import io
import re

from centrum.kit.clock import today
from tests.factories import base
from tests.factories.files import PDF


def go_on(page, selector="main form button.b1"):
    page.locator(selector).first.click()
    page.wait_for_load_state()


def fill(page, **answers):
    for name, value in answers.items():
        field = page.locator(f"main [name={name}]")
        kind = field.first.evaluate("e => e.type")
        if kind == "radio":
            page.check(f"main [name={name}][value='{value}']")
        elif kind == "checkbox":
            page.check(f"main [name={name}]")
        elif kind.startswith("select"):
            field.select_option(value) if value else field.select_option(index=1)
        else:
            field.fill(value)


def apply(page):
    """A cooperative applies on an old phone; returns the number of the receipt."""
    page.goto("/wnioski/wsparcie/organizacja/")
    go_on(page)
    draft = page.url.split("/wnioski/")[1].split("/")[0]
    page.goto(f"/wnioski/{draft}/potrzeba/")
    fill(page, help_kind="jobs", description="Pieczemy chleb i chcemy zatrudnić dwie osoby.")
    go_on(page)
    fill(page, name="Spółdzielnia Socjalna „Bochen”", pes_type="spoldzielnia_socjalna", legal_form="cooperative")
    fill(page, nip="599-31-42-118", enterprise_status="planned")
    go_on(page)
    assert "NIP ma błędną cyfrę kontrolną" in page.inner_text("main")
    assert page.input_value("[name=name]") == "Spółdzielnia Socjalna „Bochen”"
    fill(page, nip=base.nip())
    go_on(page)
    fill(page, street="Młyńska", building="3", postal_code="66-520", locality="Dobiegniew")
    page.locator("main [name=commune]").select_option(index=1)
    go_on(page)
    fill(
        page,
        contact_first_name="Żaneta",
        contact_last_name="Źdźbło",
        email="bochen@poczta.example",
        phone="601 202 303",
    )
    go_on(page)
    # without a KRS number a paper is needed
    assert page.url.endswith("/zalaczniki/")
    paper = {"name": "statut.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("main input[type=file]").set_input_files(paper)
    go_on(page, "main form[enctype] button")
    go_on(page, "main .acts a.b1")
    assert page.url.endswith("/sprawdz/")
    go_on(page, "main .acts a.b1")
    fill(page, read=True)
    go_on(page)
    return re.search(r"WS/\d{4}/\d{4}", page.inner_text("main")).group()


def accept(page, number):
    page.goto(f"/biuro/wnioski/?q={number}")
    page.get_by_role("link", name=number).click()
    page.locator("main a[href$='/podejmij/']").click()
    fill(page, impartial=True)
    go_on(page)
    page.locator("main a[href$='/lista/']").first.click()
    for point in page.locator("main input[type=radio][value=yes]").all():
        point.check()
    go_on(page)
    page.goto(f"/biuro/wnioski/?q={number}&state=all")
    page.get_by_role("link", name=number).click()
    page.locator("main a[href$='/przyjmij/']").click()
    page.locator("main [name=adviser]").select_option(label="Anna Lis")
    for name in ("organisation", "person"):
        if page.locator(f"main [name={name}][value=new]").count():
            page.check(f"main [name={name}][value=new]")
    go_on(page)
    go_on(page, "main button[name=confirm]")


def enter(page, case):
    """The adviser completes the participant's data and enters the person into the project."""
    page.goto(case)
    page.locator("main a[href*='/uczestnicy/']").filter(has_text="Źdźbło").first.click()
    pesel = base.pesel()
    fill(page, identifier_kind="pesel", identifier=pesel, citizenship="pl", education="isced_3_4")
    fill(page, postal_code="66-520", locality="Dobiegniew", labour_status="unemployed", degurba="3")
    fill(page, labour_status_detail="unemployed_other")
    page.locator("main [name=person_commune]").select_option(index=1)
    for question in ("foreign_origin", "third_country_national", "minority", "homeless", "disability"):
        fill(page, **{question: "no"})
    go_on(page)
    page.locator("main form[action$='/wejscie/'] input[type=text]").fill(today().strftime("%d.%m.%Y"))
    go_on(page, "main form[action$='/wejscie/'] button.b1")
    return pesel


def serve(page, case, topic, start, end):
    page.goto(f"{case}usluga/")
    page.locator("main [name=service_type]").select_option(index=1)
    fill(page, starts_at=start, ends_at=end, topic=topic, course="Omówiliśmy plan.", place="Dobiegniew")
    fill(page, date=today().strftime("%d.%m.%Y"))
    go_on(page, "main button[name=held]")
    assert "/biuro/uslugi/" in page.url, page.inner_text("main")
    return page.url


def confirm(staff, client):
    """The client opens the two newest letters of the outbox and confirms what they tell of."""
    staff.goto("/biuro/skrzynka/")
    letters = staff.eval_on_selector_all("main table a[href*='/biuro/skrzynka/']", "all => all.map(a => a.href)")
    letters = [letter for letter in letters if "?" not in letter][:2]
    for letter in letters:
        staff.goto(letter)
        link = staff.locator("main a[href*='/uslugi/potwierdzenie/']").first.get_attribute("href")
        client.goto(link[link.index("/uslugi/") :])
        go_on(client)
        assert "potwierdzona" in client.inner_text("main h1")


def test_from_application_to_the_row_in_the_file(visitor, settings):
    # a service can't lie in the future, and the test runs at any hour: the first minutes of the day have been
    settings.DEMO = True  # letters show their links, as in the demo
    client = visitor(width=375, scripts=False)
    number = apply(client)

    coordinator = visitor("koordynator", scripts=False)
    accept(coordinator, number)
    coordinator.goto("/biuro/sprawy/?q=bochen")
    coordinator.locator("main a[href*='/biuro/sprawy/']", has_text="SP/").first.click()
    coordinator.wait_for_load_state()
    case = coordinator.url

    adviser = visitor("doradca", scripts=False)
    pesel = enter(adviser, case)
    cards = [serve(adviser, case, "Plan piekarni", "00:00", "00:01"), serve(adviser, case, "Umowy", "00:01", "00:02")]
    confirm(coordinator, client)
    for card in cards:
        coordinator.goto(card)
        go_on(coordinator, "main form[action$='/approve/'] button")

    coordinator.goto("/biuro/eksporty/")
    fill(coordinator, profile="smefs_participants", reason="Sprawdzenie pliku")
    project = coordinator.locator("main [name=project] option", has_text="FELB").first.inner_text()
    coordinator.locator("main [name=project]").select_option(label=project)
    with coordinator.expect_download() as download:
        coordinator.locator("main form[method=post] button.b1").first.click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(io.StringIO(file.read()), delimiter=";"))
    (row,) = [row for row in rows if row[6] == pesel]
    assert (row[3], row[4], row[5], row[0]) == (
        "Spółdzielnia Socjalna „Bochen”",
        "Żaneta",
        "Źdźbło",
        "FELB.06.10-IZ.00-0007/24",
    )
    assert row[31] == f"{today().isoformat()}|{today().isoformat()}"
