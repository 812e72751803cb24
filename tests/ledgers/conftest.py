"""What tests of ledgers share: the scenes, small workbooks, an import carried to where it is wanted."""

import io
from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from core.actors import SYSTEM
from ledgers.domain import folders, imports
from ledgers.domain.uploads import File
from ledgers.models import StagedRow
from tests.cast import TODAY, fictional_id_number

SCENES = Path(__file__).parents[1] / "scenes"
# fmt: off
COLUMNS = (
    "姓名", "所在党支部", "公民身份证号", "性别", "民族", "出生日期", "学历", "人员类别", "加入党组织日期",
    "转为正式党员日期", "工作岗位", "手机号", "家庭住址",
)
# fmt: on


class Quiet:
    """Progress that nobody watches."""

    def __init__(self):
        self.checkpoint, self.steps = {}, []

    def step(self, done, total=None, note=""):
        self.steps.append((done, total, note))

    def save(self):
        pass


def xlsx(rows, *, above=(), sheet="名册", formulas=()):
    """A workbook: ``above`` stand over the headings; ``formulas`` are (row, column, formula), counted from 0."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate([*above, *rows]):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, value, day)
                elif isinstance(value, int | float):
                    page.write_number(at, column, value)
                elif value:
                    page.write_string(at, column, value)
        for at, column, formula in formulas:
            page.write_formula(at, column, formula, None, "算好的")
    return out.getvalue()


def somebody(number=1, **changes):
    """One row of the roster that nothing is wrong with."""
    return {
        "姓名": "林晓",
        "所在党支部": "云杉科技党支部",
        "公民身份证号": fictional_id_number(date(1991, 3, 4), number),
        "性别": "",
        "民族": "汉族",
        "出生日期": "1991-03-04",
        "学历": "大学本科毕业",
        "人员类别": "正式党员",
        "加入党组织日期": "2015-06-01",
        "转为正式党员日期": "2016-06-01",
        "工作岗位": "企业专业技术人员",
        "手机号": f"138{number:08d}",
        "家庭住址": "青澜市示例路1号",
    } | changes


def roster(*people, columns=COLUMNS, above=()):
    """A roster with these people, as a file."""
    return File(
        "名册.xlsx", xlsx([columns, *([person.get(one, "") for one in columns] for person in people)], above=above)
    )


def table(*rows, name="台账.xlsx"):
    """A ledger whose headings are the keys of its first row."""
    return File(name, xlsx([list(rows[0]), *(list(row.values()) for row in rows)]))


def staged(*files, cell=None, by=SYSTEM, as_of=TODAY):
    """An import that has been reviewed."""
    return folders.prepare(files=files, cell=cell, as_of=as_of, by=by, on=TODAY, progress=Quiet())


def carried_out(*files, cell=None, by=SYSTEM, as_of=TODAY):
    """An import that is done."""
    return folders.carry_out(staged(*files, cell=cell, by=by, as_of=as_of), by=by, progress=Quiet())


def scene(name):
    """The files of a scene."""
    return folders.files_in(SCENES / name)


def remarks(the_import, kind="members"):
    """(row, field, severity) of everything said about an import's rows."""
    return [
        (row.number, field, severity)
        for row in StagedRow.objects.of(the_import, kind)
        for field, severity, _sentence in row.found["remarks"]
    ]


def sentences(the_import, kind="members"):
    return [sentence for row in StagedRow.objects.of(the_import, kind) for _f, _s, sentence in row.found["remarks"]]


@pytest.fixture
def begun(party):
    """An import of the staff's for the association, with nothing uploaded yet."""
    return imports.start(cell=party.association, as_of=TODAY, by=party.staff, on=TODAY)
