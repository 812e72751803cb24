"""The worker that the crash test starts and kills: the portal's own, which knows the slow effects besides."""

from celery.signals import worker_init

from portal.celery import app  # noqa: F401 - what ``celery -A`` looks for


@worker_init.connect
def learn_the_slow_effects(**kwargs):
    # Only now are Django's models there to be imported.
    from tests.work import slow_effects  # noqa: PLC0415
    from work import jobs, outbox, progress  # noqa: PLC0415

    outbox.effect("tests.slow")(slow_effects.slow)
    jobs.job("tests.long")(slow_effects.long)
    outbox.LEASE = jobs.LEASE = progress.LEASE = slow_effects.LEASE
