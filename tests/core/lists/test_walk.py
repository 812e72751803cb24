"""A list without a script: every tool is a link or a form, every step ends at the address of what is shown."""

import re
import time
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.middleware import SEEN
from cells.choices import CellKind
from cells.domain import tree
from core.lists.listing import listings
from tests.cast import TODAY

pytestmark = pytest.mark.django_db
CELLS = "/cells/"


@pytest.fixture
def staff(client, party):
    client.force_login(party.staff)
    return client


def keys(page):
    return [column.key for column in page.context["table"].columns]


def names(page):
    return [str(cell) for cell in page.context["table"].page.rows]


def forms(page):
    """Each form of the page that is sent by GET: what it carries, by name."""
    found = []
    for form in re.findall(r"<form[^>]*method=\"get\".*?</form>", page.content.decode(), re.S):
        fields = re.findall(r'<(?:input|select|button)[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?', form)
        found.append({name: unescape(value) for name, value in fields})
    return found


def asked(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_criterion_is_added_in_two_steps_and_lifted_by_its_chip(staff, party):
    page = staff.get(f"{CELLS}?sort=-name")
    assert any("adding" in form and form["sort"] == "-name" for form in forms(page))
    page = staff.get(f"{CELLS}?sort=-name&adding=kind")
    assert '<option value="branch">' in page.content.decode()
    onwards = staff.get(f"{CELLS}?sort=-name&add=kind&way=&value=branch")
    assert (onwards.status_code, asked(onwards.url)) == (302, {"sort": "-name", "kind": "branch"})
    second = staff.get(f"{CELLS}?kind=branch&add=kind&way=&value=joint_branch")
    assert parse_qs(urlsplit(second.url).query)["kind"] == ["branch", "joint_branch"]
    page = staff.get(f"{CELLS}?kind=branch&sort=-name")
    assert set(names(page)) == {str(party.yunshan), str(party.yuanfan)}
    [chip] = [chip for chip in page.context["tools"].chips if chip.on]
    assert asked(chip.url) == {"sort": "-name"}


@pytest.mark.parametrize("value", ["", "abc", "2026-13-01", "0000-00-00"])
def test_an_answer_that_cannot_be_read_comes_back_with_what_is_wrong(staff, value):
    page = staff.get(CELLS, {"add": "founded_on", "way": "gte", "value": value})
    assert page.status_code == 422
    assert page.context["tools"].adding.error
    assert f'value="{value}"' in page.content.decode()


def test_columns_are_chosen_and_put_in_order_by_buttons(staff):
    page = staff.get(CELLS)
    assert keys(page)[:4] == ["name", "code", "kind", "secretary"]
    onwards = staff.get(f"{CELLS}?columns=code&columns=kind&columns=founded&move=founded.up")
    assert asked(onwards.url) == {"columns": "code,founded,kind", "open": "columns"}
    page = staff.get(onwards.url if onwards.url.startswith("/") else CELLS + onwards.url)
    assert keys(page) == ["name", "code", "founded", "kind"]
    first = staff.get(f"{CELLS}?columns=code,kind&move=code.up")
    assert asked(first.url)["columns"] == "code,kind"


@pytest.mark.parametrize("columns", ["", "name", "nonsense,;", "id_number"])
def test_columns_nobody_knows_leave_the_usual_ones(staff, columns):
    assert keys(staff.get(CELLS, {"columns": columns})) == keys(staff.get(CELLS))


def test_what_somebody_keeps_holds_until_an_address_says_otherwise(staff, party):
    kept = {"columns": "name,kind,nonsense", "density": "roomy", "size": "20", "next": CELLS}
    assert staff.post("/settings/lists/cells.cells/", kept).url == CELLS
    page = staff.get(CELLS)
    assert keys(page) == ["name", "kind"]
    assert 'data-density="roomy"' in page.content.decode()
    assert keys(staff.get(f"{CELLS}?columns=name,due")) == ["name", "due"]
    staff.post("/settings/lists/cells.cells/", {"forget": "1", "next": CELLS})
    assert "secretary" in keys(staff.get(CELLS))


def test_every_link_of_the_tools_keeps_the_scope_and_drops_the_page(staff, party):
    page = staff.get(f"{CELLS}?scope={party.north.code}&sort=name&after=abc")
    tools = page.context["tools"]
    links = [turn.url for turn in (*tools.chips, *tools.sizes, *tools.densities)] + [head.url for head in tools.heads]
    for link in filter(None, links):
        assert asked(link)["scope"] == party.north.code
        assert "after" not in asked(link)
    assert f'href="{party.yunshan.get_absolute_url()}?scope={party.north.code}"' in page.content.decode()


def test_a_page_that_leads_nowhere_is_the_first_and_says_so(staff, party):
    words = "上一页或下一页的地址已经失效"
    for astray in ("after=abc", "before=abc", "after=%00", "sort=-name&after=abc"):
        page = staff.get(f"{CELLS}?flat=1&{astray}")
        assert page.status_code == 200
        assert words in page.content.decode()
        assert str(party.yunshan) in names(page)
    assert words not in staff.get(f"{CELLS}?after=&before=").content.decode()


def test_a_size_there_is_not_is_said_not_to_be(staff):
    assert "每页可以是 20、50、100 行，这里是 50 行" in staff.get(f"{CELLS}?size=75").content.decode()
    assert "每页可以是" not in staff.get(f"{CELLS}?size=20").content.decode()
    assert "每页可以是" not in staff.get(f"{CELLS}?size=").content.decode()


@pytest.mark.parametrize(
    ("query", "named"), [("kindd=branch", "kindd"), ("kind=branch&founded__gte=2024-01-01&x=", "founded__gte、x")]
)
def test_a_criterion_there_is_not_is_said_not_to_narrow_the_list(staff, query, named):
    page = staff.get(f"{CELLS}?{query}")
    assert page.status_code == 200
    assert f"这份名单没有 {named} 这样的条件" in page.content.decode()


def test_what_somebody_calls_a_criterion_is_escaped_and_cut(staff):
    body = staff.get(CELLS, {"<b>" + "x" * 100: "1", **{f"y{number}": "" for number in range(30)}}).content.decode()
    assert "<b>x" not in body and "x" * 41 not in body.partition("list-passed")[2].partition("</p>")[0]
    assert "y9" not in body.partition("list-passed")[2].partition("</p>")[0]


PAGES = {*(listing.address() for listing in listings()), "/cells/ZB-0004/roster/", "/reports/figures/COV-05/"}


@pytest.mark.parametrize("path", sorted(PAGES))
@pytest.mark.parametrize("who", ["staff", "secretary"])
def test_no_link_of_a_page_asks_a_list_for_what_it_does_not_have(client, party, path, who):
    client.force_login(getattr(party, who))
    page = client.get(path)
    if page.status_code in (403, 404):
        return
    links = {unescape(link) for link in re.findall(r'href="([^"#]*\?[^"#]+)', page.content.decode())}
    for link in sorted(links):
        answer = client.get(link if link.startswith("/") else path + link)
        assert "这样的条件，列出的行没有" not in (b"" if answer.streaming else answer.content).decode(), link


@pytest.mark.parametrize(
    ("query", "words"),
    [("density=tight", "没有这种密度"), ("sort=nonsense", "不能这样排序"), ("sort=-%00", "不能这样排序")],
)
def test_a_way_of_showing_there_is_not_is_said_not_to_be(staff, query, words):
    assert words in staff.get(f"{CELLS}?{query}").content.decode()
    assert words not in staff.get(f"{CELLS}?density=roomy&sort=-name").content.decode()
    assert words not in staff.get(f"{CELLS}?density=&sort=").content.decode()


def test_the_next_page_is_none_that_leads_nowhere(client, party):
    for number in range(25):
        tree.found(f"第{number}党支部", CellKind.BRANCH, party.north, by=party.north_staff, on=TODAY)
    client.force_login(party.north_staff)
    for order in ("name", "-name"):
        first = client.get(f"{CELLS}?size=20&sort={order}").context["table"]
        second = client.get(f"{CELLS}{first.page.next}")
        assert "失效" not in second.content.decode()
        assert "失效" not in client.get(f"{CELLS}{second.context['table'].page.previous}").content.decode()


def test_it_is_printed_whole_and_copied_as_values(staff, party):
    printed = staff.get(f"{CELLS}?view=print").content.decode()
    assert "制表" in printed and "list-tools" not in printed
    plain = staff.get(f"{CELLS}?view=plain&columns=name,code").content.decode()
    assert f"<td>{party.yunshan.code}</td>" in plain
    assert "<a " not in plain and "<script" not in plain


@pytest.mark.parametrize("view", ["print", "plain"])
def test_a_print_that_stops_before_the_end_says_so(staff, monkeypatch, view):
    words = "超过 2 个党组织，这里只有前 2 个党组织"
    assert words not in staff.get(f"{CELLS}?view={view}").content.decode()
    monkeypatch.setattr("core.lists.table.PRINTED", 2)
    page = staff.get(f"{CELLS}?view={view}")
    assert len(page.context["table"].page.rows) == 2
    assert words in page.content.decode()
    assert "全部显示" not in page.content.decode()


@pytest.mark.parametrize("view", ["print", "plain"])
def test_a_print_says_how_it_was_narrowed(staff, view):
    assert "筛选：" not in staff.get(f"{CELLS}?view={view}").content.decode()
    assert "筛选：组织类别：党支部" in staff.get(f"{CELLS}?view={view}&kind=branch").content.decode()


def test_a_narrowed_print_says_how_many_were_found(staff, party):
    assert "找到 2 个党组织" in staff.get(f"{CELLS}?view=print&kind=branch").content.decode()


def test_what_a_cell_is_called_stays_text(staff, party):
    tree.rename(party.yunshan, name='"><img src=x onerror=1>', short_name="", by=party.staff, on=TODAY)
    body = staff.get(CELLS).content.decode()
    assert "<img" not in body and "&lt;img" in body


class TestAPageThatHasStood:
    WATCH = "2026-01-01T00:00:00+08:00"

    def watch(self, client, since=WATCH):
        return client.get(CELLS, {"watch": since, "kind": "branch"}, headers={"HX-Request": "true"})

    def test_it_is_told_what_changed_and_where_to_read_it_anew(self, staff, party):
        tree.rename(party.yunshan, name="新云杉", short_name="", by=party.north_staff, on=TODAY)
        body = self.watch(staff).content.decode()
        assert "1 处变化" in body
        assert '?kind=branch"' in body and "hx-trigger" not in body

    def test_nothing_new_says_nothing(self, staff):
        assert self.watch(staff, "2099-01-01T00:00:00+08:00").status_code == 204
        assert self.watch(staff, "nonsense").status_code == 204

    def test_what_changed_out_of_reach_is_not_counted(self, client, party):
        tree.rename(party.yuanfan, name="新远帆", short_name="", by=party.north_staff, on=TODAY)
        client.force_login(party.secretary)
        assert self.watch(client).status_code == 204

    def test_what_is_not_asked_for_is_not_counted(self, staff, party):
        tree.rename(party.association, name="新协会", short_name="", by=party.staff, on=TODAY)
        assert self.watch(staff).status_code == 204

    def test_asking_by_itself_is_no_sign_of_anybody(self, staff):
        staff.get(CELLS)
        session, lately = staff.session, int(time.time()) - 600
        session[SEEN] = lately
        session.save()
        self.watch(staff)
        assert staff.session[SEEN] == lately
        staff.get(CELLS)
        assert staff.session[SEEN] > lately
