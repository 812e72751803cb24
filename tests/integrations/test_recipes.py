"""The recipes of docs/api/recipes do what they say: their commands run by bash and curl against a live portal.

What a recipe prints is compared with what stands in it, once codes, moments, numbers and secrets, which differ from one
portal to the next, stand for themselves on both sides.
"""

import os
import re
import subprocess
import threading
from pathlib import Path

import pytest
from django.db import connection

from audit import seals
from integrations.domain import following, sending
from integrations.models import Delivery
from portal.boot.ports import free_port
from work import jobs
from work.models import Job

pytestmark = pytest.mark.django_db(transaction=True)

RECIPES = Path(__file__).parents[2] / "docs" / "api" / "recipes"
FIRST = RECIPES / "README.md"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BETWEEN = "\x1e"
# What is the portal's own, in the order in which it is looked for: first what holds something else of the list.
OWN = [
    (r"v1,[A-Za-z0-9+/]{43}=", "SIGNATURE"),
    (r"whsec_[A-Za-z0-9+/]{43}=", "SECRET"),
    (r"pbt_[\w.-]+", "TOKEN"),
    (r"msg_[0-9a-f]{32}", "MESSAGE"),
    (r"https?://(?:localhost|127\.0\.0\.1):\d+", "PORTAL"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+\d\d:\d\d)", "MOMENT"),
    (r"\b\d{4}-\d\d-\d\d\b", "DAY"),
    (r"\b\d{4}-\d{4,7}\b", "REF"),
    (r"\b[A-Z]{2}-[0-9A-Z]{4,12}\b", "CODE"),
    (r"(?<!\d)\d+(?!\d)", "NUMBER"),
]


@pytest.fixture
def clock():
    """What the portal's own clock and workers do, as long as a recipe runs."""
    over = threading.Event()

    def tick():
        while not over.wait(0.2):
            seals.seal_entries()
            following.follow()
            for key in Delivery.objects.waiting().values_list("pk", flat=True):
                sending.send(key)
            for key in Job.objects.open().values_list("pk", flat=True):
                jobs.run(key)
        connection.close()

    thread = threading.Thread(target=tick)
    thread.start()
    yield
    over.set()
    thread.join(20)


@pytest.mark.parametrize("recipe", sorted(path.name for path in RECIPES.glob("[0-9]-*.md")))
def test_a_recipe_prints_what_stands_in_it(recipe, party, live_server, clock, settings, tmp_path):
    settings.ZHIBU_WEBHOOKS_ALLOW_PRIVATE = settings.ZHIBU_WEBHOOKS_ALLOW_HTTP = True
    settings.ZHIBU_WEBHOOKS_PORTS = ["any"]
    blocks = [*read(FIRST), *read(RECIPES / recipe)]
    said = run([block for block, _out in blocks], live_server.url, tmp_path)
    for (block, out), printed in zip(blocks, said, strict=True):
        assert own(printed) == own(out), f"{recipe}:\n{block}\nprinted:\n{printed}"


def test_a_ledger_imported_once_more_ends_with_the_sentence_that_nothing_is_to_be_done(
    party, live_server, clock, tmp_path
):
    blocks = [block for path in (FIRST, *[RECIPES / "2-import-a-ledger.md"] * 2) for block, _out in read(path)]
    assert "没有可以导入的行" in run(blocks, live_server.url, tmp_path)[-1]


def read(path):
    """The blocks to be run, each with what it is to print."""
    found = FENCED.findall(path.read_text(encoding="utf-8"))
    after = [*found[1:], ("", "")]
    return [
        (block, out if kind == "out" else "")
        for (language, block), (kind, out) in zip(found, after, strict=True)
        if language == "sh"
    ]


def run(blocks, base, folder):
    """What each block prints when all are pasted into one shell, one after the other."""
    script = f"\nprintf '{BETWEEN}'\n".join(blocks)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    here = {"BASE": base, "WHO": "staff", "PASSWORD": "password", "PORT_HERE": str(free_port())}
    # A command that waits for what does not come is ended with what was printed so far.
    command = ["timeout", "40", "bash", "-eu", "-c", script]
    ended = subprocess.run(command, env=kept | here, cwd=folder, capture_output=True, text=True, check=False)
    said = ended.stdout.split(BETWEEN)
    assert ended.returncode == 0, f"{blocks[len(said) - 1]}\n{said[-1]}\n{ended.stderr}"
    return said


def own(text):
    for pattern, word in OWN:
        text = re.sub(pattern, word, text)
    return text.strip()
