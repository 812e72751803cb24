import gc

from celery.signals import worker_init

from portal import celery  # noqa: F401 -- connects what a worker does when it begins


def test_a_worker_takes_what_it_has_loaded_out_of_the_collectors_rounds(db, monkeypatch):
    done = []
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    worker_init.send(sender=None)
    assert done == ["collect", "freeze"]
