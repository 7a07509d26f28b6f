"""The command on a small project of its own, and what Django then shows."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import trans_real

PAGE = """
  {% load i18n %}
<h1>{% translate "Your case" %}</h1>
    {% blocktranslate trimmed count counter=files|length with who=name %}
      {{ who }} sent
      one file.
    {% plural %}
      {{ who }} sent {{ counter }} files.
    {% endblocktranslate %}
{% translate "May" context "month" %} {% comment %}{% translate "Off" %}{% endcomment %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("Case %(number)s "
          "is closed.")
COUNT = ngettext("%(n)d day", "%(n)d days", 2)
MONTH = pgettext("state", "Open")
"""
PO = "locale/pl/LC_MESSAGES/django.po"


@pytest.fixture
def project(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    for path, text in {
        "room/templates/room/page.html": PAGE,
        "room/forms.py": CODE,
        "tests/test_it.py": '_("Only in tests")',
        "venv/pyvenv.cfg": "",
        "venv/lib.py": '_("Only in a library")',
        ".pgdata/x.py": '_("Only in the data")',
        "room/notes.txt": '{% translate "Not a template" %}',
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    yield tmp_path
    _forget_translations()


def run(action):
    out = StringIO()
    call_command("catalogue", action, stdout=out)
    return out.getvalue()


def faults():
    with pytest.raises(CommandError) as refusal:
        run("--check")
    assert refusal.value.returncode == 1
    return str(refusal.value).splitlines()[1:]


def translate(project, **pairs):
    """Fill the msgstr after each given start of a msgid."""
    po = project / PO
    text = po.read_text()
    for old, new in pairs.values():
        assert text.count(old) == 1
        text = text.replace(old, new)
    po.write_text(text)


def fill(project):
    translate(
        project,
        case=('msgid "Your case"\nmsgstr ""', 'msgid "Your case"\nmsgstr "Twoja sprawa"'),
        closed=(
            'msgid "Case %(number)s is closed."\nmsgstr ""',
            'msgid "Case %(number)s is closed."\nmsgstr "Sprawa %(number)s jest zamknięta."',
        ),
        month=('msgid "May"\nmsgstr ""', 'msgid "May"\nmsgstr "maj"'),
        open=('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "Otwarta"'),
        days=(
            'msgid_plural "%(n)d days"\nmsgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\nmsgstr[3] ""',
            'msgid_plural "%(n)d days"\nmsgstr[0] "%(n)d dzień"\nmsgstr[1] "%(n)d dni"\n'
            'msgstr[2] "%(n)d dni"\nmsgstr[3] "%(n)d dnia"',
        ),
        files=(
            'files."\nmsgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\nmsgstr[3] ""',
            'files."\nmsgstr[0] "%(who)s: jeden plik."\nmsgstr[1] "%(who)s: %(counter)s pliki."\n'
            'msgstr[2] "%(who)s: %(counter)s plików."\nmsgstr[3] "%(who)s: %(counter)s pliku."',
        ),
    )


def _forget_translations():
    trans_real._translations.clear()
    trans_real._default = None
    trans_real._active.value = None


def test_update_writes_what_code_and_templates_say_and_nothing_that_changes_by_itself(project):
    assert run("--update") == f"6 messages in {PO}\n"
    text = (project / PO).read_text()
    assert [line for line in text.splitlines() if line.startswith("msgid") and line != 'msgid ""'] == [
        'msgid "%(n)d day"',
        'msgid_plural "%(n)d days"',
        'msgid "%(who)s sent one file."',
        'msgid_plural "%(who)s sent %(counter)s files."',
        'msgid "Case %(number)s is closed."',
        'msgid "May"',
        'msgid "Open"',
        'msgid "Your case"',
    ]
    assert 'msgctxt "month"\nmsgid "May"' in text
    assert "Date" not in text
    assert "#:" not in text
    run("--update")
    assert (project / PO).read_text() == text


def test_translations_outlive_an_update_and_go_with_their_sentence(project):
    run("--update")
    fill(project)
    filled = (project / PO).read_text()
    run("--update")
    assert (project / PO).read_text() == filled
    (project / "room/forms.py").write_text("")
    assert "Dropped, no longer in the code: 'Open' = 'Otwarta'\n" in run("--update")
    assert "Otwarta" not in (project / PO).read_text()
    assert "Twoja sprawa" in (project / PO).read_text()


def test_compiled_translations_reach_the_page_with_polish_plurals(project, settings):
    run("--update")
    fill(project)
    assert run("--check") == "6 messages, all translated\n"
    assert run("--compile") == "Compiled locale/pl/LC_MESSAGES/django.mo\n"
    _forget_translations()
    from django.template import engines

    template = engines["django"].from_string(PAGE)
    with translation.override("pl"):
        pages = [template.render({"files": "x" * count, "name": "Ala"}) for count in (1, 3, 5)]
    assert [page.split("</h1>")[1].split("maj")[0].strip() for page in pages] == [
        "Ala: jeden plik.",
        "Ala: 3 pliki.",
        "Ala: 5 plików.",
    ]
    assert "<h1>Twoja sprawa</h1>" in pages[0]


def test_compile_writes_only_what_is_older(project):
    run("--update")
    assert run("--compile") != ""
    assert run("--compile") == ""
    po = project / PO
    newer = po.with_suffix(".mo").stat().st_mtime + 5
    os.utime(po, (newer, newer))
    assert run("--compile") != ""


def test_check_lists_every_kind_of_fault(project):
    assert faults()[-1] == "missing: 'Your case'"
    run("--update")
    assert faults() == [
        "empty: '%(n)d day'",
        "empty: '%(who)s sent one file.'",
        "empty: 'Case %(number)s is closed.'",
        "empty: 'May'",
        "empty: 'Open'",
        "empty: 'Your case'",
    ]
    fill(project)
    translate(
        project,
        fuzzy=('msgid "Your case"', '#, fuzzy\nmsgid "Your case"'),
        differ=("Sprawa %(number)s jest", "Sprawa %(numer)s jest"),
        plural=("%(counter)s plików", "%(count)s plików"),
    )
    with (project / PO).open("a") as stream:
        stream.write('\nmsgid "Gone"\nmsgstr "Nie ma"\n')
    (project / "room/more.py").write_text('_("New sentence")\n_("Your case")')
    assert faults() == [
        "fuzzy: 'Your case'",
        "missing: 'New sentence'",
        "obsolete: 'Gone'",
        "placeholders differ: '%(who)s sent one file.'",
        "placeholders differ: 'Case %(number)s is closed.'",
    ]


def test_a_sentence_that_gets_a_plural_is_missing_until_updated(project):
    run("--update")
    fill(project)
    (project / "room/more.py").write_text('ngettext("Your case", "Your cases", 2)')
    (project / "room/templates/room/page.html").write_text(PAGE.replace('{% translate "Your case" %}', ""))
    assert faults() == ["missing: 'Your case'"]
    run("--update")
    assert faults() == ["empty: 'Your case'"]
