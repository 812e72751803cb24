from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0002_which_keys_a_process_knows'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='facts',
            field=models.JSONField(default=dict),
        ),
    ]
