"""Two hundred rows, twenty-six of them each wrong or odd in its own way: every one comes out as it should."""

import pytest

from ledgers.columns import MEMBERS
from ledgers.models import StagedRow
from members.models import Member
from tests.ledgers.conftest import SCENES, carried_out, scene, staged

pytestmark = pytest.mark.django_db

OUTCOMES = {"错误": "error", "提示": "hint", "规范": "normalised", "接受": "accepted"}


def expected():
    lines = (SCENES / "defects" / "expected.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:] if line and not line.startswith("#")]
    return {(int(number), column, OUTCOMES[outcome]) for number, column, _case, outcome in rows}


def test_each_defect_is_named_at_its_row_and_column_and_nothing_else_is():
    the_import = staged(*scene("defects"))

    found = {
        (int(float(row.written["cells"]["serial"])), MEMBERS.by_field[field].label, severity)
        for row in StagedRow.objects.of(the_import, "members")
        for field, severity, _sentence in row.found["remarks"]
    }
    assert found == expected()


def test_the_rows_without_errors_are_imported_and_no_other():
    done = carried_out(*scene("defects"))

    assert done.wrong == 20
    assert Member.objects.count() == 180
    assert done.result["done"]["members"] == {"new": 180, "update": 0}


def test_a_residence_permit_is_taken():
    carried_out(*scene("defects"))

    assert Member.objects.filter(id_kind="residence_permit").count() == 1


@pytest.mark.parametrize(
    ("serial", "cause"),
    [(5, "科学计数法"), (9, "末三位已被舍入"), (47, "月份应为 1 到 12，现在是 13"), (125, "公式"), (18, "第 6 行")],
)
def test_the_cause_is_named(serial, cause):
    the_import = staged(*scene("defects"))

    row = StagedRow.objects.of(the_import, "members").get(number=serial + 2)
    assert any(cause in sentence for _field, _severity, sentence in row.found["remarks"])
