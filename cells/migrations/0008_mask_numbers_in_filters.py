from django.db import migrations
from django.http import QueryDict

from core.masks import is_whole_number, mask_numbers

# Of amounts and days, in which eleven digits are no mobile.
COMPARING = ("__gte", "__lte")


def mask_what_is_kept(apps, schema_editor):
    """Filters that were removed are masked as well: they can be brought back."""
    for saved in apps.get_model("cells", "SavedFilter").objects.only("query", "name").iterator():
        asked = QueryDict(mutable=True)
        for name, values in QueryDict(saved.query).lists():
            asked.setlist(name, values if name.endswith(COMPARING) else [masked(value) for value in values])
        query, called = asked.urlencode(safe=","), mask_numbers(saved.name)
        if (query, called) != (saved.query, saved.name):
            saved.query, saved.name = query, called
            saved.save(update_fields=["query", "name"])


def masked(value):
    hidden = mask_numbers(value)
    return "*" * len(value) if is_whole_number(hidden) else hidden


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0007_find_whole_names"),
    ]

    operations = [
        migrations.RunPython(mask_what_is_kept, migrations.RunPython.noop),
    ]
