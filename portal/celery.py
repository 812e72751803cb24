"""The Celery application. Beat only pokes: what is due, and whether it has been done, stands in the database."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

from portal import logs
from portal.fieldkeys.start import refuse_wrong_keys
from portal.settled import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.live")

app = Celery("zhibu")
app.set_default()  # for every thread of the web, not only the one that started it
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A poke that waited longer than its interval has been overtaken by the next one.
POKES = [
    ("give out what is due and nobody works on", "work.tasks.sweep", 2),
    ("post what the calendar asks for", "work.tasks.poke_schedules", 30),
    ("seal what the trail has gained", "audit.tasks.seal_entries", 5),
    ("write down what webhooks are to send", "integrations.tasks.follow_trail", 5),
]
app.conf.beat_schedule = {
    words: {"task": task, "schedule": seconds, "options": {"expires": seconds}} for words, task, seconds in POKES
}


worker_init.connect(refuse_wrong_keys)
worker_init.connect(settle)
beat_init.connect(refuse_wrong_keys)


@setup_logging.connect
def _log_as_the_web_does(**kwargs):
    logs.configure()
