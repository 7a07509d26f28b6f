
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0005_arrears'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LoanJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('position', models.CharField(max_length=120, verbose_name='position')),
                ('posts', models.DecimalField(decimal_places=2, max_digits=3, verbose_name='full-time posts')),
                ('at_risk', models.CharField(choices=[('yes', 'yes'), ('no', 'no')], max_length=3, verbose_name='for a person at risk of social exclusion')),
                ('woman', models.CharField(blank=True, choices=[('yes', 'yes'), ('no', 'no')], max_length=3, verbose_name='a woman works there')),
                ('state', models.CharField(choices=[('planned', 'to be created'), ('created', 'created'), ('kept', 'kept'), ('missed', 'not created'), ('ended_early', 'ended too early')], default='planned', max_length=12, verbose_name='state')),
                ('promised_by', models.DateField(verbose_name='promised by')),
                ('create_by', models.DateField(verbose_name='to be created by')),
                ('extended_because', models.CharField(blank=True, max_length=300, verbose_name='grounds of the extension')),
                ('created_on', models.DateField(blank=True, null=True, verbose_name='created on')),
                ('keep_until', models.DateField(blank=True, null=True, verbose_name='to be kept until')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('consequence', models.TextField(blank=True, verbose_name='what the agreement says of it')),
                ('annex', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='loans.annex', verbose_name='annex')),
                ('created_proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loanpaper', verbose_name='proof that it was created')),
                ('extended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='extended by')),
                ('kept_proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loanpaper', verbose_name='proof that it was kept')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='loans.loan')),
                ('planned', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promised', to='loans.plannedjob', verbose_name='planned job')),
            ],
            options={
                'verbose_name': 'job promised with a loan',
                'verbose_name_plural': 'jobs promised with loans',
                'ordering': ['loan_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='LoanJobEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('position', models.CharField(max_length=120, verbose_name='position')),
                ('posts', models.DecimalField(decimal_places=2, max_digits=3, verbose_name='full-time posts')),
                ('at_risk', models.CharField(choices=[('yes', 'yes'), ('no', 'no')], max_length=3, verbose_name='for a person at risk of social exclusion')),
                ('woman', models.CharField(blank=True, choices=[('yes', 'yes'), ('no', 'no')], max_length=3, verbose_name='a woman works there')),
                ('state', models.CharField(choices=[('planned', 'to be created'), ('created', 'created'), ('kept', 'kept'), ('missed', 'not created'), ('ended_early', 'ended too early')], default='planned', max_length=12, verbose_name='state')),
                ('promised_by', models.DateField(verbose_name='promised by')),
                ('create_by', models.DateField(verbose_name='to be created by')),
                ('extended_because', models.CharField(blank=True, max_length=300, verbose_name='grounds of the extension')),
                ('created_on', models.DateField(blank=True, null=True, verbose_name='created on')),
                ('keep_until', models.DateField(blank=True, null=True, verbose_name='to be kept until')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('consequence', models.TextField(blank=True, verbose_name='what the agreement says of it')),
                ('annex', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.annex', verbose_name='annex')),
                ('created_proof', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.loanpaper', verbose_name='proof that it was created')),
                ('extended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='extended by')),
                ('kept_proof', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.loanpaper', verbose_name='proof that it was kept')),
                ('loan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.loan')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='loans.loanjob')),
                ('planned', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.plannedjob', verbose_name='planned job')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LoanLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('email', models.EmailField(max_length=254, verbose_name='sent to')),
                ('at', models.DateTimeField(verbose_name='sent')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='loans.loan')),
            ],
            options={
                'verbose_name': 'link to a loan',
                'verbose_name_plural': 'links to loans',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('subject', models.CharField(max_length=200, verbose_name='what is looked at')),
                ('planned_on', models.DateField(verbose_name='planned for')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('findings', 'something to be set right'), ('closed', 'closed'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='state')),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='held on')),
                ('protocol', models.TextField(blank=True, verbose_name='protocol')),
                ('findings', models.TextField(blank=True, verbose_name='findings')),
                ('fix_by', models.DateField(blank=True, null=True, verbose_name='to be set right by')),
                ('held_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='held by')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='loans.loan')),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loanpaper', verbose_name='signed protocol')),
            ],
            options={
                'verbose_name': 'visit to a borrower',
                'verbose_name_plural': 'visits to borrowers',
                'ordering': ['loan_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='VisitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('subject', models.CharField(max_length=200, verbose_name='what is looked at')),
                ('planned_on', models.DateField(verbose_name='planned for')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('findings', 'something to be set right'), ('closed', 'closed'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='state')),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='held on')),
                ('protocol', models.TextField(blank=True, verbose_name='protocol')),
                ('findings', models.TextField(blank=True, verbose_name='findings')),
                ('fix_by', models.DateField(blank=True, null=True, verbose_name='to be set right by')),
                ('held_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='held by')),
                ('loan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.loan')),
                ('paper', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.loanpaper', verbose_name='signed protocol')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='loans.visit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='YearlyPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('kind', models.CharField(choices=[('statement', 'financial statement of the year'), ('jobs', 'declaration on jobs of the year'), ('de_minimis', 'statement of de minimis aid of the year')], max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('waiting', 'waited for'), ('received', 'received'), ('waived', 'not needed')], default='waiting', max_length=10, verbose_name='state')),
                ('due_on', models.DateField(verbose_name='to come by')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='came on')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='yearly_papers', to='loans.loan')),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loanpaper', verbose_name='paper')),
            ],
            options={
                'verbose_name': 'yearly paper of a borrower',
                'verbose_name_plural': 'yearly papers of borrowers',
                'ordering': ['loan_id', '-year', 'kind'],
            },
        ),
        migrations.CreateModel(
            name='YearlyPaperEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('kind', models.CharField(choices=[('statement', 'financial statement of the year'), ('jobs', 'declaration on jobs of the year'), ('de_minimis', 'statement of de minimis aid of the year')], max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('waiting', 'waited for'), ('received', 'received'), ('waived', 'not needed')], default='waiting', max_length=10, verbose_name='state')),
                ('due_on', models.DateField(verbose_name='to come by')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='came on')),
                ('loan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.loan')),
                ('paper', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.loanpaper', verbose_name='paper')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='loans.yearlypaper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='loanjob',
            index=models.Index(condition=models.Q(('state', 'planned')), fields=['create_by', 'id'], name='loanjob_to_create'),
        ),
        migrations.AddIndex(
            model_name='loanjob',
            index=models.Index(condition=models.Q(('state', 'created')), fields=['keep_until', 'id'], name='loanjob_to_keep'),
        ),
        migrations.AddConstraint(
            model_name='loanjob',
            constraint=models.UniqueConstraint(fields=('loan', 'number'), name='loanjob_once'),
        ),
        migrations.AddConstraint(
            model_name='loanjob',
            constraint=models.CheckConstraint(condition=models.Q(('at_risk__in', ['yes', 'no']), ('number__gt', 0), ('posts__gt', 0), ('posts__lte', 1), ('state__in', ['planned', 'created', 'kept', 'missed', 'ended_early']), ('woman__in', ['', 'yes', 'no']), models.Q(('position', ''), _negated=True)), name='loanjob_known'),
        ),
        migrations.AddConstraint(
            model_name='loanjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('create_by', models.F('promised_by')), ('extended_because', ''), ('extended_by', None)), models.Q(('create_by__gt', models.F('promised_by')), ('extended_by__isnull', False), models.Q(('extended_because', ''), _negated=True)), _connector='OR'), name='loanjob_extended', violation_error_message='A longer time ends after the first one, and has its grounds.'),
        ),
        migrations.AddConstraint(
            model_name='loanjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('created_on', None), ('created_proof', None), ('ended_on', None), ('keep_until', None), ('kept_proof', None), ('state__in', ['planned', 'missed'])), models.Q(('created_proof__isnull', False), ('keep_until__gt', models.F('created_on')), models.Q(models.Q(('ended_on', None), ('kept_proof', None), ('state', 'created')), models.Q(('ended_on', None), ('kept_proof__isnull', False), ('state', 'kept')), models.Q(('ended_on__gte', models.F('created_on')), ('kept_proof', None), ('state', 'ended_early'), ('ended_on__lt', models.F('keep_until'))), _connector='OR')), _connector='OR'), name='loanjob_as_far_as_it_is', violation_error_message='A job ends no earlier than it was created, and before it was kept.'),
        ),
        migrations.AddConstraint(
            model_name='loanjob',
            constraint=models.CheckConstraint(condition=models.Q(('annex', None), ('state__in', ('missed', 'ended_early')), _connector='OR'), name='loanjob_annex'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{created:ended_early,created:kept,ended_early:created,missed:planned,planned:created,planned:missed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='089c9cf30e9d077cc941a8f0a64ef61cd5c21b7c', operation='UPDATE', pgid='pgtrigger_legal_moves_6926f', table='loans_loanjob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='866de1e22b8c5687b250bc3da4894be9b9d4b092', operation='DELETE', pgid='pgtrigger_never_deleted_3554e', table='loans_loanjob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='as_promised', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."loan_id" IS DISTINCT FROM (NEW."loan_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."planned_id" IS DISTINCT FROM (NEW."planned_id") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."posts" IS DISTINCT FROM (NEW."posts") OR OLD."promised_by" IS DISTINCT FROM (NEW."promised_by"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4bb581e0a2ca4b0b1aa0b616b40412ee8848c1f9', operation='UPDATE', pgid='pgtrigger_as_promised_2934c', table='loans_loanjob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='extended_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."create_by" IS DISTINCT FROM (NEW."create_by") AND OLD."extended_by_id" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1d9081ac26d96b0b054088d03f17cd8ec3a4474b', operation='UPDATE', pgid='pgtrigger_extended_once_fd46d', table='loans_loanjob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='begins_planned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'planned\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='c487399ee8f061a3b8da88e7be493fc2cabeec2f', operation='INSERT', pgid='pgtrigger_begins_planned_de2c7', table='loans_loanjob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='of_one_loan', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT 1 FROM loans_annex WHERE id = NEW.annex_id AND loan_id <> NEW.loan_id)\n                        OR EXISTS (\n                            SELECT 1 FROM loans_loanpaper WHERE id IN (NEW.created_proof_id, NEW.kept_proof_id)\n                                AND loan_id <> NEW.loan_id\n                        )\n                    THEN\n                        RAISE EXCEPTION 'The annex or the proof is of another loan'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'loanjob_of_one_loan';\n                    END IF;\n                    RETURN NEW;\n                ", hash='bb6d65ef79e4979cb96b6b182ed7c4f136b10a1b', operation='INSERT OR UPDATE', pgid='pgtrigger_of_one_loan_ed318', table='loans_loanjob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "loans_loanjobevent" ("annex_id", "at_risk", "consequence", "create_by", "created_on", "created_proof_id", "ended_on", "extended_because", "extended_by_id", "id", "keep_until", "kept_proof_id", "loan_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_id", "position", "posts", "promised_by", "state", "woman") VALUES (NEW."annex_id", NEW."at_risk", NEW."consequence", NEW."create_by", NEW."created_on", NEW."created_proof_id", NEW."ended_on", NEW."extended_because", NEW."extended_by_id", NEW."id", NEW."keep_until", NEW."kept_proof_id", NEW."loan_id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_id", NEW."position", NEW."posts", NEW."promised_by", NEW."state", NEW."woman"); RETURN NULL;', hash='ea982a9eb1a27c55594660a6a644dd377bc9dd04', operation='INSERT', pgid='pgtrigger_insert_insert_5d09f', table='loans_loanjob', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "loans_loanjobevent" ("annex_id", "at_risk", "consequence", "create_by", "created_on", "created_proof_id", "ended_on", "extended_because", "extended_by_id", "id", "keep_until", "kept_proof_id", "loan_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_id", "position", "posts", "promised_by", "state", "woman") VALUES (NEW."annex_id", NEW."at_risk", NEW."consequence", NEW."create_by", NEW."created_on", NEW."created_proof_id", NEW."ended_on", NEW."extended_because", NEW."extended_by_id", NEW."id", NEW."keep_until", NEW."kept_proof_id", NEW."loan_id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_id", NEW."position", NEW."posts", NEW."promised_by", NEW."state", NEW."woman"); RETURN NULL;', hash='f58b360627033dc4ac35632bbb124b1c28447091', operation='UPDATE', pgid='pgtrigger_update_update_fc1c6', table='loans_loanjob', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "loans_loanjobevent" ("annex_id", "at_risk", "consequence", "create_by", "created_on", "created_proof_id", "ended_on", "extended_because", "extended_by_id", "id", "keep_until", "kept_proof_id", "loan_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_id", "position", "posts", "promised_by", "state", "woman") VALUES (OLD."annex_id", OLD."at_risk", OLD."consequence", OLD."create_by", OLD."created_on", OLD."created_proof_id", OLD."ended_on", OLD."extended_because", OLD."extended_by_id", OLD."id", OLD."keep_until", OLD."kept_proof_id", OLD."loan_id", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_id", OLD."position", OLD."posts", OLD."promised_by", OLD."state", OLD."woman"); RETURN NULL;', hash='42175c0f405074ca4c6ea19ee2141733f314dd15', operation='DELETE', pgid='pgtrigger_delete_delete_612ff', table='loans_loanjob', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjob',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='3fa2df27a02b97103ff7a23009eaa21d9f499b21', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_e2ce1', table='loans_loanjob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanjobevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fbf574a2889d5bfed5314d40d73f78db2f44d482', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a1855', table='loans_loanjobevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='loanlink',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('loan',), name='loanlink_one_open'),
        ),
        migrations.AddConstraint(
            model_name='loanlink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('at'))), name='loanlink_expires'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanlink',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ddd04cba93b1192bbf07f94f251acef629199322', operation='DELETE', pgid='pgtrigger_never_deleted_b0c1e', table='loans_loanlink', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanlink',
            trigger=pgtrigger.compiler.Trigger(name='as_sent', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."loan_id" IS DISTINCT FROM (NEW."loan_id") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d42003f0c558c4570c13ade0994ef4ce15160ae9', operation='UPDATE', pgid='pgtrigger_as_sent_9cd6b', table='loans_loanlink', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='loanlink',
            trigger=pgtrigger.compiler.Trigger(name='closed_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") AND OLD."closed_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='814b644d97773faced0753bb74ade0ad06ff88b9', operation='UPDATE', pgid='pgtrigger_closed_once_ead00', table='loans_loanlink', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('state__in', ['planned', 'held'])), fields=['planned_on', 'id'], name='visit_to_hold'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('state', 'findings')), fields=['fix_by', 'id'], name='visit_to_fix'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.UniqueConstraint(fields=('loan', 'number'), name='visit_once'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0), ('state__in', ['planned', 'held', 'findings', 'closed', 'cancelled']), models.Q(('subject', ''), _negated=True)), name='visit_known'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('findings', ''), ('fix_by', None), ('held_by', None), ('held_on', None), ('paper', None), ('protocol', ''), ('state__in', ['planned', 'cancelled'])), models.Q(('held_by__isnull', False), ('held_on__isnull', False), models.Q(('protocol', ''), _negated=True), models.Q(models.Q(('findings', ''), ('fix_by', None), ('state__in', ['held', 'closed'])), models.Q(('fix_by__gte', models.F('held_on')), ('state__in', ['findings', 'closed']), models.Q(('findings', ''), _negated=True)), _connector='OR')), _connector='OR'), name='visit_as_far_as_it_is', violation_error_message='Findings have a day by which they are set right, after the visit.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{findings:closed,held:closed,held:findings,planned:cancelled,planned:held}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='eeffb2be5e704f79f45770c27439760505ea375d', operation='UPDATE', pgid='pgtrigger_legal_moves_5bd5c', table='loans_visit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1b956d2e5487a3141a2e8141997a72d2d0e4d398', operation='DELETE', pgid='pgtrigger_never_deleted_bd8e8', table='loans_visit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='of_its_loan', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."loan_id" IS DISTINCT FROM (NEW."loan_id") OR OLD."number" IS DISTINCT FROM (NEW."number"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c90216058871c0ad972899c2953375046015ce9e', operation='UPDATE', pgid='pgtrigger_of_its_loan_48cf0', table='loans_visit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='as_held', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."planned_on" IS DISTINCT FROM (NEW."planned_on") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."protocol" IS DISTINCT FROM (NEW."protocol") OR OLD."paper_id" IS DISTINCT FROM (NEW."paper_id")) AND NOT (OLD."state" = \'planned\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8bd0ed82efd22292eb8ded767c2ba444f59c9d0d', operation='UPDATE', pgid='pgtrigger_as_held_39c7e', table='loans_visit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='as_found', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."findings" IS DISTINCT FROM (NEW."findings") OR OLD."fix_by" IS DISTINCT FROM (NEW."fix_by")) AND NOT (OLD."state" = \'held\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='339edcd39c17e5a9ffe1a08062f2d8f157f45bef', operation='UPDATE', pgid='pgtrigger_as_found_31848', table='loans_visit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='begins_planned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'planned\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='8f1ef8da44937701d8d70e5d7574f6f759b1a6c7', operation='INSERT', pgid='pgtrigger_begins_planned_92552', table='loans_visit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "loans_visitevent" ("findings", "fix_by", "held_by_id", "held_on", "id", "loan_id", "number", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "protocol", "state", "subject") VALUES (NEW."findings", NEW."fix_by", NEW."held_by_id", NEW."held_on", NEW."id", NEW."loan_id", NEW."number", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_on", NEW."protocol", NEW."state", NEW."subject"); RETURN NULL;', hash='1f6d79ce517e9ac56a819bf5807e0e28a2799dfb', operation='INSERT', pgid='pgtrigger_insert_insert_85caa', table='loans_visit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "loans_visitevent" ("findings", "fix_by", "held_by_id", "held_on", "id", "loan_id", "number", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "protocol", "state", "subject") VALUES (NEW."findings", NEW."fix_by", NEW."held_by_id", NEW."held_on", NEW."id", NEW."loan_id", NEW."number", NEW."paper_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_on", NEW."protocol", NEW."state", NEW."subject"); RETURN NULL;', hash='b035e04aee8c065e29e90761f8ba8e3820372302', operation='UPDATE', pgid='pgtrigger_update_update_d626b', table='loans_visit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "loans_visitevent" ("findings", "fix_by", "held_by_id", "held_on", "id", "loan_id", "number", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "protocol", "state", "subject") VALUES (OLD."findings", OLD."fix_by", OLD."held_by_id", OLD."held_on", OLD."id", OLD."loan_id", OLD."number", OLD."paper_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_on", OLD."protocol", OLD."state", OLD."subject"); RETURN NULL;', hash='e14f85cf8c881b00f859e6a22bbab1804e8283fe', operation='DELETE', pgid='pgtrigger_delete_delete_21e75', table='loans_visit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='e63a38eb4b02ca5071bf1f4933bdfcd1ee4a686a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_e68cc', table='loans_visit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a5304d11f15a5b712490aff0ba2bcc4407efc766', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_11baf', table='loans_visitevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='yearlypaper',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_on', 'id'], name='yearlypaper_waited'),
        ),
        migrations.AddConstraint(
            model_name='yearlypaper',
            constraint=models.UniqueConstraint(fields=('loan', 'year', 'kind'), name='yearlypaper_once'),
        ),
        migrations.AddConstraint(
            model_name='yearlypaper',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['statement', 'jobs', 'de_minimis']), ('state__in', ['waiting', 'received', 'waived']), ('year__range', (2000, 2199))), name='yearlypaper_known'),
        ),
        migrations.AddConstraint(
            model_name='yearlypaper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paper__isnull', False), ('received_on__isnull', False), ('state', 'received')), models.Q(models.Q(('state', 'received'), _negated=True), ('paper', None), ('received_on', None)), _connector='OR'), name='yearlypaper_received'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:received,waiting:waived}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='73f80bd0baa6f291338a6e2ca0abd7937aab5999', operation='UPDATE', pgid='pgtrigger_legal_moves_ab4bd', table='loans_yearlypaper', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8fc5189a9f263bedce9a020a22535984164366ba', operation='DELETE', pgid='pgtrigger_never_deleted_ccb9e', table='loans_yearlypaper', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='as_asked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."loan_id" IS DISTINCT FROM (NEW."loan_id") OR OLD."year" IS DISTINCT FROM (NEW."year") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e965550f3dc3d810b3df7f9c1322789aee5e31ee', operation='UPDATE', pgid='pgtrigger_as_asked_32727', table='loans_yearlypaper', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='begins_waited_for', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'waiting\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='17ff78cde1b182bea99411e761366f737b741920', operation='INSERT', pgid='pgtrigger_begins_waited_for_14b68', table='loans_yearlypaper', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "loans_yearlypaperevent" ("due_on", "id", "kind", "loan_id", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "state", "year") VALUES (NEW."due_on", NEW."id", NEW."kind", NEW."loan_id", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_on", NEW."state", NEW."year"); RETURN NULL;', hash='7b66270c7091ae716819db658ad1875eb7a0d61f', operation='INSERT', pgid='pgtrigger_insert_insert_b713d', table='loans_yearlypaper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "loans_yearlypaperevent" ("due_on", "id", "kind", "loan_id", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "state", "year") VALUES (NEW."due_on", NEW."id", NEW."kind", NEW."loan_id", NEW."paper_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_on", NEW."state", NEW."year"); RETURN NULL;', hash='2ca8779a44ad9abbe74ef415228bf95df39355f2', operation='UPDATE', pgid='pgtrigger_update_update_de6ec', table='loans_yearlypaper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "loans_yearlypaperevent" ("due_on", "id", "kind", "loan_id", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "state", "year") VALUES (OLD."due_on", OLD."id", OLD."kind", OLD."loan_id", OLD."paper_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."received_on", OLD."state", OLD."year"); RETURN NULL;', hash='f3b84c374f01076a70543a3bde732835c99fd166', operation='DELETE', pgid='pgtrigger_delete_delete_0a9be', table='loans_yearlypaper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaper',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='f867e5f83678da4842bf1ef176d3fb225a7929cd', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_dcf50', table='loans_yearlypaper', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='yearlypaperevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dc9c1bc3d8d6015dc26ee7e7cf342933f3d40f89', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f337b', table='loans_yearlypaperevent', when='BEFORE')),
        ),
    ]
