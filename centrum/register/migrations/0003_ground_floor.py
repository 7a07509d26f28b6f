import centrum.kit.search
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('register', '0002_initial'),
        ('staff', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(choices=[(2007, 'PKD 2007'), (2025, 'PKD 2025')], editable=False)),
                ('main', models.BooleanField(default=False, verbose_name='main activity')),
            ],
            options={
                'verbose_name': 'activity',
                'verbose_name_plural': 'activities',
                'ordering': ['-version', '-main', 'pkd__code'],
            },
        ),
        migrations.CreateModel(
            name='ActivityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveSmallIntegerField(choices=[(2007, 'PKD 2007'), (2025, 'PKD 2025')], editable=False)),
                ('main', models.BooleanField(default=False, verbose_name='main activity')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AtRisk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proof', models.CharField(choices=[('labour_office', 'certificate of the labour office (PUP)'), ('social_welfare', 'certificate of the social welfare centre (OPS)'), ('disability', 'certificate of disability'), ('medical', 'medical certificate'), ('cis_kis', 'certificate of a CIS or KIS'), ('decision', 'decision of an authority'), ('declaration', 'declaration of the person'), ('other', 'other document')], max_length=30, verbose_name='proof')),
                ('valid_from', models.DateField(verbose_name='date of the proof')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'proof of an at-risk group',
                'verbose_name_plural': 'proofs of at-risk groups',
                'ordering': ['group__letter', '-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='AtRiskEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('proof', models.CharField(choices=[('labour_office', 'certificate of the labour office (PUP)'), ('social_welfare', 'certificate of the social welfare centre (OPS)'), ('disability', 'certificate of disability'), ('medical', 'medical certificate'), ('cis_kis', 'certificate of a CIS or KIS'), ('decision', 'decision of an authority'), ('declaration', 'declaration of the person'), ('other', 'other document')], max_length=30, verbose_name='proof')),
                ('valid_from', models.DateField(verbose_name='date of the proof')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AuditSample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                ('valid_from', models.DateField(verbose_name='first day')),
                ('valid_to', models.DateField(verbose_name='first day after')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'audit sample',
                'verbose_name_plural': 'audit samples',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='AuditSampleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                ('valid_from', models.DateField(verbose_name='first day')),
                ('valid_to', models.DateField(verbose_name='first day after')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('iban', models.CharField(max_length=28, verbose_name='account number (IBAN)')),
                ('bank', models.CharField(blank=True, max_length=120, verbose_name='bank')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed')),
                ('proof', models.CharField(blank=True, help_text='e.g. a certificate of the bank', max_length=120, verbose_name='proof')),
            ],
            options={
                'verbose_name': 'bank account',
                'verbose_name_plural': 'bank accounts',
                'ordering': ['-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='BankAccountEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('iban', models.CharField(max_length=28, verbose_name='account number (IBAN)')),
                ('bank', models.CharField(blank=True, max_length=120, verbose_name='bank')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed')),
                ('proof', models.CharField(blank=True, help_text='e.g. a certificate of the bank', max_length=120, verbose_name='proof')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CommuneEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('teryt', models.CharField(max_length=7, verbose_name='TERYT code')),
                ('name', models.CharField(max_length=60, verbose_name='commune')),
                ('county', models.CharField(help_text='lower case, as SM EFS writes it', max_length=60, verbose_name='county')),
                ('voivodeship', models.CharField(help_text='lower case, as SM EFS writes it', max_length=40, verbose_name='voivodeship')),
                ('degurba', models.PositiveSmallIntegerField(blank=True, choices=[(1, '1'), (2, '2'), (3, '3')], null=True, verbose_name='DEGURBA')),
                ('confirmed', models.BooleanField(default=False, help_text='checked with the files of GUS and Eurostat', verbose_name='confirmed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=80, verbose_name='role in the organisation')),
                ('signs', models.BooleanField(default=False, verbose_name='may sign for the organisation')),
                ('main', models.BooleanField(default=False, verbose_name='main contact')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['-main', '-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='ContactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(max_length=80, verbose_name='role in the organisation')),
                ('signs', models.BooleanField(default=False, verbose_name='may sign for the organisation')),
                ('main', models.BooleanField(default=False, verbose_name='main contact')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('access', 'access and copy (art. 15)'), ('rectification', 'rectification (art. 16)'), ('erasure', 'erasure (art. 17)'), ('restriction', 'restriction of processing (art. 18)'), ('portability', 'portability (art. 20)'), ('objection', 'objection (art. 21)')], max_length=20, verbose_name='what is asked for')),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('letter', 'letter'), ('in_person', 'in person'), ('phone', 'phone'), ('epuap', 'ePUAP or e-Delivery')], max_length=20, verbose_name='how it came')),
                ('name', models.CharField(max_length=200, verbose_name='who asks')),
                ('text', models.TextField(blank=True, verbose_name='what they wrote')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('due_on', models.DateField(verbose_name='due by')),
                ('extension_reason', models.TextField(blank=True, verbose_name='why it takes longer')),
                ('state', models.CharField(choices=[('received', 'received'), ('handling', 'being handled'), ('answered', 'answered'), ('refused', 'refused with reasons')], default='received', max_length=20, verbose_name='state')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'request of a data subject',
                'verbose_name_plural': 'requests of data subjects',
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DataRequestEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('number', models.CharField(max_length=20, verbose_name='number')),
                ('kind', models.CharField(choices=[('access', 'access and copy (art. 15)'), ('rectification', 'rectification (art. 16)'), ('erasure', 'erasure (art. 17)'), ('restriction', 'restriction of processing (art. 18)'), ('portability', 'portability (art. 20)'), ('objection', 'objection (art. 21)')], max_length=20, verbose_name='what is asked for')),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('letter', 'letter'), ('in_person', 'in person'), ('phone', 'phone'), ('epuap', 'ePUAP or e-Delivery')], max_length=20, verbose_name='how it came')),
                ('name', models.CharField(max_length=200, verbose_name='who asks')),
                ('text', models.TextField(blank=True, verbose_name='what they wrote')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('due_on', models.DateField(verbose_name='due by')),
                ('extension_reason', models.TextField(blank=True, verbose_name='why it takes longer')),
                ('state', models.CharField(choices=[('received', 'received'), ('handling', 'being handled'), ('answered', 'answered'), ('refused', 'refused with reasons')], default='received', max_length=20, verbose_name='state')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EnterpriseReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year reported on')),
                ('sent_on', models.DateField(verbose_name='sent on')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name='number of the confirmation (UPO)')),
            ],
            options={
                'verbose_name': 'yearly report of a social enterprise',
                'verbose_name_plural': 'yearly reports of social enterprises',
                'ordering': ['-year'],
            },
        ),
        migrations.CreateModel(
            name='EnterpriseReportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('year', models.PositiveSmallIntegerField(verbose_name='year reported on')),
                ('sent_on', models.DateField(verbose_name='sent on')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name='number of the confirmation (UPO)')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EnterpriseStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regime', models.CharField(choices=[('ustawa_2022', 'Act of 5 August 2022, decision of the voivode'), ('ct9_legacy', 'status given by an OWES before the Act (until the end of 2023)')], max_length=20, verbose_name='legal basis')),
                ('aim', models.CharField(choices=[('reintegracja', 'social and vocational reintegration'), ('uslugi_spoleczne', 'social services'), ('both', 'reintegration and social services')], max_length=20, verbose_name='aim')),
                ('decision_no', models.CharField(max_length=60, verbose_name='number of the decision')),
                ('decision_on', models.DateField(verbose_name='date of the decision')),
                ('voivode', models.CharField(max_length=120, verbose_name='issued by')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('lost_reason', models.TextField(blank=True, verbose_name='why the status ended')),
            ],
            options={
                'verbose_name': 'status of social enterprise',
                'verbose_name_plural': 'statuses of social enterprise',
                'ordering': ['-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='EnterpriseStatusEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('regime', models.CharField(choices=[('ustawa_2022', 'Act of 5 August 2022, decision of the voivode'), ('ct9_legacy', 'status given by an OWES before the Act (until the end of 2023)')], max_length=20, verbose_name='legal basis')),
                ('aim', models.CharField(choices=[('reintegracja', 'social and vocational reintegration'), ('uslugi_spoleczne', 'social services'), ('both', 'reintegration and social services')], max_length=20, verbose_name='aim')),
                ('decision_no', models.CharField(max_length=60, verbose_name='number of the decision')),
                ('decision_on', models.DateField(verbose_name='date of the decision')),
                ('voivode', models.CharField(max_length=120, verbose_name='issued by')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('lost_reason', models.TextField(blank=True, verbose_name='why the status ended')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Headcount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted_on', models.DateField(verbose_name='as of')),
                ('employed', models.PositiveSmallIntegerField(verbose_name='all employed')),
                ('half_time', models.PositiveSmallIntegerField(verbose_name='of them at least half time on a contract of employment')),
                ('at_risk', models.PositiveSmallIntegerField(verbose_name='of these, people at risk of exclusion')),
                ('proof', models.CharField(blank=True, max_length=120, verbose_name='proof')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'headcount',
                'verbose_name_plural': 'headcounts',
                'ordering': ['-counted_on'],
            },
        ),
        migrations.CreateModel(
            name='HeadcountEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('counted_on', models.DateField(verbose_name='as of')),
                ('employed', models.PositiveSmallIntegerField(verbose_name='all employed')),
                ('half_time', models.PositiveSmallIntegerField(verbose_name='of them at least half time on a contract of employment')),
                ('at_risk', models.PositiveSmallIntegerField(verbose_name='of these, people at risk of exclusion')),
                ('proof', models.CharField(blank=True, max_length=120, verbose_name='proof')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Locality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('simc', models.CharField(max_length=7, verbose_name='SIMC code')),
                ('name', models.CharField(max_length=100, verbose_name='town or village')),
                ('kind', models.CharField(help_text='RM of the SIMC file, two digits', max_length=2, verbose_name='kind')),
                ('part_of', models.CharField(blank=True, max_length=7, verbose_name='part of (SIMC)')),
                ('teryt', models.CharField(max_length=7, verbose_name='TERYT code of the commune')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('search', models.GeneratedField(db_persist=True, expression=centrum.kit.search.PlFold(models.F('name')), output_field=models.TextField())),
            ],
            options={
                'verbose_name': 'locality',
                'verbose_name_plural': 'localities',
                'ordering': ['name', 'simc', '-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(max_length=60)),
                ('kept_id', models.BigIntegerField()),
                ('gone_id', models.BigIntegerField()),
                ('reason', models.TextField(verbose_name='reason')),
                ('taken', models.JSONField(default=list)),
                ('moved', models.JSONField(default=dict)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PkdCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(choices=[(2007, 'PKD 2007'), (2025, 'PKD 2025')], verbose_name='version')),
                ('code', models.CharField(max_length=7, verbose_name='code')),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('confirmed', models.BooleanField(default=False, help_text='checked with the file of GUS', verbose_name='confirmed')),
            ],
            options={
                'verbose_name': 'PKD code',
                'verbose_name_plural': 'PKD codes',
                'ordering': ['-version', 'code'],
            },
        ),
        migrations.CreateModel(
            name='RiskGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letter', models.CharField(max_length=2, verbose_name='letter')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('category', models.CharField(choices=[('ordinary', 'ordinary'), ('special', 'special category (art. 9 GDPR)'), ('criminal', 'convictions (art. 10 GDPR)')], max_length=10, verbose_name='category of data')),
                ('legal_basis', models.CharField(max_length=300, verbose_name='legal basis')),
                ('confirmed', models.BooleanField(default=False, verbose_name='confirmed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'at-risk group',
                'verbose_name_plural': 'at-risk groups',
                'ordering': ['letter', '-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='StatusDuty',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='status_duty', serialize=False, to='register.organisation')),
                ('job_created_on', models.DateField(verbose_name='first supported job made on')),
                ('due_on', models.DateField(verbose_name='status due by')),
            ],
            options={
                'verbose_name': 'duty to get the status',
                'verbose_name_plural': 'duties to get the status',
            },
        ),
        migrations.CreateModel(
            name='StatusDutyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('job_created_on', models.DateField(verbose_name='first supported job made on')),
                ('due_on', models.DateField(verbose_name='status due by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UndertakingLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('majority', 'majority of votes'), ('appoints', 'may appoint or dismiss the majority of an organ'), ('contract', 'dominant influence by a contract or the statute'), ('agreement', 'controls the majority of votes by an agreement with others')], max_length=20, verbose_name='kind of link')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('source', models.CharField(max_length=200, verbose_name='known from')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'link between undertakings',
                'verbose_name_plural': 'links between undertakings',
                'ordering': ['-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='UndertakingLinkEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('majority', 'majority of votes'), ('appoints', 'may appoint or dismiss the majority of an organ'), ('contract', 'dominant influence by a contract or the statute'), ('agreement', 'controls the majority of votes by an agreement with others')], max_length=20, verbose_name='kind of link')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, help_text='first day on which it is gone', null=True, verbose_name='valid to')),
                ('source', models.CharField(max_length=200, verbose_name='known from')),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='person',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='person',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='person',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_pes_type',
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_legal_form',
        ),
        migrations.AddField(
            model_name='organisation',
            name='merged_into',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='register.organisation', verbose_name='merged into'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='merged_into',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation', verbose_name='merged into'),
        ),
        migrations.AddField(
            model_name='person',
            name='merged_into',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='register.person', verbose_name='merged into'),
        ),
        migrations.AddField(
            model_name='personevent',
            name='merged_into',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.person', verbose_name='merged into'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='legal_form',
            field=models.CharField(choices=[('cooperative', 'cooperative'), ('association', 'registered association'), ('simple_association', 'simple association'), ('foundation', 'foundation'), ('union', 'union of associations'), ('kgw', "rural housewives' circle (KGW)"), ('osp', 'volunteer fire brigade (OSP)'), ('limited_company', 'limited liability company'), ('joint_stock_company', 'joint-stock company'), ('church', 'church legal person'), ('public', 'public body'), ('organisational_unit', 'organisational unit of another body'), ('sole_trader', 'sole trader'), ('informal', 'informal group'), ('other', 'other')], max_length=30, verbose_name='legal form'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='pes_type',
            field=models.CharField(choices=[('spoldzielnia_socjalna', 'social cooperative'), ('wtz', 'occupational therapy workshop (WTZ)'), ('zaz', 'vocational activity establishment (ZAZ)'), ('cis', 'social integration centre (CIS)'), ('kis', 'social integration club (KIS)'), ('spoldzielnia_pracy', 'work cooperative'), ('spoldzielnia_inwalidow', 'cooperative of people with disabilities'), ('spoldzielnia_niewidomych', 'cooperative of blind people'), ('spoldzielnia_produkcji_rolnej', 'farming production cooperative'), ('ngo', 'non-governmental organisation'), ('koscielna_osoba_prawna', 'church legal person'), ('stowarzyszenie_jst', 'association of local governments'), ('spolka_non_profit', 'non-profit company'), ('klub_sportowy_spolka', 'sports club run as a company'), ('jednostka_tworzaca', 'body that runs a WTZ, ZAZ, CIS or KIS (not a PES itself)'), ('jst', 'local government (not a PES)'), ('grupa_inicjatywna', 'initiative group (not a PES yet)'), ('inny', 'other (not a PES)')], max_length=40, verbose_name='PES type'),
        ),
        migrations.AlterField(
            model_name='organisationevent',
            name='legal_form',
            field=models.CharField(choices=[('cooperative', 'cooperative'), ('association', 'registered association'), ('simple_association', 'simple association'), ('foundation', 'foundation'), ('union', 'union of associations'), ('kgw', "rural housewives' circle (KGW)"), ('osp', 'volunteer fire brigade (OSP)'), ('limited_company', 'limited liability company'), ('joint_stock_company', 'joint-stock company'), ('church', 'church legal person'), ('public', 'public body'), ('organisational_unit', 'organisational unit of another body'), ('sole_trader', 'sole trader'), ('informal', 'informal group'), ('other', 'other')], max_length=30, verbose_name='legal form'),
        ),
        migrations.AlterField(
            model_name='organisationevent',
            name='pes_type',
            field=models.CharField(choices=[('spoldzielnia_socjalna', 'social cooperative'), ('wtz', 'occupational therapy workshop (WTZ)'), ('zaz', 'vocational activity establishment (ZAZ)'), ('cis', 'social integration centre (CIS)'), ('kis', 'social integration club (KIS)'), ('spoldzielnia_pracy', 'work cooperative'), ('spoldzielnia_inwalidow', 'cooperative of people with disabilities'), ('spoldzielnia_niewidomych', 'cooperative of blind people'), ('spoldzielnia_produkcji_rolnej', 'farming production cooperative'), ('ngo', 'non-governmental organisation'), ('koscielna_osoba_prawna', 'church legal person'), ('stowarzyszenie_jst', 'association of local governments'), ('spolka_non_profit', 'non-profit company'), ('klub_sportowy_spolka', 'sports club run as a company'), ('jednostka_tworzaca', 'body that runs a WTZ, ZAZ, CIS or KIS (not a PES itself)'), ('jst', 'local government (not a PES)'), ('grupa_inicjatywna', 'initiative group (not a PES yet)'), ('inny', 'other (not a PES)')], max_length=40, verbose_name='PES type'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('legal_form', 'informal'), _negated=True), models.Q(('krs', ''), ('nip', ''), ('regon', '')), _connector='OR'), name='organisation_informal_has_no_numbers'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='organisation_merged_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('pes_type__in', ['spoldzielnia_socjalna', 'wtz', 'zaz', 'cis', 'kis', 'spoldzielnia_pracy', 'spoldzielnia_inwalidow', 'spoldzielnia_niewidomych', 'spoldzielnia_produkcji_rolnej', 'ngo', 'koscielna_osoba_prawna', 'stowarzyszenie_jst', 'spolka_non_profit', 'klub_sportowy_spolka', 'jednostka_tworzaca', 'jst', 'grupa_inicjatywna', 'inny'])), name='organisation_pes_type'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('legal_form__in', ['cooperative', 'association', 'simple_association', 'foundation', 'union', 'kgw', 'osp', 'limited_company', 'joint_stock_company', 'church', 'public', 'organisational_unit', 'sole_trader', 'informal', 'other'])), name='organisation_legal_form'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='person_merged_elsewhere'),
        ),
        migrations.AddField(
            model_name='activity',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activities', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='activityevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='activityevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='activityevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.activity'),
        ),
        migrations.AddField(
            model_name='atrisk',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='atrisk',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='at_risk', to='register.person'),
        ),
        migrations.AddField(
            model_name='atriskevent',
            name='noted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='atriskevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.person'),
        ),
        migrations.AddField(
            model_name='atriskevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='atriskevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.atrisk'),
        ),
        migrations.AddField(
            model_name='auditsample',
            name='auditor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audit_samples', to=settings.AUTH_USER_MODEL, verbose_name='auditor'),
        ),
        migrations.AddField(
            model_name='auditsample',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditsample',
            name='people',
            field=models.ManyToManyField(related_name='audit_samples', to='register.person', verbose_name='people'),
        ),
        migrations.AddField(
            model_name='auditsampleevent',
            name='auditor',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auditor'),
        ),
        migrations.AddField(
            model_name='auditsampleevent',
            name='made_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditsampleevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='auditsampleevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.auditsample'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_accounts', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_accounts', to='register.person'),
        ),
        migrations.AddField(
            model_name='bankaccountevent',
            name='confirmed_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankaccountevent',
            name='noted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankaccountevent',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='bankaccountevent',
            name='person',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.person'),
        ),
        migrations.AddField(
            model_name='bankaccountevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='bankaccountevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.bankaccount'),
        ),
        migrations.AddField(
            model_name='communeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='communeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.commune'),
        ),
        migrations.AddField(
            model_name='contact',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='contact',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_of', to='register.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.contact'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='handler',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handled by'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='register.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='handler',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handled by'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='person',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.datarequest'),
        ),
        migrations.AddField(
            model_name='enterprisereport',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='enterprisereport',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprise_reports', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='enterprisereportevent',
            name='noted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='enterprisereportevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='enterprisereportevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='enterprisereportevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.enterprisereport'),
        ),
        migrations.AddField(
            model_name='enterprisestatus',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprise_statuses', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='enterprisestatusevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='enterprisestatusevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='enterprisestatusevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.enterprisestatus'),
        ),
        migrations.AddField(
            model_name='headcount',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='headcount',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='headcounts', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='headcountevent',
            name='noted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='headcountevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='headcountevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='headcountevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.headcount'),
        ),
        migrations.AddIndex(
            model_name='locality',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('search'), name='gin_trgm_ops'), name='locality_search'),
        ),
        migrations.AddIndex(
            model_name='locality',
            index=models.Index(fields=['teryt', 'name'], name='locality_commune'),
        ),
        migrations.AddConstraint(
            model_name='locality',
            constraint=models.CheckConstraint(condition=models.Q(('part_of__regex', '^([0-9]{7})?$'), ('simc__regex', '^[0-9]{7}$'), ('teryt__regex', '^[0-9]{7}$')), name='locality_codes'),
        ),
        migrations.AddConstraint(
            model_name='locality',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='locality_dates'),
        ),
        migrations.AddConstraint(
            model_name='locality',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('simc', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='locality_one_at_a_time'),
        ),
        migrations.AddField(
            model_name='merge',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='pkdcode',
            constraint=models.UniqueConstraint(fields=('version', 'code'), name='pkdcode_once'),
        ),
        migrations.AddConstraint(
            model_name='pkdcode',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{2}(\\.[0-9]{2}(\\.[A-Z])?)?$'), ('version__in', [2007, 2025])), name='pkdcode_code'),
        ),
        migrations.AddField(
            model_name='activityevent',
            name='pkd',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.pkdcode', verbose_name='PKD code'),
        ),
        migrations.AddField(
            model_name='activity',
            name='pkd',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.pkdcode', verbose_name='PKD code'),
        ),
        migrations.AddConstraint(
            model_name='riskgroup',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='riskgroup_dates'),
        ),
        migrations.AddConstraint(
            model_name='riskgroup',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('letter', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='riskgroup_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='riskgroup',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['ordinary', 'special', 'criminal'])), name='riskgroup_category'),
        ),
        migrations.AddField(
            model_name='atriskevent',
            name='group',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.riskgroup', verbose_name='at-risk group'),
        ),
        migrations.AddField(
            model_name='atrisk',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.riskgroup', verbose_name='at-risk group'),
        ),
        migrations.AddField(
            model_name='statusduty',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='statusdutyevent',
            name='noted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='statusdutyevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to='register.organisation'),
        ),
        migrations.AddField(
            model_name='statusdutyevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='statusdutyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.statusduty'),
        ),
        migrations.AddField(
            model_name='undertakinglink',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='undertakinglink',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_down', to='register.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='undertakinglink',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_up', to='register.organisation', verbose_name='the other organisation'),
        ),
        migrations.AddField(
            model_name='undertakinglinkevent',
            name='noted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='undertakinglinkevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='undertakinglinkevent',
            name='other',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.organisation', verbose_name='the other organisation'),
        ),
        migrations.AddField(
            model_name='undertakinglinkevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='undertakinglinkevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.undertakinglink'),
        ),
        migrations.AddConstraint(
            model_name='auditsample',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='auditsample_dates'),
        ),
        migrations.AddConstraint(
            model_name='auditsample',
            constraint=models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='auditsample_purpose'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('person__isnull', False)), models.Q(('organisation__isnull', False), ('person__isnull', True)), _connector='OR'), name='bankaccount_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(('iban__regex', '^PL[0-9]{26}$')), name='bankaccount_iban'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('noted_by__isnull', True), models.Q(('confirmed_by', models.F('noted_by')), _negated=True), _connector='OR')), _connector='OR'), name='bankaccount_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='bankaccount_dates'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('iban', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='bankaccount_one_at_a_time', violation_error_message='This account is noted for somebody in these days already.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='contact_dates'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('organisation', '='), ('person', '='), ('role', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='contact_one_at_a_time', violation_error_message='This person has this role in these days already.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('main', True), ('valid_to__isnull', True)), fields=('organisation',), name='contact_one_main'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('role', ''), _negated=True), name='contact_role'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'letter', 'in_person', 'phone', 'epuap']), ('kind__in', ['access', 'rectification', 'erasure', 'restriction', 'portability', 'objection']), ('state__in', ['received', 'handling', 'answered', 'refused'])), name='datarequest_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('received_on'))), name='datarequest_due'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state__in', ['received', 'handling'])), models.Q(('closed_at__isnull', False), ('state__in', ['answered', 'refused']), models.Q(('answer', ''), _negated=True), ('handler__isnull', False)), _connector='OR'), name='datarequest_closed_with_answer'),
        ),
        migrations.AddConstraint(
            model_name='enterprisereport',
            constraint=models.UniqueConstraint(fields=('organisation', 'year'), name='enterprisereport_once', violation_error_message='The report of this year is noted already.'),
        ),
        migrations.AddConstraint(
            model_name='enterprisereport',
            constraint=models.CheckConstraint(condition=models.Q(('year__range', (2022, 2100)), ('sent_on__year__gt', models.F('year'))), name='enterprisereport_year'),
        ),
        migrations.AddConstraint(
            model_name='enterprisestatus',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='enterprisestatus_dates'),
        ),
        migrations.AddConstraint(
            model_name='enterprisestatus',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('organisation', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='enterprisestatus_one_at_a_time', violation_error_message='The organisation has the status in these days already.'),
        ),
        migrations.AddConstraint(
            model_name='enterprisestatus',
            constraint=models.CheckConstraint(condition=models.Q(('aim__in', ['reintegracja', 'uslugi_spoleczne', 'both']), ('regime__in', ['ustawa_2022', 'ct9_legacy']), models.Q(('decision_no', ''), _negated=True), models.Q(('voivode', ''), _negated=True)), name='enterprisestatus_known'),
        ),
        migrations.AddConstraint(
            model_name='enterprisestatus',
            constraint=models.CheckConstraint(condition=models.Q(('lost_reason', ''), ('valid_to__isnull', False), _connector='OR'), name='enterprisestatus_lost_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='headcount',
            constraint=models.UniqueConstraint(fields=('organisation', 'counted_on'), name='headcount_once', violation_error_message='There is a headcount of this day already.'),
        ),
        migrations.AddConstraint(
            model_name='headcount',
            constraint=models.CheckConstraint(condition=models.Q(('half_time__lte', models.F('employed')), ('at_risk__lte', models.F('half_time'))), name='headcount_parts', violation_error_message='A part cannot be larger than the whole.'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(fields=('noun', 'gone_id'), name='merge_once'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept_id', models.F('gone_id')), _negated=True), models.Q(('reason', ''), _negated=True)), name='merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.UniqueConstraint(fields=('organisation', 'pkd'), name='activity_once'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.UniqueConstraint(condition=models.Q(('main', True)), fields=('organisation', 'version'), name='activity_one_main'),
        ),
        migrations.AddConstraint(
            model_name='atrisk',
            constraint=models.CheckConstraint(condition=models.Q(('proof__in', ['labour_office', 'social_welfare', 'disability', 'medical', 'cis_kis', 'decision', 'declaration', 'other'])), name='atrisk_proof'),
        ),
        migrations.AddConstraint(
            model_name='atrisk',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='atrisk_dates'),
        ),
        migrations.AddConstraint(
            model_name='atrisk',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('group', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='atrisk_one_at_a_time', violation_error_message='There is a proof of this group for these days already.'),
        ),
        migrations.AddConstraint(
            model_name='statusduty',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('job_created_on'))), name='statusduty_later'),
        ),
        migrations.AddConstraint(
            model_name='undertakinglink',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='undertakinglink_dates'),
        ),
        migrations.AddConstraint(
            model_name='undertakinglink',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('organisation', '='), ('other', '='), ('kind', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='undertakinglink_one_at_a_time', violation_error_message='This link is noted for these days already.'),
        ),
        migrations.AddConstraint(
            model_name='undertakinglink',
            constraint=models.CheckConstraint(condition=models.Q(('organisation', models.F('other')), _negated=True), name='undertakinglink_of_two', violation_error_message='An organisation cannot be linked to itself.'),
        ),
        migrations.AddConstraint(
            model_name='undertakinglink',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['majority', 'appoints', 'contract', 'agreement'])), name='undertakinglink_kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commune',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_communeevent" ("confirmed", "county", "degurba", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "teryt", "valid_from", "valid_to", "voivodeship") VALUES (NEW."confirmed", NEW."county", NEW."degurba", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."teryt", NEW."valid_from", NEW."valid_to", NEW."voivodeship"); RETURN NULL;', hash='4b48d2e8f7f76004c447bac8abd7966f8a8c2abf', operation='INSERT', pgid='pgtrigger_insert_insert_4ffc6', table='register_commune', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commune',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_communeevent" ("confirmed", "county", "degurba", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "teryt", "valid_from", "valid_to", "voivodeship") VALUES (NEW."confirmed", NEW."county", NEW."degurba", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."teryt", NEW."valid_from", NEW."valid_to", NEW."voivodeship"); RETURN NULL;', hash='e0014f427b1729716a5bf55b46823084ed85dcff', operation='UPDATE', pgid='pgtrigger_update_update_1f9a0', table='register_commune', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commune',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_communeevent" ("confirmed", "county", "degurba", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "teryt", "valid_from", "valid_to", "voivodeship") VALUES (OLD."confirmed", OLD."county", OLD."degurba", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."teryt", OLD."valid_from", OLD."valid_to", OLD."voivodeship"); RETURN NULL;', hash='f960a532741acdcecbe092b0946466b1882bf656', operation='DELETE', pgid='pgtrigger_delete_delete_3647f', table='register_commune', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commune',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='10abeb591fb7ee7db51ba76e76d881a1e214216c', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_6b10b', table='register_commune', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_organisationevent" ("building", "commune_id", "created_at", "email", "flat", "id", "krs", "legal_form", "locality", "locality_simc", "merged_into_id", "name", "nip", "pes_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "public_id", "regon", "street") VALUES (NEW."building", NEW."commune_id", NEW."created_at", NEW."email", NEW."flat", NEW."id", NEW."krs", NEW."legal_form", NEW."locality", NEW."locality_simc", NEW."merged_into_id", NEW."name", NEW."nip", NEW."pes_type", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."postal_code", NEW."public_id", NEW."regon", NEW."street"); RETURN NULL;', hash='ddd3a6ba47ba1c41c7e5dcbe1964c1155755514b', operation='INSERT', pgid='pgtrigger_insert_insert_88008', table='register_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."building" IS DISTINCT FROM (NEW."building") OR OLD."commune_id" IS DISTINCT FROM (NEW."commune_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."flat" IS DISTINCT FROM (NEW."flat") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."krs" IS DISTINCT FROM (NEW."krs") OR OLD."legal_form" IS DISTINCT FROM (NEW."legal_form") OR OLD."locality" IS DISTINCT FROM (NEW."locality") OR OLD."locality_simc" IS DISTINCT FROM (NEW."locality_simc") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."nip" IS DISTINCT FROM (NEW."nip") OR OLD."pes_type" IS DISTINCT FROM (NEW."pes_type") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."postal_code" IS DISTINCT FROM (NEW."postal_code") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."regon" IS DISTINCT FROM (NEW."regon") OR OLD."street" IS DISTINCT FROM (NEW."street"))', func='INSERT INTO "register_organisationevent" ("building", "commune_id", "created_at", "email", "flat", "id", "krs", "legal_form", "locality", "locality_simc", "merged_into_id", "name", "nip", "pes_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "public_id", "regon", "street") VALUES (NEW."building", NEW."commune_id", NEW."created_at", NEW."email", NEW."flat", NEW."id", NEW."krs", NEW."legal_form", NEW."locality", NEW."locality_simc", NEW."merged_into_id", NEW."name", NEW."nip", NEW."pes_type", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."postal_code", NEW."public_id", NEW."regon", NEW."street"); RETURN NULL;', hash='8b4096b730551dc3d37a5743809e451e4132c06a', operation='UPDATE', pgid='pgtrigger_update_update_308fb', table='register_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_organisationevent" ("building", "commune_id", "created_at", "email", "flat", "id", "krs", "legal_form", "locality", "locality_simc", "merged_into_id", "name", "nip", "pes_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "public_id", "regon", "street") VALUES (OLD."building", OLD."commune_id", OLD."created_at", OLD."email", OLD."flat", OLD."id", OLD."krs", OLD."legal_form", OLD."locality", OLD."locality_simc", OLD."merged_into_id", OLD."name", OLD."nip", OLD."pes_type", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."postal_code", OLD."public_id", OLD."regon", OLD."street"); RETURN NULL;', hash='d822c5959d69342e945f6f2f53f7539ffef15c6a', operation='DELETE', pgid='pgtrigger_delete_delete_97f3e', table='register_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='3567c990570ee46f77c5b7f61fb8021b9a63fa47', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_373ef', table='register_organisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_personevent" ("birth_date", "building", "citizenship", "commune_id", "country", "created_at", "education", "email", "first_name", "flat", "id", "identifier_cipher", "identifier_index", "identifier_kind", "last_name", "locality", "locality_simc", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "public_id", "sex", "street") VALUES (NEW."birth_date", NEW."building", NEW."citizenship", NEW."commune_id", NEW."country", NEW."created_at", NEW."education", NEW."email", NEW."first_name", NEW."flat", NEW."id", NEW."identifier_cipher", NEW."identifier_index", NEW."identifier_kind", NEW."last_name", NEW."locality", NEW."locality_simc", NEW."merged_into_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."postal_code", NEW."public_id", NEW."sex", NEW."street"); RETURN NULL;', hash='c6e9fb72fb45cc8af63f2d6235ef540ec1c6f486', operation='INSERT', pgid='pgtrigger_insert_insert_afc23', table='register_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."building" IS DISTINCT FROM (NEW."building") OR OLD."citizenship" IS DISTINCT FROM (NEW."citizenship") OR OLD."commune_id" IS DISTINCT FROM (NEW."commune_id") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."education" IS DISTINCT FROM (NEW."education") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."flat" IS DISTINCT FROM (NEW."flat") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identifier_cipher" IS DISTINCT FROM (NEW."identifier_cipher") OR OLD."identifier_index" IS DISTINCT FROM (NEW."identifier_index") OR OLD."identifier_kind" IS DISTINCT FROM (NEW."identifier_kind") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."locality" IS DISTINCT FROM (NEW."locality") OR OLD."locality_simc" IS DISTINCT FROM (NEW."locality_simc") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."postal_code" IS DISTINCT FROM (NEW."postal_code") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."sex" IS DISTINCT FROM (NEW."sex") OR OLD."street" IS DISTINCT FROM (NEW."street"))', func='INSERT INTO "register_personevent" ("birth_date", "building", "citizenship", "commune_id", "country", "created_at", "education", "email", "first_name", "flat", "id", "identifier_cipher", "identifier_index", "identifier_kind", "last_name", "locality", "locality_simc", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "public_id", "sex", "street") VALUES (NEW."birth_date", NEW."building", NEW."citizenship", NEW."commune_id", NEW."country", NEW."created_at", NEW."education", NEW."email", NEW."first_name", NEW."flat", NEW."id", NEW."identifier_cipher", NEW."identifier_index", NEW."identifier_kind", NEW."last_name", NEW."locality", NEW."locality_simc", NEW."merged_into_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."postal_code", NEW."public_id", NEW."sex", NEW."street"); RETURN NULL;', hash='3f9d6c396879c0303561fa9bd6b0c9566b66cb4d', operation='UPDATE', pgid='pgtrigger_update_update_f2beb', table='register_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_personevent" ("birth_date", "building", "citizenship", "commune_id", "country", "created_at", "education", "email", "first_name", "flat", "id", "identifier_cipher", "identifier_index", "identifier_kind", "last_name", "locality", "locality_simc", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "public_id", "sex", "street") VALUES (OLD."birth_date", OLD."building", OLD."citizenship", OLD."commune_id", OLD."country", OLD."created_at", OLD."education", OLD."email", OLD."first_name", OLD."flat", OLD."id", OLD."identifier_cipher", OLD."identifier_index", OLD."identifier_kind", OLD."last_name", OLD."locality", OLD."locality_simc", OLD."merged_into_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."postal_code", OLD."public_id", OLD."sex", OLD."street"); RETURN NULL;', hash='10e60882bb6b9b822b3569e932580f3832bb1b31', operation='DELETE', pgid='pgtrigger_delete_delete_b1858', table='register_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='82f95e5ffdc48a39237332d6d0b703e31b8f1dda', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_74d24', table='register_person', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personsensitive',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='ba93f49efad8831de92e36d6c464cd4ced80213a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_925d6', table='register_personsensitive', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditsample',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_auditsampleevent" ("auditor_id", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "valid_from", "valid_to") VALUES (NEW."auditor_id", NEW."id", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='5b090f83ad60c7d858774948e2f098f144e38fb6', operation='INSERT', pgid='pgtrigger_insert_insert_3be34', table='register_auditsample', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditsample',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_auditsampleevent" ("auditor_id", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "valid_from", "valid_to") VALUES (NEW."auditor_id", NEW."id", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='b7a9ac6f226735f0bf5503fad2e3a23132a96545', operation='UPDATE', pgid='pgtrigger_update_update_6d3c7', table='register_auditsample', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditsample',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_auditsampleevent" ("auditor_id", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "valid_from", "valid_to") VALUES (OLD."auditor_id", OLD."id", OLD."made_at", OLD."made_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='ec024a3def7f3594a5617257ff5543013712ed22', operation='DELETE', pgid='pgtrigger_delete_delete_9ca6b', table='register_auditsample', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditsample',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='952ac658f5601be6133118d6852903ddf1d9a827', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_8aa7b', table='register_auditsample', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditsampleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='492a05d7c8e854b22567c33a4249cde58e4dd958', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_791b2', table='register_auditsampleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankaccount',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_bankaccountevent" ("bank", "confirmed_at", "confirmed_by_id", "iban", "id", "noted_at", "noted_by_id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "valid_from", "valid_to") VALUES (NEW."bank", NEW."confirmed_at", NEW."confirmed_by_id", NEW."iban", NEW."id", NEW."noted_at", NEW."noted_by_id", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proof", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='786015dfc8fcc3850ed9ac24028adb3a60838e9e', operation='INSERT', pgid='pgtrigger_insert_insert_bcf80', table='register_bankaccount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankaccount',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_bankaccountevent" ("bank", "confirmed_at", "confirmed_by_id", "iban", "id", "noted_at", "noted_by_id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "valid_from", "valid_to") VALUES (NEW."bank", NEW."confirmed_at", NEW."confirmed_by_id", NEW."iban", NEW."id", NEW."noted_at", NEW."noted_by_id", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proof", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='d8bf3823c1ea5cb8bb26e2ebfb86884e6e2c16cc', operation='UPDATE', pgid='pgtrigger_update_update_c0418', table='register_bankaccount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankaccount',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_bankaccountevent" ("bank", "confirmed_at", "confirmed_by_id", "iban", "id", "noted_at", "noted_by_id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "valid_from", "valid_to") VALUES (OLD."bank", OLD."confirmed_at", OLD."confirmed_by_id", OLD."iban", OLD."id", OLD."noted_at", OLD."noted_by_id", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proof", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='e36ba2b012c3be4dbf52e2208ac3c66bc2449129', operation='DELETE', pgid='pgtrigger_delete_delete_8e440', table='register_bankaccount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankaccount',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='bd647801bc09e76f74be36fecdc42a4c877adf5a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_35ebe', table='register_bankaccount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankaccountevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5b6e0f6bd133a90aad2f7ca242446f5922c6000f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6259a', table='register_bankaccountevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='communeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2fd0bf6435df015c35d2a99fef2f5cf5fe361b6e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ac3c5', table='register_communeevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_contactevent" ("id", "main", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "signs", "valid_from", "valid_to") VALUES (NEW."id", NEW."main", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."signs", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='27759e9596f3c4a3f75e669a334bec2bc060d17c', operation='INSERT', pgid='pgtrigger_insert_insert_5b1cd', table='register_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_contactevent" ("id", "main", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "signs", "valid_from", "valid_to") VALUES (NEW."id", NEW."main", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."signs", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='19c644166b2c5b47cd550627723d16cfe0885189', operation='UPDATE', pgid='pgtrigger_update_update_56231', table='register_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_contactevent" ("id", "main", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "signs", "valid_from", "valid_to") VALUES (OLD."id", OLD."main", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."signs", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='a6e989d8c06d43a993d25ebfd6dbf05ea59f157c', operation='DELETE', pgid='pgtrigger_delete_delete_3f872', table='register_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='3d47b8d2db264846e0866437b134fa432deaccb7', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_ae452', table='register_contact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='333b01b94f53c8b58709c4dd931d15c79a9d43a3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a621b', table='register_contactevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{handling:answered,handling:refused,received:handling}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='75a3e27e1e42dd224f19e1d98e6796780b10b793', operation='UPDATE', pgid='pgtrigger_legal_moves_79401', table='register_datarequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='6c335b4b05c51ccd4355558824aec51637f8610a', operation='DELETE', pgid='pgtrigger_never_deleted_2ee96', table='register_datarequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_datarequestevent" ("answer", "channel", "closed_at", "created_at", "due_on", "extension_reason", "handler_id", "id", "kind", "name", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_on", "state", "text") VALUES (NEW."answer", NEW."channel", NEW."closed_at", NEW."created_at", NEW."due_on", NEW."extension_reason", NEW."handler_id", NEW."id", NEW."kind", NEW."name", NEW."number", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."received_on", NEW."state", NEW."text"); RETURN NULL;', hash='d710ce7701c69dbed51875c019480ed2e618d44a', operation='INSERT', pgid='pgtrigger_insert_insert_e1d90', table='register_datarequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_datarequestevent" ("answer", "channel", "closed_at", "created_at", "due_on", "extension_reason", "handler_id", "id", "kind", "name", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_on", "state", "text") VALUES (NEW."answer", NEW."channel", NEW."closed_at", NEW."created_at", NEW."due_on", NEW."extension_reason", NEW."handler_id", NEW."id", NEW."kind", NEW."name", NEW."number", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."received_on", NEW."state", NEW."text"); RETURN NULL;', hash='26c3270a56239d2b13b4846bcb70978fce78c588', operation='UPDATE', pgid='pgtrigger_update_update_fe18b', table='register_datarequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_datarequestevent" ("answer", "channel", "closed_at", "created_at", "due_on", "extension_reason", "handler_id", "id", "kind", "name", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_on", "state", "text") VALUES (OLD."answer", OLD."channel", OLD."closed_at", OLD."created_at", OLD."due_on", OLD."extension_reason", OLD."handler_id", OLD."id", OLD."kind", OLD."name", OLD."number", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."received_on", OLD."state", OLD."text"); RETURN NULL;', hash='c755628fe3fe87ffe3508ba7c636b28db09f01e5', operation='DELETE', pgid='pgtrigger_delete_delete_8074c', table='register_datarequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='e13fc5a963861929d0416a986b85c2154852a7ec', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_6e17f', table='register_datarequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequestevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4888cd2b440dc4adf2097301184f6087a640e8c6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_914c8', table='register_datarequestevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisereport',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_enterprisereportevent" ("id", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "sent_on", "year") VALUES (NEW."id", NEW."noted_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."sent_on", NEW."year"); RETURN NULL;', hash='27ba90fd8fec6a2444f5235d6ad7eb6e0c228a8a', operation='INSERT', pgid='pgtrigger_insert_insert_78143', table='register_enterprisereport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisereport',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_enterprisereportevent" ("id", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "sent_on", "year") VALUES (NEW."id", NEW."noted_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."sent_on", NEW."year"); RETURN NULL;', hash='ed7e7b7a5f977b8bea19694a845134b337b5e76b', operation='UPDATE', pgid='pgtrigger_update_update_96bea', table='register_enterprisereport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisereport',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_enterprisereportevent" ("id", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "sent_on", "year") VALUES (OLD."id", OLD."noted_by_id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."sent_on", OLD."year"); RETURN NULL;', hash='b6bbd3833785f6cfee0eb0c0e96c56bb31cd10c2', operation='DELETE', pgid='pgtrigger_delete_delete_c5727', table='register_enterprisereport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisereport',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='bad747027fea4175ad978cc50828d27296190740', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_766d6', table='register_enterprisereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisereportevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='75eaa3d9ea528e6f5e5f6c5c4ecc6f1f1969165b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_eee4c', table='register_enterprisereportevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisestatus',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_enterprisestatusevent" ("aim", "decision_no", "decision_on", "id", "lost_reason", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regime", "valid_from", "valid_to", "voivode") VALUES (NEW."aim", NEW."decision_no", NEW."decision_on", NEW."id", NEW."lost_reason", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."regime", NEW."valid_from", NEW."valid_to", NEW."voivode"); RETURN NULL;', hash='5b845360efb858d98152822d438e12ee2d8ae786', operation='INSERT', pgid='pgtrigger_insert_insert_c8235', table='register_enterprisestatus', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisestatus',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_enterprisestatusevent" ("aim", "decision_no", "decision_on", "id", "lost_reason", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regime", "valid_from", "valid_to", "voivode") VALUES (NEW."aim", NEW."decision_no", NEW."decision_on", NEW."id", NEW."lost_reason", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."regime", NEW."valid_from", NEW."valid_to", NEW."voivode"); RETURN NULL;', hash='f330e8559e7394d7fddbfebfdf32f3d764998089', operation='UPDATE', pgid='pgtrigger_update_update_38142', table='register_enterprisestatus', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisestatus',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_enterprisestatusevent" ("aim", "decision_no", "decision_on", "id", "lost_reason", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regime", "valid_from", "valid_to", "voivode") VALUES (OLD."aim", OLD."decision_no", OLD."decision_on", OLD."id", OLD."lost_reason", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."regime", OLD."valid_from", OLD."valid_to", OLD."voivode"); RETURN NULL;', hash='946ee5be5d294b327d44ea6b0ab3ad26e5a11205', operation='DELETE', pgid='pgtrigger_delete_delete_56e1f', table='register_enterprisestatus', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisestatus',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='05a392c5b1acb402f51c2f2cd7cc645a6f656a40', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_fdbf5', table='register_enterprisestatus', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprisestatusevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9b50ea091ee84fec3fd052edc04a94e5b300032b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ff3da', table='register_enterprisestatusevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headcount',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_headcountevent" ("at_risk", "counted_on", "employed", "half_time", "id", "noted_at", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof") VALUES (NEW."at_risk", NEW."counted_on", NEW."employed", NEW."half_time", NEW."id", NEW."noted_at", NEW."noted_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proof"); RETURN NULL;', hash='c71278b46f632f8c8115e4c1999e41970145615f', operation='INSERT', pgid='pgtrigger_insert_insert_ec524', table='register_headcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headcount',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_headcountevent" ("at_risk", "counted_on", "employed", "half_time", "id", "noted_at", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof") VALUES (NEW."at_risk", NEW."counted_on", NEW."employed", NEW."half_time", NEW."id", NEW."noted_at", NEW."noted_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proof"); RETURN NULL;', hash='c82e647b5c40bb420c96d19bfe2214b8f60157d6', operation='UPDATE', pgid='pgtrigger_update_update_6c0e1', table='register_headcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headcount',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_headcountevent" ("at_risk", "counted_on", "employed", "half_time", "id", "noted_at", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof") VALUES (OLD."at_risk", OLD."counted_on", OLD."employed", OLD."half_time", OLD."id", OLD."noted_at", OLD."noted_by_id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proof"); RETURN NULL;', hash='0d0442d104ebebf2d552549101876dda23bb45c2', operation='DELETE', pgid='pgtrigger_delete_delete_a8698', table='register_headcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headcount',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='0c4b445159ed070c99df09cdcc1d797d6fbe6b1d', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_8c4ec', table='register_headcount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headcountevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='56dd1c9f07799e1bb1f52bb7b4e7035d2e992a09', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b1db2', table='register_headcountevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merge',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f42dbada65b225d93fdfb13c0e8ee6429ddb974f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fd532', table='register_merge', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activityevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='44dc3b06b1db454874a6115080d78555de9fb6b2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8c576', table='register_activityevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_activityevent" ("id", "main", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pkd_id", "version") VALUES (NEW."id", NEW."main", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pkd_id", NEW."version"); RETURN NULL;', hash='77bfbad12a9e4a5bb06cb2332be43862f7b032e5', operation='INSERT', pgid='pgtrigger_insert_insert_159c6', table='register_activity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_activityevent" ("id", "main", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pkd_id", "version") VALUES (NEW."id", NEW."main", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pkd_id", NEW."version"); RETURN NULL;', hash='e9b46f38dbc69114668d75b8350812e0a255d928', operation='UPDATE', pgid='pgtrigger_update_update_52c7e', table='register_activity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_activityevent" ("id", "main", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pkd_id", "version") VALUES (OLD."id", OLD."main", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pkd_id", OLD."version"); RETURN NULL;', hash='f83f33ac1685cff4b68ce30ff434a6698e416fa0', operation='DELETE', pgid='pgtrigger_delete_delete_c3e0f', table='register_activity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='5fa2cfa2e905e9372758c631a2973d544dbc5370', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_1ee05', table='register_activity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='atriskevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0599a6160b47ed097494c11372c7135b87b951f5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4aeef', table='register_atriskevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='atrisk',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_atriskevent" ("group_id", "id", "noted_at", "noted_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "valid_from", "valid_to") VALUES (NEW."group_id", NEW."id", NEW."noted_at", NEW."noted_by_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proof", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='ecb1bbf32d3eb5f1c159e1ab1856a32fed3e77d1', operation='INSERT', pgid='pgtrigger_insert_insert_c3dd9', table='register_atrisk', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='atrisk',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_atriskevent" ("group_id", "id", "noted_at", "noted_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "valid_from", "valid_to") VALUES (NEW."group_id", NEW."id", NEW."noted_at", NEW."noted_by_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proof", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='be1d9bbbe394a73d391baaf47f73680efbd5b5cd', operation='UPDATE', pgid='pgtrigger_update_update_df2d3', table='register_atrisk', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='atrisk',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_atriskevent" ("group_id", "id", "noted_at", "noted_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "valid_from", "valid_to") VALUES (OLD."group_id", OLD."id", OLD."noted_at", OLD."noted_by_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proof", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='579ce8a823be7baab8f548771dfbf90f93ec4389', operation='DELETE', pgid='pgtrigger_delete_delete_a3707', table='register_atrisk', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='atrisk',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='99c2f2a7c0fd3b601ea1cbf24d345412a46645e5', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_2033f', table='register_atrisk', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusduty',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_statusdutyevent" ("due_on", "job_created_on", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."due_on", NEW."job_created_on", NEW."noted_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."organisation_id"); RETURN NULL;', hash='6e1cd3d9d3acdecbc9a8b55abffbd48c1b267315', operation='INSERT', pgid='pgtrigger_insert_insert_1b110', table='register_statusduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusduty',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_statusdutyevent" ("due_on", "job_created_on", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."due_on", NEW."job_created_on", NEW."noted_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."organisation_id"); RETURN NULL;', hash='a348b1182458524097d40fd7a00f28cbb42b217b', operation='UPDATE', pgid='pgtrigger_update_update_9daf1', table='register_statusduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusduty',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_statusdutyevent" ("due_on", "job_created_on", "noted_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."due_on", OLD."job_created_on", OLD."noted_by_id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."organisation_id"); RETURN NULL;', hash='92f6f8ff490fbeb399b3778bd5cca87d7b79fba7', operation='DELETE', pgid='pgtrigger_delete_delete_d97cb', table='register_statusduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusduty',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='0cfd5182eafb7d1db031398cc08f913a6f3baa64', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_8ec08', table='register_statusduty', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusdutyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1bf0c68be7622ae65c7f7323db0e7f73ea83a03b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5b65d', table='register_statusdutyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='undertakinglink',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_undertakinglinkevent" ("id", "kind", "noted_at", "noted_by_id", "organisation_id", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "valid_from", "valid_to") VALUES (NEW."id", NEW."kind", NEW."noted_at", NEW."noted_by_id", NEW."organisation_id", NEW."other_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='f3d001aed4d011d8c6437634d3cbcf4538782b6d', operation='INSERT', pgid='pgtrigger_insert_insert_ea692', table='register_undertakinglink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='undertakinglink',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_undertakinglinkevent" ("id", "kind", "noted_at", "noted_by_id", "organisation_id", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "valid_from", "valid_to") VALUES (NEW."id", NEW."kind", NEW."noted_at", NEW."noted_by_id", NEW."organisation_id", NEW."other_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='5613abfa064d617086410abdd2e16b7bc9f846b0', operation='UPDATE', pgid='pgtrigger_update_update_7bad1', table='register_undertakinglink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='undertakinglink',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_undertakinglinkevent" ("id", "kind", "noted_at", "noted_by_id", "organisation_id", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "valid_from", "valid_to") VALUES (OLD."id", OLD."kind", OLD."noted_at", OLD."noted_by_id", OLD."organisation_id", OLD."other_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='76d26244f342f141ab94a5575512b3accc56ac88', operation='DELETE', pgid='pgtrigger_delete_delete_e68c6', table='register_undertakinglink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='undertakinglink',
            trigger=pgtrigger.compiler.Trigger(name='known_author', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN\n                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='d769d5e736e1d7fcf288ad35bdaec02dbc036072', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_known_author_ca7e4', table='register_undertakinglink', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='undertakinglinkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='41e32becd654a9c40cb542ee7a4e1f6c7ed7983f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8be53', table='register_undertakinglinkevent', when='BEFORE')),
        ),
    ]
