"""One turn for many questions gives each what it would have got by itself."""

from django.db import connection
from django.db.models import Count, F, Model, Value
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit import trail
from audit.models import Entry
from cells.models import Appointment, Cell, Term
from core.ready import NOBODY
from core.together import Together, Written, number_of, read_together
from members.models import Member, Membership
from tests.cast import LONG_AGO, TODAY
from work.models import Job


def questions(party):
    return [
        Member.objects.order_by("-pk"),
        Membership.objects.select_related("member", "cell__parent").order_by("member__name_pinyin")[1:4],
        Member.objects.only("name", "uid").filter(mobile_index__gt="").order_by("pk"),
        Member.objects.values("uid", "joined_on", "is_lost").order_by("pk"),
        Membership.objects.values_list("valid", "recorded_at", F("cell__path")).order_by("-pk"),
        Cell.objects.values_list("name", flat=True).order_by("path"),
        Cell.objects.annotate(seats=Count("appointments"), sign=Value("100 %")).order_by("pk"),
        Appointment.objects.none(),
        Term.objects.filter(pk__in=[]),
        Job.objects.all(),
        Entry.objects.order_by("-pk").values("facts", "recorded_at", "action"),
        User.objects.prefetch_related("appointments").order_by("pk"),
        Cell.objects.with_members().order_by("pk"),
    ]


def told(queryset):
    """Rows with all their values; a sealed one is opened, as it equals none but itself."""
    return [
        {name: (type(value), str(value)) for name, value in vars(row).items() if not name.startswith("_")}
        if isinstance(row, Model)
        else row
        for row in queryset
    ]


def test_each_gets_what_it_would_have_got_alone(party):
    trail.record("members.revealed", party.wang, by=party.secretary, at=party.yunshan, facts={"on": TODAY, "n": None})
    alone, together = questions(party), questions(party)
    with CaptureQueriesContext(connection) as asked:
        read_together(*together)
    assert len(asked) == 1
    for one, other in zip(alone, together, strict=True):
        assert told(one) == told(other)
    assert any(map(told, together))
    assert [place.member.name for place in alone[1]] == [place.member.name for place in together[1]]


def test_what_was_read_is_not_asked_for_again(party):
    cells, members = Cell.objects.order_by("pk"), Membership.objects.select_related("member")
    read_together(cells, members)
    with CaptureQueriesContext(connection) as asked:
        assert [cell.name for cell in cells] and len(members) == 6 and members[0].member.id_number
    assert not asked.captured_queries


def test_what_is_worked_out_once_is_filled_in_for_each(party):
    """Marks of one question are none of another; what one asker got stays what it was when the next one asks."""
    marked = Together(Cell.objects.filter(pk=NOBODY), Member.objects.filter(pk=NOBODY), Cell.objects.filter(pk=NOBODY))
    first = marked.fetch({NOBODY: party.yunshan.pk}, {NOBODY: party.wang.pk})
    second = marked.fetch({NOBODY: party.yuanfan.pk}, {NOBODY: party.li.pk})
    assert first == [[party.yunshan], [party.wang], []]
    assert second == [[party.yuanfan], [party.li], []]


def test_what_is_written_by_hand_is_read_with_other_things(party):
    """Each value as the driver makes it of any answer."""
    days = [TODAY, LONG_AGO]
    written = Written("SELECT day, 7, NULL, '100%%' FROM unnest(%s::date[]) AS asked(day)", [days], columns=4)
    nothing = Written("SELECT 1 WHERE false", [], columns=1)
    cells = Cell.objects.order_by("pk")[:2]
    read_together(cells, written, nothing)
    assert list(written) == [(day, 7, None, "100%") for day in days]
    assert not list(nothing)
    assert list(cells) == list(Cell.objects.order_by("pk")[:2])


def test_a_number_can_be_read_with_other_things(party):
    numbers = [
        number_of(Member.objects.all()),
        number_of(Member.objects.order_by("name"), 4),
        number_of(Job.objects.all()),
    ]
    read_together(*numbers)
    assert [sum(number) for number in numbers] == [6, 4, 0]
