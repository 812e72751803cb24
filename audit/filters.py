"""What may be asked of the trail: by its page, a program or an export."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.querysets import EntryQuerySet
from core.criteria import Criteria, Day, Search, Text
from core.errors import Refusal


class EntryCriteria(Criteria):
    """Of entries within reach."""

    q = Search(_("姓名、名称或编号"), by="search")
    action = Text(_("事项"), ways=("", "n"))
    thing_code = Text(_("对象编号"), ways=("",))
    actor = Text(_("经办人编号"), at="actor__code", ways=("", "n"))
    request_id = Text(_("请求编号"), ways=("",))
    first = Day(_("自"), by="from_day", several=False, ways=("",))
    last = Day(_("至"), by="to_day", several=False, ways=("",))

    def search(self, entries: EntryQuerySet, words: str) -> EntryQuerySet:
        words = words.strip()
        named = Q(actor_name__icontains=words) | Q(thing_label__icontains=words) | Q(thing_code__iexact=words)
        return entries.filter(named)

    def from_day(self, entries: EntryQuerySet, day: date) -> EntryQuerySet:
        return entries.between(first=day)

    def to_day(self, entries: EntryQuerySet, day: date) -> EntryQuerySet:
        first = self.form.cleaned_data.get("first")
        if first and first > day:
            raise Refusal(str(_("止日早于起日，请把两个日期对调")), field="last")
        return entries.between(last=day)
