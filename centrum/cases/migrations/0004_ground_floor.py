import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('cases', '0003_initial'),
        ('intake', '0002_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('register', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_name', models.CharField(max_length=80, verbose_name='First name')),
                ('last_name', models.CharField(max_length=120, verbose_name='Surname')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-mail')),
                ('phone', models.CharField(blank=True, max_length=15, verbose_name='Phone')),
            ],
            options={
                'verbose_name': 'member of an initiative group',
                'verbose_name_plural': 'members of initiative groups',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='GroupMemberEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('first_name', models.CharField(max_length=80, verbose_name='First name')),
                ('last_name', models.CharField(max_length=120, verbose_name='Surname')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-mail')),
                ('phone', models.CharField(blank=True, max_length=15, verbose_name='Phone')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GroupSupportApplication',
            fields=[
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='group_support', serialize=False, to='intake.application')),
                ('complete', models.BooleanField(default=False, editable=False)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='What do you call yourselves?')),
                ('idea', models.TextField(blank=True, verbose_name='What do you want to do together?')),
                ('planned_pes_type', models.CharField(blank=True, choices=[('social_cooperative', 'a social cooperative'), ('association', 'an association'), ('foundation', 'a foundation'), ('company', 'a non-profit company'), ('other', 'something else'), ('unsure', 'we do not know yet')], max_length=40, verbose_name='What would you like to found?')),
                ('locality', models.CharField(blank=True, max_length=80, verbose_name='Town or village')),
                ('postal_code', models.CharField(blank=True, max_length=6, verbose_name='Postal code')),
                ('first_name', models.CharField(blank=True, max_length=80, verbose_name='First name')),
                ('last_name', models.CharField(blank=True, max_length=120, verbose_name='Surname')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-mail')),
                ('phone', models.CharField(blank=True, max_length=15, verbose_name='Phone')),
            ],
            options={
                'verbose_name': 'support application of an initiative group',
                'verbose_name_plural': 'support applications of initiative groups',
            },
        ),
        migrations.CreateModel(
            name='GroupSupportApplicationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('complete', models.BooleanField(default=False, editable=False)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='What do you call yourselves?')),
                ('idea', models.TextField(blank=True, verbose_name='What do you want to do together?')),
                ('planned_pes_type', models.CharField(blank=True, choices=[('social_cooperative', 'a social cooperative'), ('association', 'an association'), ('foundation', 'a foundation'), ('company', 'a non-profit company'), ('other', 'something else'), ('unsure', 'we do not know yet')], max_length=40, verbose_name='What would you like to found?')),
                ('locality', models.CharField(blank=True, max_length=80, verbose_name='Town or village')),
                ('postal_code', models.CharField(blank=True, max_length=6, verbose_name='Postal code')),
                ('first_name', models.CharField(blank=True, max_length=80, verbose_name='First name')),
                ('last_name', models.CharField(blank=True, max_length=120, verbose_name='Surname')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-mail')),
                ('phone', models.CharField(blank=True, max_length=15, verbose_name='Phone')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='organisationsupportapplication',
            name='organisationsupport_whole',
        ),
        migrations.AlterField(
            model_name='organisationsupportapplication',
            name='legal_form',
            field=models.CharField(blank=True, choices=[('cooperative', 'cooperative'), ('association', 'registered association'), ('simple_association', 'simple association'), ('foundation', 'foundation'), ('union', 'union of associations'), ('kgw', "rural housewives' circle (KGW)"), ('osp', 'volunteer fire brigade (OSP)'), ('limited_company', 'limited liability company'), ('joint_stock_company', 'joint-stock company'), ('church', 'church legal person'), ('public', 'public body'), ('organisational_unit', 'organisational unit of another body'), ('sole_trader', 'sole trader'), ('informal', 'informal group'), ('other', 'other')], max_length=30, verbose_name='Legal form'),
        ),
        migrations.AlterField(
            model_name='organisationsupportapplication',
            name='pes_type',
            field=models.CharField(blank=True, choices=[('spoldzielnia_socjalna', 'social cooperative'), ('wtz', 'occupational therapy workshop (WTZ)'), ('zaz', 'vocational activity establishment (ZAZ)'), ('cis', 'social integration centre (CIS)'), ('kis', 'social integration club (KIS)'), ('spoldzielnia_pracy', 'work cooperative'), ('spoldzielnia_inwalidow', 'cooperative of people with disabilities'), ('spoldzielnia_niewidomych', 'cooperative of blind people'), ('spoldzielnia_produkcji_rolnej', 'farming production cooperative'), ('ngo', 'non-governmental organisation'), ('koscielna_osoba_prawna', 'church legal person'), ('stowarzyszenie_jst', 'association of local governments'), ('spolka_non_profit', 'non-profit company'), ('klub_sportowy_spolka', 'sports club run as a company'), ('jednostka_tworzaca', 'body that runs a WTZ, ZAZ, CIS or KIS (not a PES itself)'), ('jst', 'local government (not a PES)'), ('grupa_inicjatywna', 'initiative group (not a PES yet)'), ('inny', 'other (not a PES)')], max_length=40, verbose_name='Kind of organisation'),
        ),
        migrations.AlterField(
            model_name='organisationsupportapplicationevent',
            name='legal_form',
            field=models.CharField(blank=True, choices=[('cooperative', 'cooperative'), ('association', 'registered association'), ('simple_association', 'simple association'), ('foundation', 'foundation'), ('union', 'union of associations'), ('kgw', "rural housewives' circle (KGW)"), ('osp', 'volunteer fire brigade (OSP)'), ('limited_company', 'limited liability company'), ('joint_stock_company', 'joint-stock company'), ('church', 'church legal person'), ('public', 'public body'), ('organisational_unit', 'organisational unit of another body'), ('sole_trader', 'sole trader'), ('informal', 'informal group'), ('other', 'other')], max_length=30, verbose_name='Legal form'),
        ),
        migrations.AlterField(
            model_name='organisationsupportapplicationevent',
            name='pes_type',
            field=models.CharField(blank=True, choices=[('spoldzielnia_socjalna', 'social cooperative'), ('wtz', 'occupational therapy workshop (WTZ)'), ('zaz', 'vocational activity establishment (ZAZ)'), ('cis', 'social integration centre (CIS)'), ('kis', 'social integration club (KIS)'), ('spoldzielnia_pracy', 'work cooperative'), ('spoldzielnia_inwalidow', 'cooperative of people with disabilities'), ('spoldzielnia_niewidomych', 'cooperative of blind people'), ('spoldzielnia_produkcji_rolnej', 'farming production cooperative'), ('ngo', 'non-governmental organisation'), ('koscielna_osoba_prawna', 'church legal person'), ('stowarzyszenie_jst', 'association of local governments'), ('spolka_non_profit', 'non-profit company'), ('klub_sportowy_spolka', 'sports club run as a company'), ('jednostka_tworzaca', 'body that runs a WTZ, ZAZ, CIS or KIS (not a PES itself)'), ('jst', 'local government (not a PES)'), ('grupa_inicjatywna', 'initiative group (not a PES yet)'), ('inny', 'other (not a PES)')], max_length=40, verbose_name='Kind of organisation'),
        ),
        migrations.AddConstraint(
            model_name='organisationsupportapplication',
            constraint=models.CheckConstraint(condition=models.Q(('complete', False), models.Q(('enterprise_status__in', ['yes', 'planned', 'no']), ('help_kind__in', ['status', 'jobs', 'advice', 'procurement', 'partnership', 'unsure']), ('legal_form__in', ['cooperative', 'association', 'simple_association', 'foundation', 'union', 'kgw', 'osp', 'limited_company', 'joint_stock_company', 'church', 'public', 'organisational_unit', 'sole_trader', 'informal', 'other']), ('pes_type__in', ['spoldzielnia_socjalna', 'wtz', 'zaz', 'cis', 'kis', 'spoldzielnia_pracy', 'spoldzielnia_inwalidow', 'spoldzielnia_niewidomych', 'spoldzielnia_produkcji_rolnej', 'ngo', 'koscielna_osoba_prawna', 'stowarzyszenie_jst', 'spolka_non_profit', 'klub_sportowy_spolka', 'jednostka_tworzaca', 'jst', 'grupa_inicjatywna', 'inny']), models.Q(('description', ''), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('nip', ''), _negated=True), models.Q(('building', ''), _negated=True), models.Q(('postal_code', ''), _negated=True), models.Q(('locality', ''), _negated=True), models.Q(('contact_first_name', ''), _negated=True), models.Q(('contact_last_name', ''), _negated=True), models.Q(('email', ''), _negated=True)), _connector='OR'), name='organisationsupport_whole'),
        ),
        migrations.AddField(
            model_name='groupmemberevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='groupmemberevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.groupmember'),
        ),
        migrations.AddField(
            model_name='groupsupportapplication',
            name='commune',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.commune', verbose_name='Commune'),
        ),
        migrations.AddField(
            model_name='groupmemberevent',
            name='answers',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.groupsupportapplication'),
        ),
        migrations.AddField(
            model_name='groupmember',
            name='answers',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='cases.groupsupportapplication'),
        ),
        migrations.AddField(
            model_name='groupsupportapplicationevent',
            name='application',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to='intake.application'),
        ),
        migrations.AddField(
            model_name='groupsupportapplicationevent',
            name='commune',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.commune', verbose_name='Commune'),
        ),
        migrations.AddField(
            model_name='groupsupportapplicationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='groupsupportapplicationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.groupsupportapplication'),
        ),
        migrations.AddConstraint(
            model_name='groupsupportapplication',
            constraint=models.CheckConstraint(condition=models.Q(('complete', False), models.Q(('planned_pes_type__in', ['social_cooperative', 'association', 'foundation', 'company', 'other', 'unsure']), models.Q(('name', ''), _negated=True), models.Q(('idea', ''), _negated=True), models.Q(('locality', ''), _negated=True), models.Q(('first_name', ''), _negated=True), models.Q(('last_name', ''), _negated=True), models.Q(('email', ''), _negated=True)), _connector='OR'), name='groupsupport_whole'),
        ),
        migrations.AddConstraint(
            model_name='groupmember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_name', ''), _negated=True), models.Q(('last_name', ''), _negated=True)), name='groupmember_named'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='520337e74bbfd93ad5e96a71ff46d6faa183950b', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_5f655', table='cases_case', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationsupportapplication',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='eafd41f69f58efadef196c28633265fd9238891f', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_49789', table='cases_organisationsupportapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personsupportapplication',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='00b56502f7b8b031ea9f4191f4ed72f5f1012fe2', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_21515', table='cases_personsupportapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planitem',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='a70285896330d7fa68e1e98f4a7cc06f6deeab26', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_d1b6f', table='cases_planitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='985525268db9e92d0d581079a32b3375a2cc17ea', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_1792c', table='cases_service', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupsupportapplication',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_groupsupportapplicationevent" ("application_id", "commune_id", "complete", "email", "first_name", "idea", "last_name", "locality", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "planned_pes_type", "postal_code") VALUES (NEW."application_id", NEW."commune_id", NEW."complete", NEW."email", NEW."first_name", NEW."idea", NEW."last_name", NEW."locality", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."application_id", NEW."phone", NEW."planned_pes_type", NEW."postal_code"); RETURN NULL;', hash='36c48a483d0927f1a346067ccfb171c118c4c6c0', operation='INSERT', pgid='pgtrigger_insert_insert_f97f8', table='cases_groupsupportapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupsupportapplication',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_groupsupportapplicationevent" ("application_id", "commune_id", "complete", "email", "first_name", "idea", "last_name", "locality", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "planned_pes_type", "postal_code") VALUES (NEW."application_id", NEW."commune_id", NEW."complete", NEW."email", NEW."first_name", NEW."idea", NEW."last_name", NEW."locality", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."application_id", NEW."phone", NEW."planned_pes_type", NEW."postal_code"); RETURN NULL;', hash='dec392286d626eef05b9cef1442dea85dce4b7f4', operation='UPDATE', pgid='pgtrigger_update_update_ccc8c', table='cases_groupsupportapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupsupportapplication',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_groupsupportapplicationevent" ("application_id", "commune_id", "complete", "email", "first_name", "idea", "last_name", "locality", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "planned_pes_type", "postal_code") VALUES (OLD."application_id", OLD."commune_id", OLD."complete", OLD."email", OLD."first_name", OLD."idea", OLD."last_name", OLD."locality", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."application_id", OLD."phone", OLD."planned_pes_type", OLD."postal_code"); RETURN NULL;', hash='00f892fc717fe51eef1b6709be1d8ef70581d67a', operation='DELETE', pgid='pgtrigger_delete_delete_bc0ce', table='cases_groupsupportapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupsupportapplication',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='cf7ac342b935041346f5f44a741f12c5121de038', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_f5418', table='cases_groupsupportapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmemberevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f83fe1906924dc8bbc1e778dff03e914f0bdb7fa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ccceb', table='cases_groupmemberevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmember',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_groupmemberevent" ("answers_id", "email", "first_name", "id", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") VALUES (NEW."answers_id", NEW."email", NEW."first_name", NEW."id", NEW."last_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone"); RETURN NULL;', hash='2806ecdeae465b3e7f19184b079538dfc36e8d99', operation='INSERT', pgid='pgtrigger_insert_insert_2dae2', table='cases_groupmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmember',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_groupmemberevent" ("answers_id", "email", "first_name", "id", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") VALUES (NEW."answers_id", NEW."email", NEW."first_name", NEW."id", NEW."last_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone"); RETURN NULL;', hash='90507cee7db68a7ab0fbea6187553e45310d0796', operation='UPDATE', pgid='pgtrigger_update_update_f2a4d', table='cases_groupmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmember',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_groupmemberevent" ("answers_id", "email", "first_name", "id", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") VALUES (OLD."answers_id", OLD."email", OLD."first_name", OLD."id", OLD."last_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone"); RETURN NULL;', hash='bdd56ea8cc2e1b9ebc043606f44d686403375f45', operation='DELETE', pgid='pgtrigger_delete_delete_02fb3', table='cases_groupmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmember',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='43a2b9b0fd36e4295ab2e0a132b2233ddc7246a4', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_6b04d', table='cases_groupmember', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupsupportapplicationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fc135ca1154e356a57702c316047ffceb5d6de1d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0fe0c', table='cases_groupsupportapplicationevent', when='BEFORE')),
        ),
    ]
