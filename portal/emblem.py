"""The slot for an emblem: empty in the software, filled by the committee that deploys it, shown unmodified."""

from dataclasses import dataclass
from pathlib import Path

LARGEST = 512 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Picture:
    data: bytes
    content_type: str


def read(path: str) -> Picture | None:
    """The picture at ``path``; None where the slot is empty. Raises ValueError for what is no PNG and no SVG of at
    most 512 kB, OSError for a file that is not there."""
    if not path:
        return None
    data = Path(path).read_bytes()
    if len(data) > LARGEST:
        raise ValueError(f"{path} is larger than 512 kB")
    if data.startswith(PNG):
        return Picture(data, "image/png")
    if b"<svg" in data[:1024]:
        return Picture(data, "image/svg+xml")
    raise ValueError(f"{path} is neither a PNG nor an SVG")
