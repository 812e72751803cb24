from django.db import migrations

from core.terms import refill


def read_names_anew(apps, schema_editor):
    refill(schema_editor.connection, "members_member", "name")


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0005_keep_eight_indexes'),
    ]

    operations = [
        # So that a rare name is known to be rare, and looked up instead of met by reading everybody in order.
        migrations.RunSQL(
            "ALTER TABLE members_member ALTER COLUMN name_search SET STATISTICS 400",
            "ALTER TABLE members_member ALTER COLUMN name_search SET STATISTICS -1",
        ),
        migrations.RunPython(read_names_anew, migrations.RunPython.noop),
    ]
