from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_let_type_follow_the_office'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='lists',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
