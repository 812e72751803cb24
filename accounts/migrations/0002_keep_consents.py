import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# The function is the trail's; a plain trigger holds for whoever runs the statement, the owner included.
KEEP = """
CREATE TRIGGER accounts_consent_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_consent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
LET_GO = "DROP TRIGGER accounts_consent_is_kept ON accounts_consent;"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=24, verbose_name='用途')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('given', models.BooleanField(verbose_name='同意')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL, verbose_name='本人')),
            ],
            options={
                'verbose_name': '同意记录',
                'verbose_name_plural': '同意记录',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['user', 'purpose', '-id'], name='consent_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='a_consent_says_to_what'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='a_consent_says_to_which_version')],
            },
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
