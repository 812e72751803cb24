"""Single files out of installed front-end packages: the packages weigh fifty times as much as what pages load."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage


class PackageFinder(BaseFinder):
    """Finds what ``ZHIBU_FRONT_END`` names, where it is installed."""

    def find(self, path, find_all=False, **kwargs):
        found = settings.ZHIBU_FRONT_END.get(path)
        if not found or not found.exists():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns):
        for path, source in settings.ZHIBU_FRONT_END.items():
            if source.exists():
                storage = FileSystemStorage(location=source.parent)
                storage.prefix = str(Path(path).parent)
                yield source.name, storage

    def check(self, **kwargs):
        return []
