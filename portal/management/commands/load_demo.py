"""Load the fictional association, once."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from cells.models import Cell
from portal.demo import world


class Command(BaseCommand):
    help = "Load the fictional association. Does nothing where organisations are on record already."

    def handle(self, **options):
        if not Cell.objects.exists():
            world.build(today=timezone.localdate())
