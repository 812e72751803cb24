"""Make the portal's environment once, then go on inside it. Standard library only: nothing is installed yet."""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("ZHIBU_VENV", ROOT / ".venv")).absolute()
RUNTIME, SUPERSET = "requirements.txt", "requirements-dev.txt"


def say(words: str) -> None:
    sys.stderr.write(f"zhibu: {words}\n")
    sys.stderr.flush()


def main(command: str, *arguments: str) -> None:
    install(SUPERSET if command == "test" else RUNTIME)
    # Said before the folder changes below: a relative ZHIBU_VAR is relative to where the person stands.
    if os.environ.get("ZHIBU_VAR"):
        os.environ["ZHIBU_VAR"] = str(Path(os.environ["ZHIBU_VAR"]).absolute())
    if command != "manage":
        os.chdir(ROOT)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    python = str(VENV / "bin" / "python")
    os.execv(python, [python, "-m", f"portal.boot.{command}", *arguments])  # noqa: S606


def install(lock: str) -> None:
    """Install what ``lock`` names, to the hash, unless that has been done already."""
    if installed(lock) or installed(SUPERSET):
        return
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with VENV.with_name(VENV.name + ".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (installed(lock) or installed(SUPERSET)):
            make(lock)


def make(lock: str) -> None:
    if not find_spec("ensurepip"):
        sys.exit("Python's venv module is missing; on Debian or Ubuntu: apt-get install python3-venv")
    began = time.monotonic()
    say(f"installing {lock} into {VENV} (once; a minute or so)")
    if not fits():
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    words = [*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(ROOT / lock)]
    if subprocess.call(words, stdout=sys.stderr):
        sys.exit("The packages could not be installed. Is the package index within reach? The lines above say more.")
    stamp(lock).write_text(fingerprint(lock))
    say(f"installed in {time.monotonic() - began:.0f} s")


def fits() -> bool:
    """Whether the environment that lies there works and is of the Python that runs now."""
    python = VENV / "bin" / "python"
    asked = [str(python), "-c", "import sys, pip; print(sys.version)"]
    try:
        return subprocess.check_output(asked, stderr=subprocess.DEVNULL, text=True).strip() == sys.version
    except (OSError, subprocess.CalledProcessError):
        return False


def installed(lock: str) -> bool:
    return stamp(lock).exists() and stamp(lock).read_text() == fingerprint(lock)


def stamp(lock: str) -> Path:
    return VENV / f".installed-{lock}"


def fingerprint(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes() + sys.version.encode()).hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
