"""Where things lie. Everything the portal writes is below one folder, ``ZHIBU_VAR``."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def var() -> "Var":
    return Var(Path(os.environ.get("ZHIBU_VAR") or ROOT / "var").absolute())


@dataclass(frozen=True)
class Var:
    """The portal's own folder. Readable by nobody else but for the way through to what others must reach."""

    path: Path

    @property
    def keys(self) -> Path:
        return self._folder("keys", 0o700)

    @property
    def run(self) -> Path:
        return self._folder("run", 0o700)

    @property
    def log(self) -> Path:
        return self._folder("log", 0o700)

    @property
    def services(self) -> Path:
        return self._folder("services", 0o711)

    def _folder(self, name: str, mode: int) -> Path:
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder = self.path / name
        folder.mkdir(mode=mode, exist_ok=True)
        return folder


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
