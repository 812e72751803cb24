"""What an operator sets, and what the portal refuses to start with."""

import json
import os
import subprocess
import sys

import pytest

from portal.boot.keys import new_field_keys
from portal.boot.places import ROOT
from portal.settings import environment

SAFE = {
    "ZHIBU_ENV": "production",
    "ZHIBU_SECRET_KEY": "Zr8-kQ2_vN5xLw7TbYc1MdH9sUfJ3aGpE4iOqWnXeRtKlBvC6zAqW",
    "ZHIBU_FIELD_KEYS": json.dumps(new_field_keys()),
    "ZHIBU_ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgresql://app:secret@db.example/zhibu",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example/zhibu",
    "REDIS_URL": "redis://:secret@broker.example/0",
}
SHOW = (
    "from django.conf import settings; print(settings.SESSION_COOKIE_NAME, settings.SECURE_SSL_REDIRECT,"
    " repr(settings.ZHIBU_TEST_DIVISION))"
)


def start(changes=None, script=SHOW):
    """Load the settings as the web server does; what is None is not set."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    chosen = {name: value for name, value in (SAFE | (changes or {})).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", script],
        env=bare | chosen | {"DJANGO_SETTINGS_MODULE": "portal.settings.live", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_start_with_cookies_for_tls_alone():
    started = start()
    assert started.returncode == 0, started.stderr
    assert started.stdout == "__Host-session True ''\n"


@pytest.mark.parametrize(
    ("changes", "trusted"),
    [
        ({}, "0"),
        ({"ZHIBU_TRUSTED_PROXIES": "2"}, "0"),
        ({"ZHIBU_BEHIND_PROXY": "1"}, "1"),
        ({"ZHIBU_BEHIND_PROXY": "1", "ZHIBU_TRUSTED_PROXIES": "2"}, "2"),
    ],
)
def test_a_forwarded_address_is_believed_only_behind_a_proxy(changes, trusted):
    script = "from allauth import app_settings; print(app_settings.TRUSTED_PROXY_COUNT)"
    started = start(changes, script)
    assert started.stdout.strip() == trusted, started.stderr


def test_everything_that_is_wrong_is_said_on_one_screen():
    refused = start(
        {
            "ZHIBU_SECRET_KEY": None,
            "ZHIBU_FIELD_KEYS": None,
            "ZHIBU_DEBUG": "1",
            "ZHIBU_ALLOWED_HOSTS": "*",
            "DATABASE_OWNER_URL": SAFE["DATABASE_URL"],
            "REDIS_URL": None,
            "ZHIBU_DEMO": "1",
        }
    )
    assert refused.returncode == 3
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr
    numbered = [line for line in refused.stderr.splitlines() if line.startswith("  ") and line[2].isdigit()]
    assert [line.split(". ", 1)[1] for line in numbered] == [
        "ZHIBU_SECRET_KEY is missing",
        "ZHIBU_FIELD_KEYS is missing",
        "ZHIBU_DEBUG is on",
        "ZHIBU_ALLOWED_HOSTS has a *",
        "REDIS_URL is missing",
        "DATABASE_URL and DATABASE_OWNER_URL name the same role",
        "ZHIBU_DEMO is on",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ZHIBU_SECRET_KEY": "short"}, "ZHIBU_SECRET_KEY is too easy to guess"),
        ({"ZHIBU_SECRET_KEY": "a" * 80}, "ZHIBU_SECRET_KEY is too easy to guess"),
        ({"ZHIBU_FIELD_KEYS": "{"}, "ZHIBU_FIELD_KEYS is not a ring of 32-byte keys"),
        (
            {"ZHIBU_FIELD_KEYS": json.dumps(new_field_keys() | {"index": "c2hvcnQ="})},
            "ZHIBU_FIELD_KEYS is not a ring of 32-byte keys",
        ),
        (
            {"ZHIBU_FIELD_KEYS": json.dumps(new_field_keys() | {"current": "k9"})},
            "ZHIBU_FIELD_KEYS is not a ring of 32-byte keys",
        ),
        ({"ZHIBU_ALLOWED_HOSTS": None}, "ZHIBU_ALLOWED_HOSTS is missing"),
        ({"ZHIBU_ALLOWED_HOSTS": "portal.example,*"}, "ZHIBU_ALLOWED_HOSTS has a *"),
        ({"DATABASE_URL": None}, "DATABASE_URL is missing"),
        ({"ZHIBU_ENV": "prodution"}, "ZHIBU_ENV is prodution"),
    ],
)
def test_one_unsafe_setting_is_refused_by_its_name(changes, said):
    refused = start(changes)
    assert refused.returncode == 3
    assert f"  1. {said}\n" in refused.stderr
    assert "  2. " not in refused.stderr


def test_without_a_word_about_where_it_is_production():
    refused = start(dict.fromkeys(SAFE))
    assert refused.returncode == 3
    assert "the settings for production are not safe" in refused.stderr


def test_the_web_server_gives_up_instead_of_trying_again():
    refused = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "portal/gunicorn.py", "--bind", "127.0.0.1:0"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 3
    assert refused.stderr.count("Zhibu does not start") == 1


def test_web_and_worker_start_without_the_owner():
    started = start({"DATABASE_OWNER_URL": None})
    assert started.returncode == 0, started.stderr


def test_migration_without_the_owner_is_refused_with_a_sentence():
    script = "import django; django.setup(); from django.core.management import call_command; call_command('migrate')"
    refused = start({"DATABASE_OWNER_URL": None}, script)
    assert refused.returncode == 1
    assert refused.stderr.rstrip().endswith("DATABASE_URL is the application's, which owns nothing.")


def test_a_secret_may_lie_in_a_file(tmp_path):
    secret = tmp_path / "secret-key"
    secret.write_text(SAFE["ZHIBU_SECRET_KEY"] + "\n")
    started = start({"ZHIBU_SECRET_KEY": None, "ZHIBU_SECRET_KEY_FILE": str(secret)})
    assert started.returncode == 0, started.stderr


def test_a_file_that_is_not_there_counts_as_missing(tmp_path):
    refused = start({"ZHIBU_SECRET_KEY": None, "ZHIBU_SECRET_KEY_FILE": str(tmp_path / "none")})
    assert refused.returncode == 3
    assert "  1. ZHIBU_SECRET_KEY is missing\n" in refused.stderr


@pytest.mark.parametrize("env", ["production", "demo"])
def test_a_ring_that_was_handed_in_and_is_not_there_is_named_and_none_is_made_instead(tmp_path, env):
    file = tmp_path / "field-keys.json"
    refused = start(
        {"ZHIBU_ENV": env, "ZHIBU_VAR": str(tmp_path), "ZHIBU_FIELD_KEYS": None} | {"ZHIBU_FIELD_KEYS_FILE": str(file)}
    )
    assert refused.returncode != 0
    assert str(file) in refused.stderr
    assert "不要另造新密钥" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_is_taken_apart():
    found = environment.database("postgresql://ow%40ner:p%2Fw@db.example:6432/zhibu?sslmode=verify-full")
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ow@ner",
        "p/w",
        "db.example",
        "6432",
        "zhibu",
    ]
    assert found["OPTIONS"] == {"sslmode": "verify-full"}


def test_only_the_web_has_a_limit_to_its_statements():
    assert "options" not in environment.database("postgresql:///zhibu")["OPTIONS"]
    limited = environment.database("postgresql:///zhibu", statement_timeout_ms=10_000)
    assert "-c statement_timeout=10000" in limited["OPTIONS"]["options"]


def test_the_cache_lies_beside_the_queue():
    assert environment.beside("redis://:secret@broker.example:6379/3") == "redis://:secret@broker.example:6379/4"
    assert environment.beside("redis://broker.example") == "redis://broker.example/1"
