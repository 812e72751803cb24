"""What imports and exports hold of somebody who has it erased: gone at once, or refused while still to be written."""

from django.utils.translation import gettext as _

from core.data_map import Subject
from core.errors import Refusal
from ledgers.choices import Kind
from ledgers.domain.exports import clear as clear_export
from ledgers.domain.imports import clear
from ledgers.models import Export, Import, StagedRow, Upload
from ledgers.reading import read
from members.models import Member


def forget(person: Subject) -> None:
    """As part of an erasure: files and rows of imports that are over and hold the person are cleared.

    What such an import wrote stays, and so do its counts. Refuses while one under way names the person: it would
    write anew what is erased here.
    """
    named = StagedRow.objects.about(person.members).values("upload__the_import")
    held = Import.objects.filter(pk__in=named)
    waiting = held.open().first() or _unread(person)
    if waiting is not None:
        raise Refusal(
            _("导入 %(ref)s 还没有办完，其中有这名党员的资料。请先完成或放弃这次导入，再删除。") % {"ref": waiting.ref}
        )
    for the_import in held.select_for_update():
        clear(the_import)


def forget_exports(person: Subject) -> None:
    """As part of an erasure: files that hold the person go, from whichever list of members they were taken."""
    held = Export.objects.filter(tells_of=Member._meta.label, pieces__about__overlap=list(person.members))
    for taken in held.select_related("job").distinct():
        clear_export(taken)


def _unread(person: Subject) -> Import | None:
    """An import whose roster was uploaded but not reviewed, and says the person's ID number anywhere."""
    numbers = {member.id_number for member in Member.objects.filter(pk__in=person.members)} - {""}
    files = Upload.objects.filter(kind=Kind.MEMBERS, the_import__in=Import.objects.open(), staged=None)
    for file in files.select_related("the_import").iterator():
        if any(cell.strip().upper() in numbers for line in read(file.data()).lines for cell in line):
            return file.the_import
    return None
