"""The files of GUS: what is read, what is refused, what is written and from which day on."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from centrum.register import teryt
from centrum.register.models import Commune, Locality, Organisation, Person
from tests.factories import base

FIRST, NEXT = datetime.date(2025, 1, 1), datetime.date(2026, 1, 1)
TERC = [
    ("08", "", "", "", "LUBUSKIE", "województwo"),
    ("08", "06", "", "", "strzelecko-drezdenecki", "powiat"),
    ("08", "06", "01", "3", "Dobiegniew", "gmina miejsko-wiejska"),
    ("08", "06", "01", "4", "Dobiegniew", "miasto"),
    ("08", "06", "01", "5", "Dobiegniew", "obszar wiejski"),
    ("08", "06", "05", "2", "Zwierzyn", "gmina wiejska"),
    ("08", "61", "", "", "Gorzów Wielkopolski", "miasto na prawach powiatu"),
    ("08", "61", "01", "1", "Gorzów Wielkopolski", "gmina miejska"),
    ("14", "", "", "", "MAZOWIECKIE", "województwo"),
    ("14", "65", "", "", "Warszawa", "miasto stołeczne, na prawach powiatu"),
    ("14", "65", "01", "1", "Warszawa", "gmina miejska, miasto stołeczne"),
    ("14", "65", "02", "8", "Bemowo", "dzielnica"),
]
# invented codes: only the files of GUS hold real ones
SIMC = [
    ("08", "06", "01", "4", "96", "1", "Dobiegniew", "9000001", "9000001"),
    ("08", "06", "01", "5", "01", "1", "Ługi", "9000002", "9000002"),
    ("08", "06", "01", "5", "00", "1", "Ługi Małe", "9000003", "9000002"),
    ("08", "06", "05", "2", "01", "1", "Zwierzyn", "9000004", "9000004"),
    ("14", "65", "02", "8", "95", "1", "Bemowo", "9000005", "9000005"),
]


def terc(rows=TERC, day=FIRST, columns=teryt.TERC):
    return "\n".join(";".join(row) for row in (columns, *((*row, str(day)) for row in rows))) + "\n"


def simc(rows=SIMC, day=FIRST):
    return terc(rows, day, teryt.SIMC)


@pytest.fixture
def take(tmp_path, capsys):
    """Run the command on files of this text; returns what it prints."""

    def run(areas=None, places=None, *options, encoding="utf-8"):
        files = {}
        for name, text in (("terc", areas or terc()), ("simc", places or simc())):
            files[name] = tmp_path / f"{name}.csv"
            files[name].write_bytes(text.encode(encoding))
        call_command("import_teryt", *options, terc=str(files["terc"]), simc=str(files["simc"]))
        return capsys.readouterr().out

    return run


@pytest.fixture
def empty(db):
    Commune.objects.all().delete()
    Locality.objects.all().delete()


def communes():
    return set(Commune.objects.values_list("teryt", "name", "county", "voivodeship", "valid_from", "valid_to"))


def localities():
    return set(Locality.objects.values_list("simc", "name", "kind", "part_of", "teryt", "valid_from", "valid_to"))


WHOLE = {
    ("0806013", "Dobiegniew", "strzelecko-drezdenecki", "lubuskie", FIRST, None),
    ("0806052", "Zwierzyn", "strzelecko-drezdenecki", "lubuskie", FIRST, None),
    ("0861011", "Gorzów Wielkopolski", "Gorzów Wielkopolski", "lubuskie", FIRST, None),
    ("1465011", "Warszawa", "Warszawa", "mazowieckie", FIRST, None),
}
PLACES = {
    ("9000001", "Dobiegniew", "96", "", "0806013", FIRST, None),
    ("9000002", "Ługi", "01", "", "0806013", FIRST, None),
    ("9000003", "Ługi Małe", "00", "9000002", "0806013", FIRST, None),
    ("9000004", "Zwierzyn", "01", "", "0806052", FIRST, None),
    ("9000005", "Bemowo", "95", "", "1465011", FIRST, None),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_takes_communes_and_localities(empty, take, encoding):
    take(encoding=encoding)
    assert (communes(), localities()) == (WHOLE, PLACES)


def test_takes_one_voivodeship(empty, take):
    take(None, None, "--only-voivodeship", "08")
    assert communes() == {row for row in WHOLE if row[3] == "lubuskie"}
    assert localities() == {row for row in PLACES if row[4] != "1465011"}
    take()
    assert (communes(), localities()) == (WHOLE, PLACES)


def test_the_same_file_again_changes_nothing(empty, take):
    take()
    before = (set(Commune.objects.values_list()), set(Locality.objects.values_list()))
    take()
    assert (set(Commune.objects.values_list()), set(Locality.objects.values_list())) == before


def test_what_changes_begins_anew_and_what_vanishes_is_closed(empty, take):
    take()
    renamed = [(*row[:4], "Nowy Dobiegniew", row[5]) if row[:4] == ("08", "06", "01", "3") else row for row in TERC]
    moved = [(*SIMC[0][:6], "Dobiegniew Górny", *SIMC[0][7:]), *SIMC[1:3], SIMC[4]]
    said = take(terc([row for row in renamed if row[4] != "Zwierzyn"], NEXT), simc(moved, NEXT))
    assert communes() - WHOLE == {
        ("0806013", "Dobiegniew", "strzelecko-drezdenecki", "lubuskie", FIRST, NEXT),
        ("0806013", "Nowy Dobiegniew", "strzelecko-drezdenecki", "lubuskie", NEXT, None),
        ("0806052", "Zwierzyn", "strzelecko-drezdenecki", "lubuskie", FIRST, NEXT),
    }
    assert localities() - PLACES == {
        ("9000001", "Dobiegniew", "96", "", "0806013", FIRST, NEXT),
        ("9000001", "Dobiegniew Górny", "96", "", "0806013", NEXT, None),
        ("9000004", "Zwierzyn", "01", "", "0806052", FIRST, NEXT),
    }
    assert "0806052" in said and "9000004" in said


def test_a_commune_that_goes_on_keeps_degurba_and_its_clients(empty, take):
    take()
    old = Commune.objects.get(teryt="0806013")
    old.degurba, old.confirmed = 3, True
    old.save()
    person, organisation = base.person(commune=old), base.organisation(commune=old)
    take(terc([(*row[:4], "Inny", row[5]) if row[:3] == ("08", "06", "01") else row for row in TERC], NEXT))
    new = Commune.objects.get(teryt="0806013", valid_to=None)
    assert (new.name, new.degurba, new.confirmed) == ("Inny", 3, True)
    assert Person.objects.get(pk=person.pk).commune == Organisation.objects.get(pk=organisation.pk).commune == new


def test_an_older_file_is_refused(empty, take):
    take(terc(day=NEXT), simc(day=NEXT))
    with pytest.raises(CommandError, match="2026-01-01"):
        take()
    assert {row[4] for row in communes()} == {NEXT}


def test_another_file_of_the_same_day_is_refused(empty, take):
    take()
    with pytest.raises(CommandError, match="0806052"):
        take(terc([row for row in TERC if row[4] != "Zwierzyn"]), simc([row for row in SIMC if row[6] != "Zwierzyn"]))
    assert (communes(), localities()) == (WHOLE, PLACES)


def test_the_day_may_be_told(empty, take):
    take(None, None, "--as-of", "2026-01-01")
    assert {row[4] for row in communes()} == {NEXT}


BROKEN = {
    "columns": (terc().replace("RODZ", "TYP"), simc(), "1"),
    "short line": (terc() + "08;06\n", simc(), "14"),
    "no code": (terc([*TERC, ("08", "06", "x1", "3", "Nigdzie", "gmina")]), simc(), "14"),
    "kind": (terc([*TERC, ("08", "06", "07", "7", "Nigdzie", "gmina")]), simc(), "14"),
    "twice": (terc([*TERC, TERC[2]]), simc(), "14"),
    "county": (terc([row for row in TERC if row[4] != "strzelecko-drezdenecki"]), simc(), "3"),
    "day": (terc(day="1.01.2025"), simc(), "2"),
    "name": (terc([*TERC, ("08", "06", "07", "2", "", "gmina")]), simc(), "14"),
    "empty": (terc([]), simc(), "1"),
    "commune of a locality": (
        terc(),
        simc([*SIMC, ("08", "06", "09", "2", "01", "1", "X", "9000009", "9000009")]),
        "7",
    ),
    "whole of a part": (terc(), simc([*SIMC, ("08", "06", "05", "2", "00", "1", "X", "9000009", "9000008")]), "7"),
    "code of a locality": (terc(), simc([*SIMC, ("08", "06", "05", "2", "01", "1", "X", "90009", "90009")]), "7"),
    "control": (terc(), simc([*SIMC, ("08", "06", "05", "2", "01", "1", "X\u202eY", "9000009", "9000009")]), "7"),
}


@pytest.mark.parametrize("areas, places, line", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_its_lines_and_nothing_is_written(empty, take, areas, places, line):
    with pytest.raises(CommandError, match=rf"(?m)^\D*{line}: "):
        take(areas, places)
    assert (communes(), localities()) == (set(), set())


def test_a_file_in_another_encoding_is_refused(empty, take):
    with pytest.raises(CommandError, match=r"(?m)^\D*2: "):
        take(encoding="cp1250")
    assert communes() == set()


@pytest.mark.parametrize("options", [("--as-of", "wczoraj"), ("--only-voivodeship", "lubuskie")])
def test_wrong_options_are_told(empty, take, options):
    with pytest.raises(CommandError):
        take(None, None, *options)


def test_a_file_that_is_not_there_is_told(empty):
    with pytest.raises(CommandError, match="nigdzie"):
        call_command("import_teryt", terc="nigdzie.csv", simc="nigdzie.csv")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (terc() + text).encode("utf-8", "ignore")))
def test_any_bytes_are_read_or_refused(content):
    try:
        read = teryt.read_terc(content)
    except teryt.FileRefused as refused:
        assert refused.faults == sorted(refused.faults) != []
    else:
        assert set(read.rows) >= {"0806013", "1465011"}


def degurba(tmp_path, *rows):
    file = tmp_path / "degurba.csv"
    file.write_text("\n".join(["teryt;degurba;valid_from", *rows]), encoding="utf-8")
    call_command("import_degurba", str(file))


def degrees():
    rows = Commune.objects.filter(teryt="0806013").order_by("valid_from")
    return list(rows.values_list("degurba", "confirmed", "valid_from", "valid_to"))


def test_degurba_corrects_what_was_assumed_and_dates_what_changes(empty, take, tmp_path):
    take()
    degurba(tmp_path, "0806013;3;2021-01-01")
    assert degrees() == [(3, True, FIRST, None)]
    degurba(tmp_path, "0806013;3;2026-01-01")
    assert degrees() == [(3, True, FIRST, None)]
    degurba(tmp_path, "0806013;2;2026-01-01")
    assert degrees() == [(3, True, FIRST, NEXT), (2, True, NEXT, None)]
    with pytest.raises(CommandError, match="0806013"):
        degurba(tmp_path, "0806013;1;2025-06-01")


@pytest.mark.parametrize(
    "row", ["0806013;4;2021-01-01", "0806013;;2021-01-01", "0806013;3;2021", "9999999;3;2021-01-01"][:]
)
def test_broken_degurba_is_refused_whole(empty, take, tmp_path, row):
    take()
    with pytest.raises(CommandError):
        degurba(tmp_path, "0806052;3;2021-01-01", row)
    assert not Commune.objects.filter(confirmed=True).exists()
