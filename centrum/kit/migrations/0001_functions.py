"""Extensions and the two text functions on which search and Polish order stand."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

PL_FOLD = """
CREATE FUNCTION public.pl_fold(s text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, s)) $$
"""

# Foreign letters go to their base letter; each Polish one to base letter + a sign above all others,
# ź before ż. Compared byte by byte (COLLATE "C") this is the order of the Polish alphabet.
_POLISH = [("ą", "a"), ("ć", "c"), ("ę", "e"), ("ł", "l"), ("ń", "n"), ("ó", "o"), ("ś", "s")]


def _sort_sql():
    sql = "translate(lower(s), 'äáàâãåčçďéèêëěíìîïľĺňñöôőòõøŕřšşťţüúùûůűýÿž', 'aaaaaaccdeeeeeiiiillnnoooooorrssttuuuuuuyyz')"
    for letter, base in _POLISH:
        sql = f"replace({sql}, '{letter}', '{base}\uf8ff')"
    sql = f"replace({sql}, 'ź', 'z\uf8fe')"
    sql = f"replace({sql}, 'ż', 'z\uf8ff')"
    return (
        "CREATE FUNCTION public.pl_sort(s text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
        f"$$ SELECT {sql} $$"
    )


def refuse_c_locale(apps, schema_editor):
    """A "C" database folds no Polish letter; search would silently miss people."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT lower('ŻÓŁĆ') = 'żółć'")
        if not cursor.fetchone()[0]:
            raise RuntimeError(
                "Baza danych nie zna polskich liter (locale C). Utwórz ją z locale C.UTF-8 lub pl_PL.UTF-8."
            )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [
        ("register", "0001_initial"),
        ("intake", "0001_initial"),
        ("reporting", "0001_initial"),
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(refuse_c_locale, migrations.RunPython.noop),
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(PL_FOLD, "DROP FUNCTION public.pl_fold(text)"),
        migrations.RunSQL(_sort_sql(), "DROP FUNCTION public.pl_sort(text)"),
    ]
