from django.db import migrations

from acts.recording import trace_sql


class Migration(migrations.Migration):

    dependencies = [
        ('acts', '0001_keep_acts'),
        ('members', '0003_subject_requests'),
    ]

    operations = [
        trace_sql('members_member'),
        trace_sql('members_memberfact'),
        trace_sql('members_membership'),
    ]
