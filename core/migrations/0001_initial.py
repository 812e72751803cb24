from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """The extensions every other app builds on; both are trusted, so the owner may create them."""

    initial = True
    dependencies = []
    operations = [BtreeGistExtension(), TrigramExtension()]
