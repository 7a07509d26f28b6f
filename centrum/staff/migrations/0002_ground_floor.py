import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Authorisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('scope', models.CharField(choices=[('clients', 'data of clients'), ('sensitive', 'data of special categories and of convictions (art. 9 and 10 GDPR)')], max_length=20, verbose_name='scope')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('issued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='issued')),
            ],
            options={
                'verbose_name': 'authorisation',
                'verbose_name_plural': 'authorisations',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='AuthorisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.CharField(max_length=20, verbose_name='number')),
                ('scope', models.CharField(choices=[('clients', 'data of clients'), ('sensitive', 'data of special categories and of convictions (art. 9 and 10 GDPR)')], max_length=20, verbose_name='scope')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('issued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='issued')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='first day')),
                ('valid_to', models.DateField(verbose_name='first day back')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='called off')),
            ],
            options={
                'verbose_name': 'delegation',
                'verbose_name_plural': 'delegations',
                'ordering': ['-valid_from', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DelegationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('valid_from', models.DateField(verbose_name='first day')),
                ('valid_to', models.DateField(verbose_name='first day back')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='called off')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32)),
                ('used_at', models.DateTimeField(null=True, verbose_name='used')),
            ],
            options={
                'verbose_name': 'recovery code',
                'verbose_name_plural': 'recovery codes',
            },
        ),
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='second_factor', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('secret_cipher', models.BinaryField()),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed')),
                ('last_step', models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'second factor',
                'verbose_name_plural': 'second factors',
            },
        ),
        migrations.CreateModel(
            name='SecondFactorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                ('step', models.CharField(choices=[('password', 'password'), ('code', 'code of the application or recovery code'), ('confirmation', 'fresh sign-in')], max_length=20, verbose_name='step')),
                ('outcome', models.CharField(choices=[('pending', 'not finished'), ('passed', 'passed'), ('wrong', 'wrong'), ('blocked', 'blocked: too many attempts')], default='pending', max_length=10, verbose_name='outcome')),
                ('email_index', models.BinaryField(max_length=32)),
                ('address', models.GenericIPAddressField(null=True, verbose_name='address')),
                ('browser', models.CharField(blank=True, max_length=200, verbose_name='browser')),
            ],
            options={
                'verbose_name': 'sign-in attempt',
                'verbose_name_plural': 'sign-in attempts',
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='user',
            name='user_role',
        ),
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('adviser', 'adviser'), ('coordinator', 'coordinator'), ('manager', 'manager'), ('accountant', 'accountant'), ('auditor', 'auditor'), ('data_protection', 'data protection officer'), ('administrator', 'administrator')], max_length=20, verbose_name='role'),
        ),
        migrations.AlterField(
            model_name='userevent',
            name='role',
            field=models.CharField(choices=[('adviser', 'adviser'), ('coordinator', 'coordinator'), ('manager', 'manager'), ('accountant', 'accountant'), ('auditor', 'auditor'), ('data_protection', 'data protection officer'), ('administrator', 'administrator')], max_length=20, verbose_name='role'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['adviser', 'coordinator', 'manager', 'accountant', 'auditor', 'data_protection', 'administrator'])), name='user_role'),
        ),
        migrations.AddField(
            model_name='authorisation',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by'),
        ),
        migrations.AddField(
            model_name='authorisation',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorisations', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddField(
            model_name='authorisationevent',
            name='issued_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by'),
        ),
        migrations.AddField(
            model_name='authorisationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='authorisationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.authorisation'),
        ),
        migrations.AddField(
            model_name='authorisationevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='absent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to=settings.AUTH_USER_MODEL, verbose_name='who is away'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='deputy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputyships', to=settings.AUTH_USER_MODEL, verbose_name='who stands in'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='absent',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is away'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='deputy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who stands in'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='made_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.delegation'),
        ),
        migrations.AddField(
            model_name='recoverycode',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='secondfactorevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='secondfactorevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.secondfactor'),
        ),
        migrations.AddField(
            model_name='secondfactorevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signinattempt',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_ins', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='authorisation_dates'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), ('scope', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='authorisation_one_at_a_time', violation_error_message='This account has an authorisation of this scope in these days already.'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['clients', 'sensitive'])), name='authorisation_scope'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=models.CheckConstraint(condition=models.Q(('issued_by__isnull', True), models.Q(('issued_by', models.F('user')), _negated=True), _connector='OR'), name='authorisation_not_by_oneself'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='delegation_dates'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('revoked_at__isnull', True)), expressions=[('absent', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='delegation_one_at_a_time', violation_error_message='Somebody stands in for this person in these days already.'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('absent', models.F('deputy')), _negated=True), name='delegation_to_another'),
        ),
        migrations.AddConstraint(
            model_name='recoverycode',
            constraint=models.UniqueConstraint(fields=('user', 'digest'), name='recoverycode_once'),
        ),
        migrations.AddIndex(
            model_name='signinattempt',
            index=models.Index(fields=['email_index', 'step', '-at'], name='signin_email'),
        ),
        migrations.AddIndex(
            model_name='signinattempt',
            index=models.Index(fields=['address', '-at'], name='signin_address'),
        ),
        migrations.AddIndex(
            model_name='signinattempt',
            index=models.Index(fields=['user', '-id'], name='signin_user'),
        ),
        migrations.AddConstraint(
            model_name='signinattempt',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['pending', 'passed', 'wrong', 'blocked']), ('step__in', ['password', 'code', 'confirmation'])), name='signin_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='c8002f3be94d83f158d39cabfe96f3e945aeb652', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_10fd7', table='staff_unit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='8d03b0ae73d373b91ae4e7114b21fdf1f177b186', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_ff465', table='staff_user', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='secondfactor',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_secondfactorevent" ("confirmed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."confirmed_at", _pgh_attach_context(), NOW(), \'insert\', NEW."user_id", NEW."user_id"); RETURN NULL;', hash='ee8222968e8117d63525be013d0ee218518f7fb3', operation='INSERT', pgid='pgtrigger_insert_insert_4f3ed', table='staff_secondfactor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='secondfactor',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "staff_secondfactorevent" ("confirmed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."confirmed_at", _pgh_attach_context(), NOW(), \'update\', NEW."user_id", NEW."user_id"); RETURN NULL;', hash='72ea7293dbafb2763f93e88a3f687427d92080dc', operation='UPDATE', pgid='pgtrigger_update_update_9723b', table='staff_secondfactor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='secondfactor',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_secondfactorevent" ("confirmed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."confirmed_at", _pgh_attach_context(), NOW(), \'delete\', OLD."user_id", OLD."user_id"); RETURN NULL;', hash='a5e7abc3f0ab0d8abb818ce6c1ba9cf34eee55e0', operation='DELETE', pgid='pgtrigger_delete_delete_064c0', table='staff_secondfactor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='secondfactor',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='98a9fd01f7b3641593cc8358314b8ba82d3128f9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_a1fcd', table='staff_secondfactor', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorisation',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a31d68a0d9bee5e0e2ab289404209e7ac25a5b9e', operation='DELETE', pgid='pgtrigger_never_deleted_1c559', table='staff_authorisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_authorisationevent" ("id", "issued_at", "issued_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scope", "user_id", "valid_from", "valid_to") VALUES (NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."scope", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='bbb4ea24047e0933357465e5e7201f0a7a89baf5', operation='INSERT', pgid='pgtrigger_insert_insert_8ef58', table='staff_authorisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_authorisationevent" ("id", "issued_at", "issued_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scope", "user_id", "valid_from", "valid_to") VALUES (NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."scope", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='0576a839177882aa5494e8da67240933a5d018b6', operation='UPDATE', pgid='pgtrigger_update_update_5de76', table='staff_authorisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_authorisationevent" ("id", "issued_at", "issued_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scope", "user_id", "valid_from", "valid_to") VALUES (OLD."id", OLD."issued_at", OLD."issued_by_id", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."scope", OLD."user_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='b29bb2a65cf2d3c8fc8900cd4533f9cd1052a8f4', operation='DELETE', pgid='pgtrigger_delete_delete_7d4d2', table='staff_authorisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorisation',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='c8ce7c5a05940c023d35a11ef74ef83af41177c5', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_f8b41', table='staff_authorisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorisationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8903d7df23d10b5ce002f5546b7b199fa93a0ee0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c2f22', table='staff_authorisationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='aef20871387eed3a2753d4d38d2f919f44776382', operation='DELETE', pgid='pgtrigger_never_deleted_273c7', table='staff_delegation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_delegationevent" ("absent_id", "deputy_id", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "valid_from", "valid_to") VALUES (NEW."absent_id", NEW."deputy_id", NEW."id", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."revoked_at", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='61aebfab29a816f0a822ed2c4c8a2b743fba6ba8', operation='INSERT', pgid='pgtrigger_insert_insert_aeaf2', table='staff_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_delegationevent" ("absent_id", "deputy_id", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "valid_from", "valid_to") VALUES (NEW."absent_id", NEW."deputy_id", NEW."id", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."revoked_at", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='e4ac643359573a6d9d88df474a6d3056d65b2d2c', operation='UPDATE', pgid='pgtrigger_update_update_09d72', table='staff_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_delegationevent" ("absent_id", "deputy_id", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "valid_from", "valid_to") VALUES (OLD."absent_id", OLD."deputy_id", OLD."id", OLD."made_at", OLD."made_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."revoked_at", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='ca6dfd76eeafffe8331140e60a92649b9ce7b880', operation='DELETE', pgid='pgtrigger_delete_delete_96539', table='staff_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='927961eac0f20fcd37bfd5cfe67a702581a14dbb', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_795a7', table='staff_delegation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='63476c5d5d536c95f096e89abca5ff1e77246821', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_68248', table='staff_delegationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='secondfactorevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8144fc506cd3532139869ed8a8f2b93a6a27f542', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f1b7e', table='staff_secondfactorevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signinattempt',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='950bb3d63f553958ea294544099f37dc4477e4a5', operation='DELETE', pgid='pgtrigger_never_deleted_8c7b4', table='staff_signinattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signinattempt',
            trigger=pgtrigger.compiler.Trigger(name='outcome_once', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."outcome", \':\', NEW."outcome") = ANY(\'{pending:passed,pending:wrong}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."outcome" IS DISTINCT FROM NEW."outcome") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "outcome" from "%" to "%" on table %\', OLD."outcome", NEW."outcome", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='aba37b4f4883f3bb08f69f9208463c0937cdb4f1', operation='UPDATE', pgid='pgtrigger_outcome_once_c3737', table='staff_signinattempt', when='BEFORE')),
        ),
    ]
