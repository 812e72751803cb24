"""What may be asked of the list of one's own jobs."""

from django.utils.translation import gettext_lazy as _

from core.criteria import Choice, Criteria, Day, Text
from work.choices import JobState


class JobCriteria(Criteria):
    state = Choice(_("状态"), choices=JobState, ways=("", "n"))
    kind = Text(_("种类"), ways=("", "n"))
    created_on = Day(_("开始日期"), at="created_at__date", ways=("", "gte", "lte"))
