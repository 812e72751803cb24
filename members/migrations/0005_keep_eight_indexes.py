import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0004_trace_members'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='member', name='member_by_mobile'),
        migrations.RemoveIndex(model_name='member', name='member_by_mobile_tail'),
        migrations.AlterField(
            model_name='member',
            name='code',
            field=models.CharField(editable=False, max_length=12, verbose_name='编号'),
        ),
        migrations.AlterField(
            model_name='member',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='members.member'),
        ),
        migrations.AlterField(
            model_name='member',
            name='uid',
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(fields=['mobile_tail_index', 'mobile_index'], name='member_by_mobile'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(fields=('code',), name='a_code_belongs_to_one_member'),
        ),
    ]
