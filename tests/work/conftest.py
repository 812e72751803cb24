"""Effects and jobs that exist for one test only."""

import pytest

from work import jobs, outbox


@pytest.fixture
def effect(monkeypatch):
    """Declares ``tests.effect``; what was done is found in the list it gives back."""
    done = []
    monkeypatch.setitem(outbox._effects, "tests.effect", done.append)
    return done


@pytest.fixture
def declare(monkeypatch):
    """Declares a job function as ``tests.job``."""

    def as_job(function):
        monkeypatch.setitem(jobs._jobs, "tests.job", function)
        return function

    return as_job
