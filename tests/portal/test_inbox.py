"""The inbox holds what its reader is to do, page by page, and knows where to go on."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from members.domain import requests, rights
from members.domain.disclosures import OPENED
from notices.models import Notice
from portal import inbox, workbench
from tests.cast import TODAY, enlist, person
from tests.members.paper import photo

pytestmark = pytest.mark.django_db
INBOX = reverse("portal:inbox")


def ask(member, item="education", new="14"):
    return requests.ask(member, item=item, new=new, evidence=photo(), by=member.user, on=TODAY)


def asked_in(party, count, item="education", new="14"):
    return [ask(enlist(f"组员{n}", party.first_group, user=person(f"组员{n}")), item, new) for n in range(count)]


def listed(client, **query):
    return [request.code for request, _address in client.get(INBOX, query).context["lines"]]


@pytest.fixture
def secretary(client, party):
    client.force_login(party.secretary)
    return client


def test_what_waits_stands_there_oldest_first_with_its_old_and_new(secretary, party):
    first, second = ask(party.wang), *asked_in(party, 1, "degree", "硕士")
    assert listed(secretary) == [first.code, second.code]
    page = secretary.get(INBOX).content.decode()
    assert "大学本科毕业 → " in page
    assert f'data-code="{first.code}" aria-labelledby' in page


def test_the_request_that_is_open_is_an_opening_of_its_record_and_the_list_is_none(secretary, party):
    first, second = ask(party.wang), *asked_in(party, 1)
    secretary.get(INBOX)
    assert [entry.thing_id for entry in Entry.objects.did(OPENED)] == [first.member_id]
    secretary.get(INBOX, {"open": second.code})
    assert Entry.objects.about(second.member).did(OPENED).get().actor == party.secretary


def test_a_tab_holds_what_its_name_says(client, party):
    own, others, elsewhere = ask(party.li), ask(party.wang), ask(party.liu)
    done = ask(party.wang, "name", "王滔")
    requests.refuse(done, reason="看不清楚", by=party.secretary, on=TODAY)
    tabs = ("todo", "open", "coming", "done")

    def shelves(who):
        client.force_login(getattr(party, who))
        return [listed(client, tab=tab) for tab in tabs]

    assert shelves("secretary") == [[others.code], [own.code], [], [done.code]]
    assert shelves("north_staff") == [[elsewhere.code], [], [own.code, others.code], []]
    assert shelves("staff") == [[], [], [own.code, others.code, elsewhere.code], []]


def test_a_member_without_office_finds_what_is_under_way_and_what_was_told(client, party):
    request = ask(party.wang)
    requests.refuse(ask(party.wang, "name", "王滔"), reason="看不清楚", by=party.secretary, on=TODAY)
    client.force_login(party.plain_member)
    response = client.get(INBOX, {"tab": "open"})
    assert [tab.key for tab in response.context["tabs"]] == ["todo", "open", "told"]
    assert request.code in response.content.decode()
    assert "被退回" in client.get(INBOX, {"tab": "told"}).content.decode()


def test_nothing_left_to_do_says_so(secretary):
    page = secretary.get(INBOX).content.decode()
    assert "都办完了" in page and "?tab=done" in page


def test_nonsense_in_the_address_leads_to_what_there_is_to_do(secretary, party):
    request = ask(party.wang)
    assert listed(secretary, tab="nonsense", item="nonsense", open="GZ-999999", after="nonsense") == [request.code]


def test_requests_of_one_item_are_listed_by_themselves(secretary, party):
    asked_in(party, 2)
    name = ask(party.wang, "name", "王滔")
    response = secretary.get(INBOX, {"item": "name"})
    assert [(kind.item, kind.count) for kind in response.context["kinds"]] == [("name", 1), ("education", 2)]
    assert listed(secretary, item="name") == [name.code]


def test_after_a_decision_one_goes_on_to_the_next(secretary, party):
    first, second, third = asked_in(party, 3)

    def after(request):
        return secretary.get(INBOX, {"open": request.code}).context["next"]

    assert after(first) == f"{INBOX}?open={second.code}#item-{second.code}"
    assert after(third) == f"{INBOX}?open={second.code}#item-{second.code}"
    for request in (first, second):
        requests.grant(request, by=party.organiser, on=TODAY)
    assert after(third) == f"{INBOX}?"


def test_more_than_a_page_is_paged(secretary, party):
    asked_in(party, inbox.SIZE + 1)
    page = secretary.get(INBOX).context["page"]
    assert len(page.rows) == inbox.SIZE
    assert len(secretary.get(INBOX + page.next).context["page"].rows) == 1


def test_one_and_three_requests_cost_the_same(secretary, party):
    counted = []
    for member in [party.wang, *(enlist(f"组员{n}", party.yunshan, user=person(f"组员{n}")) for n in range(2))]:
        ask(member)
        with CaptureQueriesContext(connection) as queries:
            secretary.get(INBOX)
        counted.append(len(queries))
    assert len(set(counted)) == 1


def test_what_people_ask_about_their_data_waits_there_too_the_most_urgent_first(client, party):
    client.force_login(party.staff)

    def page():
        with CaptureQueriesContext(connection) as queries:
            html = client.get(INBOX).content.decode()
        return html, len(queries)

    later = rights.ask(party.wang, kind="copy", words="请给我一份", by=party.plain_member, on=TODAY)
    one, asked_for_one = page()
    for kind in ("correction", "erasure"):
        rights.ask(party.li, kind=kind, words="请办理一下", by=party.secretary, on=TODAY - timedelta(days=9))
    three, asked_for_three = page()

    assert asked_for_one == asked_for_three
    assert f'href="{later.get_absolute_url()}"' in one and "答复" in one and "都办完了" not in one
    assert "李敏申请" in three and three.index("李敏申请") < three.index("王涛申请")
    assert re.search(r'待办<span class="count number">3<', three)
    assert re.search(r'待我办<span class="number">3<', three)
    client.force_login(party.secretary)
    assert "王涛申请" not in client.get(INBOX).content.decode()


def test_notices_are_read_there_too(secretary, party):
    Notice.objects.create(to=party.secretary, sentence="请看")
    assert "请看" in secretary.get(INBOX, {"tab": "told"}).content.decode()


def test_the_workbench_counts_people_and_leads_to_the_inbox(party):
    ask(party.wang)
    ask(party.wang, "name", "王滔")
    task = workbench.of(party.secretary, on=TODAY).tasks[0]
    assert (task.subject, task.verb, task.url) == ("1 名党员申请更正", "核对", INBOX)
    assert not [task for task in workbench.of(party.north_staff, on=TODAY).tasks if "更正" in task.subject]
