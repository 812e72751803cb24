"""``import_ledger``: the same deeds from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from cells.models import Cell
from ledgers.models import Import, StagedRow
from members.models import Member, Membership
from tests.ledgers.conftest import SCENES, roster, somebody

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("import_ledger", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def folder(tmp_path):
    """A folder with a roster of two, one of them wrong."""
    file = roster(somebody(1), somebody(2, 民族="火星族"))
    (tmp_path / file.name).write_bytes(file.data)
    return tmp_path


def test_a_folder_is_imported_and_told_of_on_stdout_alone():
    out, err = run(SCENES / "defects")
    assert "organisations: 2 new, 0 updated, 0 unchanged, 0 in error" in out
    assert "members: 180 new, 0 updated, 0 unchanged, 20 in error" in out
    assert "members.xlsx row 43 民族" in err and "火星族" not in out

    out, _err = run(SCENES / "defects")
    assert "members: 0 new, 0 updated, 180 unchanged, 20 in error" in out


def test_a_dry_run_keeps_nothing():
    out, _err = run(SCENES / "mixed", "--dry-run")
    assert "members: 171 new" in out and "nothing was kept" in out
    assert not Import.objects.exists() and not Cell.objects.exists() and not StagedRow.objects.exists()


def test_under_names_the_cell_to_act_for(party):
    run(SCENES / "mixed", "--under", party.north.code, "--as-of", "2026-10-31")
    committee = Cell.objects.get(name="中共示例镇互联网行业委员会")
    assert committee.parent == party.north
    assert Membership.objects.under(committee).first().starts_on.isoformat() == "2026-10-31"


def test_by_imports_with_the_rights_of_a_person(party, folder):
    run(folder, "--under", party.yunshan.code, "--by", "secretary")
    assert Entry.objects.filter(action="members.enrolled").get().actor == party.secretary
    with pytest.raises(CommandError, match="may not import"):
        run(folder, "--under", party.yuanfan.code, "--by", "secretary")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--under", "ZB-9999"), "No cell"),
        (("--by", "nobody"), "Nobody signs in"),
        (("--as-of", "2031-01-01"), "不能晚于今天"),
        (("--as-of", "昨天"), "读不出日期"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(party, folder, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(folder, *arguments)
    assert not Member.objects.filter(name="林晓").exists()


def test_a_folder_without_ledgers_is_refused(tmp_path):
    (tmp_path / "readme.txt").write_text("-")
    with pytest.raises(CommandError, match="没有"):
        run(tmp_path)
    with pytest.raises(CommandError):
        run(tmp_path / "nowhere")
