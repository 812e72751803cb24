"""Programs that people write: ``program(party.staff)`` speaks for somebody, ``program()`` for nobody."""

import pytest
from django.test import Client

from core.rest import answers, problems

__all__ = ["every_fault", "program"]


class Program:
    """Signed in by a session, speaking JSON, reading Chinese."""

    def __init__(self, person=None, **headers):
        self.client = Client(headers={"accept-language": "zh-hans"} | headers)
        if person is not None:
            self.client.force_login(person)

    def get(self, path, **more):
        return self.client.get(f"/api/v1/{path}", **more)

    def post(self, path, body=None, **more):
        return self._send("post", path, body, **more)

    def patch(self, path, body=None, **more):
        return self._send("patch", path, body, **more)

    def delete(self, path, body=None, **more):
        return self._send("delete", path, body, **more)

    def _send(self, method, path, body, **more):
        return getattr(self.client, method)(f"/api/v1/{path}", body or {}, content_type="application/json", **more)


@pytest.fixture
def program():
    return Program


@pytest.fixture
def every_fault(monkeypatch):
    """Answers that name everything that is wrong, and not the first of it; returns how many that may be."""
    most = 1_000
    monkeypatch.setattr(answers, "MOST_UNKNOWN", most)
    monkeypatch.setattr(problems, "MOST_FAULTS", most)
    return most
