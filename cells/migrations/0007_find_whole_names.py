from django.db import migrations

from core.terms import refill


def read_names_anew(apps, schema_editor):
    refill(schema_editor.connection, "cells_cell", "name", "short_name")
    refill(schema_editor.connection, "cells_company", "name")


def known_by(table):
    """So that a rare name is known to be rare, and looked up instead of met by reading everything in order."""
    statistics = f"ALTER TABLE {table} ALTER COLUMN name_search SET STATISTICS"
    return migrations.RunSQL(f"{statistics} 400", f"{statistics} -1")


class Migration(migrations.Migration):

    dependencies = [
        ('cells', '0006_saved_filters'),
    ]

    operations = [
        known_by("cells_cell"),
        known_by("cells_company"),
        migrations.RunPython(read_names_anew, migrations.RunPython.noop),
    ]
