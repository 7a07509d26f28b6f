import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('kit', '0003_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ParameterEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('value', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='value')),
                ('unit', models.CharField(blank=True, max_length=20, verbose_name='unit of measure')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('confirmed', models.BooleanField(default=False, verbose_name='confirmed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=150, verbose_name='file name')),
                ('content_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('data', models.BinaryField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='added')),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
            },
        ),
        migrations.CreateModel(
            name='Parameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('value', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='value')),
                ('unit', models.CharField(blank=True, max_length=20, verbose_name='unit of measure')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('confirmed', models.BooleanField(default=False, verbose_name='confirmed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'parameter',
                'verbose_name_plural': 'parameters',
                'ordering': ['code', '-valid_from'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='parameter_dates'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='parameter_one_at_a_time')],
            },
        ),
        migrations.AddField(
            model_name='parameterevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='parameterevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='kit.parameter'),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('size__range', (1, 10485760)), ('size', django.db.models.functions.text.Length('data'))), name='storedfile_size'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='storedfile_sha256'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='storedfile_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='parameter',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "kit_parameterevent" ("code", "confirmed", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (NEW."code", NEW."confirmed", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."unit", NEW."valid_from", NEW."valid_to", NEW."value"); RETURN NULL;', hash='c0aedc29794858362ca0c91021d379c1301fedbb', operation='INSERT', pgid='pgtrigger_insert_insert_a1d87', table='kit_parameter', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='parameter',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "kit_parameterevent" ("code", "confirmed", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (NEW."code", NEW."confirmed", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."unit", NEW."valid_from", NEW."valid_to", NEW."value"); RETURN NULL;', hash='689e8964237052d434f49925e966bd278642742f', operation='UPDATE', pgid='pgtrigger_update_update_e0b2e', table='kit_parameter', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='parameter',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "kit_parameterevent" ("code", "confirmed", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (OLD."code", OLD."confirmed", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."unit", OLD."valid_from", OLD."valid_to", OLD."value"); RETURN NULL;', hash='cb32b5d50020c4aeaf202b21bacbf4c6483f197b', operation='DELETE', pgid='pgtrigger_delete_delete_3d476', table='kit_parameter', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='parameter',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='0106c24ec50e84982401d3575e6939a8eee9e890', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_1269a', table='kit_parameter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='parameterevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='92ea8b08bd4338b659db105c6879fe9cad78dbd8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a74ba', table='kit_parameterevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='be66957ddc39dfa9eba8aa351ae46e7d72c12258', operation='UPDATE', pgid='pgtrigger_never_changed_21901', table='kit_storedfile', when='BEFORE')),
        ),
    ]
