import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('intake', '0002_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('kit', '0004_ground_floor'),
        ('register', '0003_ground_floor'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('register', '0002_initial'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('resume', 'take up a draft or complete an application'), ('status', 'see where an application stands'), ('consents', 'withdraw consents')], max_length=20, verbose_name='purpose')),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('email', models.EmailField(max_length=254, verbose_name='sent to')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked')),
                ('used_at', models.DateTimeField(null=True, verbose_name='last used')),
            ],
            options={
                'verbose_name': 'link to an application',
                'verbose_name_plural': 'links to applications',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='why you do not agree')),
                ('submitted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='submitted')),
                ('upheld', models.BooleanField(null=True, verbose_name='upheld')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AppealEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.TextField(verbose_name='why you do not agree')),
                ('submitted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='submitted')),
                ('upheld', models.BooleanField(null=True, verbose_name='upheld')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.SlugField(max_length=40, verbose_name='kind of attachment')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='added')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AttachmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('rule', models.SlugField(db_index=False, max_length=40, verbose_name='kind of attachment')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='added')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=40, verbose_name='kind of application')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('text', models.TextField(blank=True, verbose_name='for whom and on what terms')),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(verbose_name='closes')),
                ('places', models.PositiveIntegerField(blank=True, help_text='empty: as many as there are', null=True, verbose_name='places on the main list')),
                ('reserve_places', models.PositiveIntegerField(blank=True, help_text='empty: as many as there are', null=True, verbose_name='places on the reserve list')),
                ('taken', models.PositiveIntegerField(default=0, editable=False, verbose_name='places taken')),
            ],
            options={
                'verbose_name': 'call',
                'verbose_name_plural': 'calls',
                'ordering': ['-opens_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CallEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(max_length=40, verbose_name='kind of application')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('text', models.TextField(blank=True, verbose_name='for whom and on what terms')),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(verbose_name='closes')),
                ('places', models.PositiveIntegerField(blank=True, help_text='empty: as many as there are', null=True, verbose_name='places on the main list')),
                ('reserve_places', models.PositiveIntegerField(blank=True, help_text='empty: as many as there are', null=True, verbose_name='places on the reserve list')),
                ('taken', models.PositiveIntegerField(default=0, editable=False, verbose_name='places taken')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CheckAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.SlugField(max_length=40, verbose_name='point')),
                ('verdict', models.CharField(choices=[('yes', 'met'), ('no', 'not met'), ('na', 'does not apply')], max_length=10, verbose_name='verdict')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'answer of the checklist',
                'verbose_name_plural': 'answers of the checklist',
            },
        ),
        migrations.CreateModel(
            name='CheckAnswerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('item', models.SlugField(db_index=False, max_length=40, verbose_name='point')),
                ('verdict', models.CharField(choices=[('yes', 'met'), ('no', 'not met'), ('na', 'does not apply')], max_length=10, verbose_name='verdict')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClauseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('controller', models.CharField(blank=True, max_length=200, verbose_name='controller')),
                ('purpose', models.CharField(blank=True, max_length=200, verbose_name='purpose')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('body', models.TextField(verbose_name='text')),
                ('title_en', models.CharField(max_length=200, verbose_name='title in English')),
                ('body_en', models.TextField(verbose_name='text in English')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CompletionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='what to complete')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None, verbose_name='fields')),
                ('attachments', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='attachments')),
                ('due_on', models.DateField(help_text='last day', verbose_name='until')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'request for completion',
                'verbose_name_plural': 'requests for completion',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CompletionRequestEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.TextField(verbose_name='what to complete')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None, verbose_name='fields')),
                ('attachments', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='attachments')),
                ('due_on', models.DateField(help_text='last day', verbose_name='until')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('channel', models.CharField(blank=True, choices=[('email', 'e-mail'), ('letter', 'letter'), ('in_person', 'in person'), ('phone', 'phone'), ('epuap', 'ePUAP or e-Delivery')], help_text='empty: by a form', max_length=20, verbose_name='how')),
                ('given_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='given')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ConsentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('channel', models.CharField(blank=True, choices=[('email', 'e-mail'), ('letter', 'letter'), ('in_person', 'in person'), ('phone', 'phone'), ('epuap', 'ePUAP or e-Delivery')], help_text='empty: by a form', max_length=20, verbose_name='how')),
                ('given_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='given')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('controller', models.CharField(max_length=200, verbose_name='controller')),
                ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                ('body', models.TextField(verbose_name='text')),
                ('body_en', models.TextField(verbose_name='text in English')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'text of a consent',
                'verbose_name_plural': 'texts of consents',
                'ordering': ['code', '-version'],
            },
        ),
        migrations.CreateModel(
            name='ConsentTextEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('controller', models.CharField(max_length=200, verbose_name='controller')),
                ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                ('body', models.TextField(verbose_name='text')),
                ('body_en', models.TextField(verbose_name='text in English')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conflict', models.BooleanField(verbose_name='conflict of interest')),
                ('text', models.TextField(blank=True, verbose_name='what the conflict is')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'declaration of impartiality',
                'verbose_name_plural': 'declarations of impartiality',
            },
        ),
        migrations.CreateModel(
            name='LetterTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='letter')),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
            ],
            options={
                'verbose_name': 'letter template',
                'verbose_name_plural': 'letter templates',
                'ordering': ['code', '-language'],
            },
        ),
        migrations.CreateModel(
            name='LetterTemplateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='letter')),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.TextField(verbose_name='question')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('verdict', models.CharField(blank=True, choices=[('for', 'for acceptance'), ('against', 'against acceptance'), ('unsure', 'more must be known')], max_length=10, verbose_name='opinion')),
                ('text', models.TextField(blank=True, verbose_name='reasons')),
                ('given_at', models.DateTimeField(null=True, verbose_name='given')),
            ],
            options={
                'verbose_name': 'opinion',
                'verbose_name_plural': 'opinions',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='OpinionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('question', models.TextField(verbose_name='question')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('verdict', models.CharField(blank=True, choices=[('for', 'for acceptance'), ('against', 'against acceptance'), ('unsure', 'more must be known')], max_length=10, verbose_name='opinion')),
                ('text', models.TextField(blank=True, verbose_name='reasons')),
                ('given_at', models.DateTimeField(null=True, verbose_name='given')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='application',
            name='legal_moves',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='application',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='application',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='application',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='application',
            name='application_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='application',
            name='application_decision_stamped',
        ),
        migrations.RemoveIndex(
            model_name='application',
            name='application_open',
        ),
        migrations.AddField(
            model_name='application',
            name='reserved_at',
            field=models.DateTimeField(null=True, verbose_name='put on the reserve list'),
        ),
        migrations.AddField(
            model_name='applicationevent',
            name='reserved_at',
            field=models.DateTimeField(null=True, verbose_name='put on the reserve list'),
        ),
        migrations.AddField(
            model_name='clause',
            name='controller',
            field=models.CharField(blank=True, max_length=200, verbose_name='controller'),
        ),
        migrations.AddField(
            model_name='clause',
            name='purpose',
            field=models.CharField(blank=True, max_length=200, verbose_name='purpose'),
        ),
        migrations.AlterField(
            model_name='application',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('submitted', 'new'), ('verification', 'in verification'), ('completion', 'to be completed'), ('reserve', 'on the reserve list'), ('accepted', 'accepted'), ('rejected', 'rejected'), ('appeal', 'under appeal'), ('withdrawn', 'withdrawn')], default='draft', max_length=20, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='applicationevent',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('submitted', 'new'), ('verification', 'in verification'), ('completion', 'to be completed'), ('reserve', 'on the reserve list'), ('accepted', 'accepted'), ('rejected', 'rejected'), ('appeal', 'under appeal'), ('withdrawn', 'withdrawn')], default='draft', max_length=20, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='accesslink',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='intake.application'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='against',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='intake.application'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='against',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='application',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.application'),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='decided_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.appeal'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='added_by',
            field=models.ForeignKey(help_text='empty: the applicant', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachment',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='intake.application'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='attachment', to='kit.storedfile', verbose_name='file'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='added_by',
            field=models.ForeignKey(db_constraint=False, help_text='empty: the applicant', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='application',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.application'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='file',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='kit.storedfile', verbose_name='file'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.attachment'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['kind', 'opens_at'], name='call_kind'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='call_dates', violation_error_message='A call closes after it opens.'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('places__isnull', True), ('taken__lte', models.F('places')), _connector='OR'), name='call_places', violation_error_message='More places are taken than that.'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='call_name'),
        ),
        migrations.AddField(
            model_name='application',
            name='call',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='intake.call', verbose_name='call'),
        ),
        migrations.AddField(
            model_name='applicationevent',
            name='call',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.call', verbose_name='call'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('state__in', ('submitted', 'verification', 'completion', 'reserve', 'appeal'))), fields=['submitted_at', 'id'], include=('state', 'unit', 'assignee'), name='application_open'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['call', 'state', 'reserved_at', 'id'], name='application_call'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'verification', 'completion', 'reserve', 'accepted', 'rejected', 'appeal', 'withdrawn'])), name='application_state_known'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ('accepted', 'rejected', 'appeal'))), models.Q(models.Q(('state__in', ('accepted', 'rejected', 'appeal')), _negated=True), ('decided_at__isnull', True), ('decided_by__isnull', True)), _connector='OR'), name='application_decision_stamped'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'reserve'), _negated=True), ('reserved_at__isnull', False), _connector='OR'), name='application_reserved_when'),
        ),
        migrations.AddField(
            model_name='callevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='callevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.call'),
        ),
        migrations.AddField(
            model_name='checkanswer',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_answers', to='intake.application'),
        ),
        migrations.AddField(
            model_name='checkanswer',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='checkanswerevent',
            name='application',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.application'),
        ),
        migrations.AddField(
            model_name='checkanswerevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='checkanswerevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='checkanswerevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.checkanswer'),
        ),
        migrations.AddField(
            model_name='clauseevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='clauseevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.clause'),
        ),
        migrations.AddField(
            model_name='completionrequest',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='completion_requests', to='intake.application'),
        ),
        migrations.AddField(
            model_name='completionrequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='completionrequestevent',
            name='application',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.application'),
        ),
        migrations.AddField(
            model_name='completionrequestevent',
            name='asked_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='completionrequestevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='completionrequestevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.completionrequest'),
        ),
        migrations.AddField(
            model_name='consent',
            name='application',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='intake.application'),
        ),
        migrations.AddField(
            model_name='consent',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='consent',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='register.person'),
        ),
        migrations.AddField(
            model_name='consent',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='application',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.application'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='noted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.person'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.consent'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='withdrawn_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='consenttext_version_once'),
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='consenttext_dates'),
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='consenttext_one_at_a_time'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='text',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.consenttext'),
        ),
        migrations.AddField(
            model_name='consent',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.consenttext'),
        ),
        migrations.AddField(
            model_name='consenttextevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='consenttextevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.consenttext'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='intake.application'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.UniqueConstraint(fields=('code', 'language'), name='lettertemplate_once'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('subject', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='lettertemplate_whole'),
        ),
        migrations.AddField(
            model_name='lettertemplateevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='lettertemplateevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.lettertemplate'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='intake.application'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='opinion',
            name='of',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to=settings.AUTH_USER_MODEL, verbose_name='who is asked'),
        ),
        migrations.AddField(
            model_name='opinionevent',
            name='application',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.application'),
        ),
        migrations.AddField(
            model_name='opinionevent',
            name='asked_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='opinionevent',
            name='of',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is asked'),
        ),
        migrations.AddField(
            model_name='opinionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='opinionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='intake.opinion'),
        ),
        migrations.AddIndex(
            model_name='accesslink',
            index=models.Index(fields=['application', 'purpose'], name='accesslink_application'),
        ),
        migrations.AddConstraint(
            model_name='accesslink',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['resume', 'status', 'consents'])), name='accesslink_purpose'),
        ),
        migrations.AddConstraint(
            model_name='accesslink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='accesslink_expires'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('application',), name='appeal_one_open'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('upheld__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('upheld__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='appeal_decided_whole'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('against')), _negated=True), _connector='OR'), name='appeal_by_another'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='appeal_says_why'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(fields=['application', 'rule'], name='attachment_rule'),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.UniqueConstraint(fields=('application', 'item'), name='checkanswer_once'),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['yes', 'no', 'na'])), name='checkanswer_verdict'),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'no'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='checkanswer_no_says_why'),
        ),
        migrations.AddConstraint(
            model_name='completionrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('application',), name='completionrequest_one_open'),
        ),
        migrations.AddConstraint(
            model_name='completionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fields', []), _negated=True), models.Q(('attachments', []), _negated=True), _connector='OR'), name='completionrequest_asks_something'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('application__isnull', False), ('person__isnull', False), _connector='OR'), name='consent_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__gte', models.F('given_at')), ('withdrawn_at__isnull', False)), _connector='OR'), name='consent_withdrawn_later'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('application', 'text'), name='consent_once_an_application'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('person', 'text'), name='consent_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.UniqueConstraint(condition=models.Q(('conflict', False)), fields=('application', 'by'), name='declaration_once'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.UniqueConstraint(condition=models.Q(('conflict', True)), fields=('application', 'by'), name='declaration_conflict_once'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by', models.F('of')), _negated=True), name='opinion_of_another'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_at__isnull', True), ('text', ''), ('verdict', '')), models.Q(('given_at__isnull', False), ('verdict__in', ['for', 'against', 'unsure']), models.Q(('text', ''), _negated=True)), _connector='OR'), name='opinion_given_whole'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(condition=models.Q(('given_at__isnull', True)), fields=('application', 'of'), name='opinion_asked_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{appeal:rejected,appeal:verification,completion:rejected,completion:verification,completion:withdrawn,draft:submitted,rejected:appeal,reserve:accepted,reserve:rejected,reserve:verification,reserve:withdrawn,submitted:verification,submitted:withdrawn,verification:accepted,verification:completion,verification:rejected,verification:reserve,verification:verification,verification:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='05f00e71afeb824d0c4fcb49640d5fa13e34e360', operation='UPDATE', pgid='pgtrigger_legal_moves_013b9', table='intake_application', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_applicationevent" ("applicant", "assignee_id", "call_id", "created_at", "decided_at", "decided_by_id", "decision_reason", "email", "id", "kind", "language", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "request", "reserved_at", "saved_at", "state", "submitted_at", "unit_id") VALUES (NEW."applicant", NEW."assignee_id", NEW."call_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."email", NEW."id", NEW."kind", NEW."language", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."public_id", NEW."request", NEW."reserved_at", NEW."saved_at", NEW."state", NEW."submitted_at", NEW."unit_id"); RETURN NULL;', hash='3d327b0d7bdd3a1bbd28eedbb2b9875a0cd26337', operation='INSERT', pgid='pgtrigger_insert_insert_ea82b', table='intake_application', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."applicant" IS DISTINCT FROM (NEW."applicant") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."call_id" IS DISTINCT FROM (NEW."call_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."decision_reason" IS DISTINCT FROM (NEW."decision_reason") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."request" IS DISTINCT FROM (NEW."request") OR OLD."reserved_at" IS DISTINCT FROM (NEW."reserved_at") OR OLD."saved_at" IS DISTINCT FROM (NEW."saved_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "intake_applicationevent" ("applicant", "assignee_id", "call_id", "created_at", "decided_at", "decided_by_id", "decision_reason", "email", "id", "kind", "language", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "request", "reserved_at", "saved_at", "state", "submitted_at", "unit_id") VALUES (NEW."applicant", NEW."assignee_id", NEW."call_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."email", NEW."id", NEW."kind", NEW."language", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."public_id", NEW."request", NEW."reserved_at", NEW."saved_at", NEW."state", NEW."submitted_at", NEW."unit_id"); RETURN NULL;', hash='75855c4ca1ecc9f90130e1b408afdcf0cf04d254', operation='UPDATE', pgid='pgtrigger_update_update_1bd8f', table='intake_application', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_applicationevent" ("applicant", "assignee_id", "call_id", "created_at", "decided_at", "decided_by_id", "decision_reason", "email", "id", "kind", "language", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "request", "reserved_at", "saved_at", "state", "submitted_at", "unit_id") VALUES (OLD."applicant", OLD."assignee_id", OLD."call_id", OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."decision_reason", OLD."email", OLD."id", OLD."kind", OLD."language", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."public_id", OLD."request", OLD."reserved_at", OLD."saved_at", OLD."state", OLD."submitted_at", OLD."unit_id"); RETURN NULL;', hash='b9ac3cd817ea57693d66528dbff882a09aac0685', operation='DELETE', pgid='pgtrigger_delete_delete_e1672', table='intake_application', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='003755749d57e07baa77aa6f07e65cbb1e4f5c53', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_49230', table='intake_application', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_clauseevent" ("body", "body_en", "code", "controller", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "title", "title_en", "valid_from", "valid_to", "version") VALUES (NEW."body", NEW."body_en", NEW."code", NEW."controller", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."title", NEW."title_en", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='392551210075fc17a31c3899800e81761941257d', operation='INSERT', pgid='pgtrigger_insert_insert_4c325', table='intake_clause', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_clauseevent" ("body", "body_en", "code", "controller", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "title", "title_en", "valid_from", "valid_to", "version") VALUES (NEW."body", NEW."body_en", NEW."code", NEW."controller", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."title", NEW."title_en", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='b0becf17f9aaa13fccb0b15361979ebd4d7e445e', operation='UPDATE', pgid='pgtrigger_update_update_86178', table='intake_clause', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_clauseevent" ("body", "body_en", "code", "controller", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "title", "title_en", "valid_from", "valid_to", "version") VALUES (OLD."body", OLD."body_en", OLD."code", OLD."controller", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose", OLD."title", OLD."title_en", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;', hash='f6d4aab1ec17c0b53dac5d9ed480ec4a1f5140ca', operation='DELETE', pgid='pgtrigger_delete_delete_164b7', table='intake_clause', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='72a0f5a454a1f15dd584e92ee85656c44f044d9e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_7a42c', table='intake_clause', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fe60ef5437adc12934f0709af6d3ee31e7e48037', operation='DELETE', pgid='pgtrigger_never_deleted_46412', table='intake_call', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_callevent" ("closes_at", "id", "kind", "name", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "public_id", "reserve_places", "taken", "text") VALUES (NEW."closes_at", NEW."id", NEW."kind", NEW."name", NEW."opens_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."places", NEW."public_id", NEW."reserve_places", NEW."taken", NEW."text"); RETURN NULL;', hash='a53f49c8b346d0444868230bbd0569911ffc54e9', operation='INSERT', pgid='pgtrigger_insert_insert_84991', table='intake_call', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_callevent" ("closes_at", "id", "kind", "name", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "public_id", "reserve_places", "taken", "text") VALUES (NEW."closes_at", NEW."id", NEW."kind", NEW."name", NEW."opens_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."places", NEW."public_id", NEW."reserve_places", NEW."taken", NEW."text"); RETURN NULL;', hash='b94fb55e985de71faf47fbfadc925545444f27f6', operation='UPDATE', pgid='pgtrigger_update_update_95b21', table='intake_call', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_callevent" ("closes_at", "id", "kind", "name", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "public_id", "reserve_places", "taken", "text") VALUES (OLD."closes_at", OLD."id", OLD."kind", OLD."name", OLD."opens_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."places", OLD."public_id", OLD."reserve_places", OLD."taken", OLD."text"); RETURN NULL;', hash='ddb9a8cff1d5cb11b47efa7e80be18e6da8e104f', operation='DELETE', pgid='pgtrigger_delete_delete_7d9df', table='intake_call', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='01443307da166170626552fd6d8ef0be27b0613f', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_3924b', table='intake_call', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consenttext',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='6af9c0958ff675c17794db4f2f89b89698a6655a', operation='DELETE', pgid='pgtrigger_never_deleted_dac85', table='intake_consenttext', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consenttext',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_consenttextevent" ("body", "body_en", "code", "controller", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "valid_from", "valid_to", "version") VALUES (NEW."body", NEW."body_en", NEW."code", NEW."controller", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='9c0b530cf75a05e38bb3456143ee3d826dea5994', operation='INSERT', pgid='pgtrigger_insert_insert_8df55', table='intake_consenttext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consenttext',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_consenttextevent" ("body", "body_en", "code", "controller", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "valid_from", "valid_to", "version") VALUES (NEW."body", NEW."body_en", NEW."code", NEW."controller", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='26017953e1d5f2696b53cb8ebe0157acab86f542', operation='UPDATE', pgid='pgtrigger_update_update_69cd8', table='intake_consenttext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consenttext',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_consenttextevent" ("body", "body_en", "code", "controller", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "valid_from", "valid_to", "version") VALUES (OLD."body", OLD."body_en", OLD."code", OLD."controller", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;', hash='ae8e8993269b2a9af60467b8b5eb8f111acb67b4', operation='DELETE', pgid='pgtrigger_delete_delete_8f10f', table='intake_consenttext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consenttext',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='e4aeaa83c8d380246e9afdfce2fefec844c076f0', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_278f4', table='intake_consenttext', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplate',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f4bb7ff6205c3762267dfcb406162a964df36593', operation='DELETE', pgid='pgtrigger_never_deleted_52912', table='intake_lettertemplate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_lettertemplateevent" ("body", "code", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") VALUES (NEW."body", NEW."code", NEW."id", NEW."language", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."subject"); RETURN NULL;', hash='feb885c055bf1559ca5c9f0969702676d8f6520c', operation='INSERT', pgid='pgtrigger_insert_insert_c5a74', table='intake_lettertemplate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_lettertemplateevent" ("body", "code", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") VALUES (NEW."body", NEW."code", NEW."id", NEW."language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."subject"); RETURN NULL;', hash='cdba0a34013d5b5b12f6c10b5306942d844d2d27', operation='UPDATE', pgid='pgtrigger_update_update_17f8e', table='intake_lettertemplate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplate',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_lettertemplateevent" ("body", "code", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") VALUES (OLD."body", OLD."code", OLD."id", OLD."language", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."subject"); RETURN NULL;', hash='ffa22e6f314db9486a2e2b9d67ee5da55c438f6c', operation='DELETE', pgid='pgtrigger_delete_delete_f8679', table='intake_lettertemplate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplate',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='f79f15e51842f76724c081a235ed8c83936d0c5f', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_f898c', table='intake_lettertemplate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='eaaaa8a56bfe2410f26dbdeaf1de66fa56a6c7e5', operation='DELETE', pgid='pgtrigger_never_deleted_96d63', table='intake_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_appealevent" ("against_id", "application_id", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "submitted_at", "text", "upheld") VALUES (NEW."against_id", NEW."application_id", NEW."decided_at", NEW."decided_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."submitted_at", NEW."text", NEW."upheld"); RETURN NULL;', hash='e5fecd18372265aa9f56ba0841b856a0503acda4', operation='INSERT', pgid='pgtrigger_insert_insert_0bb93', table='intake_appeal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_appealevent" ("against_id", "application_id", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "submitted_at", "text", "upheld") VALUES (NEW."against_id", NEW."application_id", NEW."decided_at", NEW."decided_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."submitted_at", NEW."text", NEW."upheld"); RETURN NULL;', hash='6072b002dc693adfe360e5bba05b81a5fb65ef37', operation='UPDATE', pgid='pgtrigger_update_update_f7ffe', table='intake_appeal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_appealevent" ("against_id", "application_id", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "submitted_at", "text", "upheld") VALUES (OLD."against_id", OLD."application_id", OLD."decided_at", OLD."decided_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."submitted_at", OLD."text", OLD."upheld"); RETURN NULL;', hash='0ae32ab17f6dd7b372cea727e871311d88e1f5ed', operation='DELETE', pgid='pgtrigger_delete_delete_d8b99', table='intake_appeal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='1ca27625865a7a6d11af8e58e84cd90a943f13b6', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_dcf25', table='intake_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appealevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c20dff1ba8a5ea628266f1150d74e694c6863a24', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3c3d5', table='intake_appealevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_attachmentevent" ("added_at", "added_by_id", "application_id", "file_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule") VALUES (NEW."added_at", NEW."added_by_id", NEW."application_id", NEW."file_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rule"); RETURN NULL;', hash='580d40c23e161b81c2747c37a89e0b77b3034ce5', operation='INSERT', pgid='pgtrigger_insert_insert_09050', table='intake_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_attachmentevent" ("added_at", "added_by_id", "application_id", "file_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule") VALUES (NEW."added_at", NEW."added_by_id", NEW."application_id", NEW."file_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rule"); RETURN NULL;', hash='e3ffeab1da5bed9a8db526625bb0b07968709753', operation='UPDATE', pgid='pgtrigger_update_update_fe098', table='intake_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_attachmentevent" ("added_at", "added_by_id", "application_id", "file_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule") VALUES (OLD."added_at", OLD."added_by_id", OLD."application_id", OLD."file_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rule"); RETURN NULL;', hash='7c4f1e0232c792453c826a371b22af6c6bd74589', operation='DELETE', pgid='pgtrigger_delete_delete_31b02', table='intake_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='77ccd64240a1d2f844d31865dbd37d31f4b5cb28', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_db163', table='intake_attachment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ba5bb8b599e0b098ee86a50152ae1ba186cafc87', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a3e42', table='intake_attachmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2bfb48954978672df064b3ac840bc5ac8f0f13c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_439cc', table='intake_callevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkanswer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_checkanswerevent" ("application_id", "at", "by_id", "id", "item", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "verdict") VALUES (NEW."application_id", NEW."at", NEW."by_id", NEW."id", NEW."item", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."verdict"); RETURN NULL;', hash='06d1b4c5f9e01663ebf8c5e2fc8e43337e900824', operation='INSERT', pgid='pgtrigger_insert_insert_5ec25', table='intake_checkanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkanswer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_checkanswerevent" ("application_id", "at", "by_id", "id", "item", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "verdict") VALUES (NEW."application_id", NEW."at", NEW."by_id", NEW."id", NEW."item", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."verdict"); RETURN NULL;', hash='4a22c200b5d4544897d122672d2697fa10936026', operation='UPDATE', pgid='pgtrigger_update_update_66e26', table='intake_checkanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkanswer',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_checkanswerevent" ("application_id", "at", "by_id", "id", "item", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "verdict") VALUES (OLD."application_id", OLD."at", OLD."by_id", OLD."id", OLD."item", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."verdict"); RETURN NULL;', hash='c4c55604379efaddd912de812601fbed18e8ebe7', operation='DELETE', pgid='pgtrigger_delete_delete_786cd', table='intake_checkanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkanswer',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='0f18539fa42590641137a4baf87e9edb1e2c9806', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_2b7f9', table='intake_checkanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkanswerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0ff3f71550c5755b3d547dd6205c37805861ab4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4b0cc', table='intake_checkanswerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clauseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3f7860dd44cc1a8e141c955cff5eaec88d449550', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a24a6', table='intake_clauseevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='completionrequest',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a1686fd95eb95191f1a3c3b7e9967edf75420d6d', operation='DELETE', pgid='pgtrigger_never_deleted_b1b9a', table='intake_completionrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='completionrequest',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_completionrequestevent" ("answered_at", "application_id", "asked_at", "asked_by_id", "attachments", "due_on", "fields", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."answered_at", NEW."application_id", NEW."asked_at", NEW."asked_by_id", NEW."attachments", NEW."due_on", NEW."fields", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;', hash='7da693dff26644399d0f04deffc71698d4fa6519', operation='INSERT', pgid='pgtrigger_insert_insert_128b8', table='intake_completionrequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='completionrequest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_completionrequestevent" ("answered_at", "application_id", "asked_at", "asked_by_id", "attachments", "due_on", "fields", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."answered_at", NEW."application_id", NEW."asked_at", NEW."asked_by_id", NEW."attachments", NEW."due_on", NEW."fields", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;', hash='0f35f21cc034e97418560c8bafa46cc4f45907af', operation='UPDATE', pgid='pgtrigger_update_update_b409f', table='intake_completionrequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='completionrequest',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_completionrequestevent" ("answered_at", "application_id", "asked_at", "asked_by_id", "attachments", "due_on", "fields", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."answered_at", OLD."application_id", OLD."asked_at", OLD."asked_by_id", OLD."attachments", OLD."due_on", OLD."fields", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text"); RETURN NULL;', hash='d855acf9a52c8ecb2a72c4d919a6a686b4643c62', operation='DELETE', pgid='pgtrigger_delete_delete_2a93b', table='intake_completionrequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='completionrequest',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='07a2ee46d0878bc84ee86cd84bab47af28fae36e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_942f5', table='intake_completionrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='completionrequestevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4f022cd978cdd6ccf12dedd6f8b991a68154cb8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8fa4e', table='intake_completionrequestevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='60a4785ae7f9af1d1043de4bd9cf759b0b04bf13', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_049c1', table='intake_consentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b93a8b19059206cdf4fc1363c4119f6a9ed1d99d', operation='DELETE', pgid='pgtrigger_never_deleted_dbc1c', table='intake_consent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_consentevent" ("application_id", "channel", "given_at", "id", "noted_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "text_id", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."application_id", NEW."channel", NEW."given_at", NEW."id", NEW."noted_by_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."text_id", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;', hash='55a687c76e7d7b6a5a5f2963a1981aea704f3ba8', operation='INSERT', pgid='pgtrigger_insert_insert_4a9a0', table='intake_consent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_consentevent" ("application_id", "channel", "given_at", "id", "noted_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "text_id", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."application_id", NEW."channel", NEW."given_at", NEW."id", NEW."noted_by_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."text_id", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;', hash='0a0b9c7f9f26dc6e9715e034fb507f68f7e458a4', operation='UPDATE', pgid='pgtrigger_update_update_84e16', table='intake_consent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_consentevent" ("application_id", "channel", "given_at", "id", "noted_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "text_id", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."application_id", OLD."channel", OLD."given_at", OLD."id", OLD."noted_by_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."text_id", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;', hash='7cdd20b42f1dd5a2772a072ea28666efe044dba4', operation='DELETE', pgid='pgtrigger_delete_delete_54fc5', table='intake_consent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='f84b37b134feeba548f4d00c5bb00962c1d67f76', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_d79b6', table='intake_consent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consenttextevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='241f41c79f8022813c1472bfe8352e02aa589449', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9a847', table='intake_consenttextevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2e9bce2fb84639802bcd5cb22d8ded94e453caf5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2b13c', table='intake_declaration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplateevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0178e350e8ddd2946b56097d9a610e582940897a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3fa1c', table='intake_lettertemplateevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opinion',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3fc178cbe2ce3901bfd62b2aec6fa151ff6e1d72', operation='DELETE', pgid='pgtrigger_never_deleted_74ca1', table='intake_opinion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opinion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_opinionevent" ("application_id", "asked_at", "asked_by_id", "given_at", "id", "of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "text", "verdict") VALUES (NEW."application_id", NEW."asked_at", NEW."asked_by_id", NEW."given_at", NEW."id", NEW."of_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."question", NEW."text", NEW."verdict"); RETURN NULL;', hash='2c7e602f9c00e103e9dd0a1cbacd7d3d85d20524', operation='INSERT', pgid='pgtrigger_insert_insert_77aaa', table='intake_opinion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opinion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_opinionevent" ("application_id", "asked_at", "asked_by_id", "given_at", "id", "of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "text", "verdict") VALUES (NEW."application_id", NEW."asked_at", NEW."asked_by_id", NEW."given_at", NEW."id", NEW."of_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."question", NEW."text", NEW."verdict"); RETURN NULL;', hash='6f8bb0c6a75d81e388ced7456baf37a82fd918c5', operation='UPDATE', pgid='pgtrigger_update_update_d4806', table='intake_opinion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opinion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_opinionevent" ("application_id", "asked_at", "asked_by_id", "given_at", "id", "of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "text", "verdict") VALUES (OLD."application_id", OLD."asked_at", OLD."asked_by_id", OLD."given_at", OLD."id", OLD."of_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."question", OLD."text", OLD."verdict"); RETURN NULL;', hash='ff3daddfc678456a49a069f586f999cde80b061c', operation='DELETE', pgid='pgtrigger_delete_delete_16b31', table='intake_opinion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opinion',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='5f45f3337a4b6ff113989002f5bddbe34f9e1c74', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_fc713', table='intake_opinion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opinionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0e407f69aa1dd46e9efb50483b46ed15113178c9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7b266', table='intake_opinionevent', when='BEFORE')),
        ),
    ]
