"""Files as they come in: in memory alone, for people who signed in, and no further than their limit.

Nothing uploaded touches the disk before it is sealed, so nothing is left there by a process that ended.
"""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

MIB = 1024 * 1024
MOST_OF_FILE = 20 * MIB
MOST_OF_REQUEST = 60 * MIB
# Where a request keeps the name of the file at which it was stopped.
REFUSED = "refused_upload"


class BoundedUploadHandler(FileUploadHandler):
    """Stops at 20 MB of one file and 60 MB of one request; from somebody who has not signed in it takes nothing.

    What is left of a request within its limit is passed over, so that the answer reaches who sent it; what is left of
    a larger one is not waited for. The file that was too big goes to ``files_of`` by its name.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 -- Django calls it so
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.length, self.taken = content_length, 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise StopUpload(connection_reset=True)
        if self.length > MOST_OF_REQUEST:
            self._refuse()
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if start + len(raw_data) > MOST_OF_FILE or self.taken > MOST_OF_REQUEST:
            self._refuse()
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def _refuse(self) -> None:
        self.content = BytesIO()
        setattr(self.request, REFUSED, (self.field_name, self.file_name))
        raise StopUpload(connection_reset=self.length > MOST_OF_REQUEST)


def files_of(request: HttpRequest) -> MultiValueDict:
    """The files of a request; one at which it was stopped stands there empty, with a size above the limit."""
    files = MultiValueDict({name: request.FILES.getlist(name) for name in request.FILES})
    if refused := getattr(request, REFUSED, None):
        field, name = refused
        files.appendlist(field, UploadedFile(BytesIO(), name=name, size=MOST_OF_FILE + 1))
    return files
