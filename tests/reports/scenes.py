"""The ledgers of a scene put straight into the database, by whoever only wants to count."""

from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from cells.choices import KINDS_WITHOUT_COVER, CellKind, Cover
from cells.models import Cell, Company, CompanyFact, Placement, Term
from core.dated import since
from members.choices import Category, EntryReason, Standing
from members.models import Member, MemberFact, Membership

SCENES = Path(__file__).parents[1] / "scenes"
KINDS = {kind.label: kind for kind in CellKind}


def day(value):
    if isinstance(value, date):
        return value
    for pattern in ("%Y年%m月%d日", "%Y-%m-%d"):
        try:
            return datetime.strptime(value, pattern).date()
        except ValueError:
            continue
    return None


def load(folder, *, on):
    """The organisations, companies and members of a scene, all since ``on``; the root cell."""
    cells = _organisations(_rows(folder / "organisations.xlsx"), on)
    if (folder / "companies.xlsx").exists():
        _companies(_rows(folder / "companies.xlsx"), cells, on)
    _members(_rows(next(folder.glob("members.*"))), cells, on)
    return next(cell for cell in cells.values() if cell.parent_id is None)


def _rows(path):
    if path.suffix == ".csv":
        lines = [line.split(",") for line in path.read_text(encoding="gb18030").splitlines()]
    else:
        lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    top = next(at for at, line in enumerate(lines) if line[0] == "序号")
    return [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]


def _organisations(rows, on):
    cells = {}
    for number, row in enumerate(rows, start=1):
        parent = cells.get(row["上级党组织"])
        cell = Cell.objects.create(
            code=f"ZB-{number:04}",
            name=row["党组织名称"],
            kind=KINDS[row["组织类别"]],
            parent=parent,
            path=f"/new-{number}/",
            founded_on=day(row["成立日期"]),
        )
        cell.path = f"{parent.path if parent else '/'}{cell.pk}/"
        cells[cell.name] = cell
    Cell.objects.bulk_update(cells.values(), ["path"])
    Placement.objects.bulk_create(
        Placement(cell=cell, kind=cell.kind, name=cell.name, parent=cell.parent, path=cell.path, valid=since(on))
        for cell in cells.values()
    )
    Term.objects.bulk_create(
        Term(cell=cells[row["党组织名称"]], due_on=day(row["届满日期"]), valid=since(day(row["本届任期起"])))
        for row in rows
    )
    return cells


def _companies(rows, cells, on):
    root = next(iter(cells.values()))
    for number, row in enumerate(rows, start=1):
        cover_cell = cells.get(row["所属党组织"])
        company = Company.objects.create(
            code=f"QY-{number:04}",
            name=row["企业名称"],
            credit_code=row["统一社会信用代码"],
            keeper=root,
            district=row["县市区"],
            park=row["园区"],
            cover_cell=cover_cell,
        )
        CompanyFact.objects.create(
            company=company,
            keeper=root,
            cover_cell=cover_cell,
            cover=_cover(cover_cell),
            valid=since(on),
            operating=row["是否实体运营"] == "是",
            staff=int(row["职工人数"] or 0),
            advisor=row["党建指导员"],
        )


def _cover(cell):
    if cell is None or cell.kind in KINDS_WITHOUT_COVER:
        return Cover.NONE
    return Cover.JOINT if cell.kind == CellKind.JOINT_BRANCH else Cover.OWN


def _members(rows, cells, on):
    members = Member.objects.bulk_create(
        [
            Member(
                code=f"DY-{number:06}",
                name=row["姓名"],
                name_pinyin=f"{number:06}",
                standing=Standing.NORMAL,
                category=Category.FULL if row["人员类别"] == "正式党员" else Category.PROBATIONARY,
                joined_on=day(row["加入党组织日期"]),
            )
            for number, row in enumerate(rows, start=1)
        ],
        batch_size=2000,
    )
    MemberFact.objects.bulk_create(
        [
            MemberFact(member=member, category=member.category, standing=member.standing, valid=since(on))
            for member in members
        ],
        batch_size=2000,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                member=member, cell=cells[row["所在党支部"]], valid=since(on), entry_reason=EntryReason.OPENING_BALANCE
            )
            for member, row in zip(members, rows, strict=True)
        ],
        batch_size=2000,
    )
