"""What background work holds about people: whose it is, no more. Payloads carry keys alone."""

from django.utils.translation import gettext_lazy as _

from core import data_map
from core.data_map import BY_SCHEDULE, DUTY, ONLY_SELF, ORDINARY, declare, impersonal
from work.models import Job

declare(
    "work.Job",
    "code title facts owner state created_at",
    kind=ORDINARY,
    purpose=_("办理本人发起的后台任务，并让本人看到进度"),
    ground=DUTY,
    retention=BY_SCHEDULE,
    readers=ONLY_SELF,
    rows=lambda person: Job.objects.filter(owner=person.user),
)
impersonal(
    "work.Job",
    "id kind scope_path payload key request_id done total note log checkpoint cancel_asked run_token locked_until"
    " attempts started_at finished_at result_url result_name error",
)
impersonal(
    "work.Outbox",
    "id kind payload dedupe_key state run_after attempts locked_until error request_id posted_at done_at",
)
impersonal("work.ScheduledRun", "id job period claimed_at")
impersonal("work.Heartbeat", "name seen_at field_keys")
# Tables that come with the framework and hold nothing of ours.
for table, fields in {
    "auth.Permission": "id name content_type codename",
    "auth.Group": "id name permissions",
    "contenttypes.ContentType": "id app_label model",
}.items():
    data_map.impersonal(table, fields)
