import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from centrum.kit.history import author

# Of the clauses with which every installation began, before they named these apart from their text.
FIRST = {
    "beneficiary": (
        "Stowarzyszenie Wspierania Małej Przedsiębiorczości",
        "rozpatrzenie wniosku, udzielenie wsparcia i rozliczenie projektu",
        "to answer the application, give support and account for the project",
    ),
    "managing_authority": (
        "Zarząd Województwa Lubuskiego",
        "prowadzenie programu Fundusze Europejskie dla Lubuskiego 2021–2027, sprawozdania, kontrola i ewaluacja",
        "to run the programme European Funds for Lubuskie 2021–2027, report, inspect and evaluate",
    ),
    "minister": (
        "Minister właściwy do spraw rozwoju regionalnego",
        "rozliczanie projektów w systemie CST2021",
        "to account for projects in the CST2021 system",
    ),
}


def name_controllers(apps, schema_editor):
    clauses = apps.get_model("intake", "Clause").objects.using(schema_editor.connection.alias)
    with author(command="migrate"):
        for code, (controller, purpose, purpose_en) in FIRST.items():
            clauses.filter(code=code, controller="", purpose="").update(
                controller=controller, purpose=purpose, purpose_en=purpose_en
            )


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_consents_kept"),
    ]

    operations = [
        migrations.RunPython(name_controllers, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='text_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."controller" IS DISTINCT FROM (NEW."controller") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."purpose_en" IS DISTINCT FROM (NEW."purpose_en") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."body_en" IS DISTINCT FROM (NEW."body_en") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2d47a4967db232e9f4ba65e5f3e3d890490f155a', operation='UPDATE', pgid='pgtrigger_text_frozen_1c9b9', table='intake_clause', when='BEFORE')),
        ),
    ]
