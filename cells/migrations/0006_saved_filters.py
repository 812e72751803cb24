import cells.models.filters
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from acts.recording import trace_sql


class Migration(migrations.Migration):

    dependencies = [
        ('acts', '0001_keep_acts'),
        ('cells', '0005_account_administrator'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=cells.models.filters.new_filter_code, editable=False, max_length=12, unique=True, verbose_name='编号')),
                ('listing', models.CharField(max_length=60, verbose_name='名单')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('query', models.TextField(max_length=2000, verbose_name='条件')),
                ('pinned', models.BooleanField(default=False, verbose_name='固定在工作台')),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField(auto_now_add=True)),
                ('voided_at', models.DateTimeField(editable=False, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
                ('shared_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_filters', to='cells.cell')),
            ],
            options={
                'verbose_name': '筛选',
                'verbose_name_plural': '筛选',
                'ordering': ['name', 'pk'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('voided_at__isnull', True)), fields=('owner', 'listing', 'name'), name='a_filter_has_its_name_once_for_its_owner'),
                    models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='a_saved_filter_has_a_name'),
                ],
            },
        ),
        trace_sql('cells_savedfilter'),
    ]
