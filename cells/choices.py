"""The words of the tree: kinds of cells, offices, and who may do what, as tables a Party worker can check."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CellKind(TextChoices):
    """组织类别. Codes 611, 621, 631, 632 of the statistics are in ``STATISTICS_CODES``."""

    COMMITTEE = "committee", _("党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")
    JOINT_BRANCH = "joint_branch", _("联合党支部")
    TEMPORARY_BRANCH = "temporary_branch", _("临时党支部")
    FUNCTIONAL_BRANCH = "functional_branch", _("功能型党支部")
    MIGRANT_BRANCH = "migrant_branch", _("流动党员党支部")
    GROUP = "group", _("党小组")


BRANCHES = (
    CellKind.BRANCH,
    CellKind.JOINT_BRANCH,
    CellKind.TEMPORARY_BRANCH,
    CellKind.FUNCTIONAL_BRANCH,
    CellKind.MIGRANT_BRANCH,
)

# Which kinds may stand under which. A group is a part of a branch, not a level of the organisation (BR2018 Art 13).
ALLOWED_CHILDREN: dict[str, tuple[str, ...]] = {
    CellKind.COMMITTEE: (CellKind.COMMITTEE, CellKind.GENERAL_BRANCH, *BRANCHES),
    CellKind.GENERAL_BRANCH: BRANCHES,
    **dict.fromkeys(BRANCHES, (CellKind.GROUP,)),
    CellKind.GROUP: (),
}

# What may stand at the top, without a superior in this installation.
ALLOWED_ROOTS = (CellKind.COMMITTEE, CellKind.GENERAL_BRANCH, *BRANCHES)

# What may be merged into what: members go from a branch to a branch, never to a committee.
_UPPER = (CellKind.COMMITTEE, CellKind.GENERAL_BRANCH)
MERGES_INTO: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_UPPER, _UPPER),
    **dict.fromkeys(BRANCHES, BRANCHES),
    CellKind.GROUP: (CellKind.GROUP,),
}

# Members' formal relation stays elsewhere, so these never make a company covered (ORG-09, ORG-11, decision on COV-01).
KINDS_WITHOUT_COVER = (CellKind.TEMPORARY_BRANCH, CellKind.FUNCTIONAL_BRANCH)


class FormationMode(TextChoices):
    """组建方式, the five ways."""

    INDEPENDENT = "independent", _("单独建")
    JOINT = "joint", _("联合建")
    DISPATCHED = "dispatched", _("派员建")
    RECRUITED = "recruited", _("引员建")
    LED = "led", _("带动建")


class Cover(TextChoices):
    """How a company is covered by the organisation (COV-01, COV-02)."""

    NONE = "none", _("未覆盖")
    OWN = "own", _("单独组建")
    JOINT = "joint", _("联合组建")


class Office(TextChoices):
    """职务, as far as the portal gives rights by it."""

    ASSOCIATION_STAFF = "association_staff", _("协会党委工作人员")
    COMMITTEE_STAFF = "committee_staff", _("党委工作人员")
    SECRETARY = "secretary", _("书记")
    DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
    ORGANISATION_COMMISSIONER = "organisation_commissioner", _("组织委员")
    PUBLICITY_COMMISSIONER = "publicity_commissioner", _("宣传委员")
    DISCIPLINE_COMMISSIONER = "discipline_commissioner", _("纪检委员")
    GROUP_LEADER = "group_leader", _("党小组组长")
    ADVISOR = "advisor", _("党建工作指导员")
    AUDITOR = "auditor", _("审计人员")
    TECHNICAL_ADMINISTRATOR = "technical_administrator", _("技术管理员")
    ACCOUNT_ADMINISTRATOR = "account_administrator", _("账号管理员")


COMMISSIONERS = (
    Office.ORGANISATION_COMMISSIONER,
    Office.PUBLICITY_COMMISSIONER,
    Office.DISCIPLINE_COMMISSIONER,
)

# What a secretary fills; everything else is filled from above (BR2018 Art 21).
FILLED_BY_SECRETARY = (*COMMISSIONERS, Office.GROUP_LEADER)


# In which kinds of cells an office stands. Those of the whole association stand only where the tree begins, so that
# nobody further down can hand out a reach wider than their own. Running the association's business, the system and the
# audit are three duties: nobody holds two of them at a time (GB/T 22239-2019, 8.1.4.2).
OFFICES_AT_THE_TOP = (Office.ASSOCIATION_STAFF, Office.AUDITOR, Office.TECHNICAL_ADMINISTRATOR)
_LEADING = (
    Office.SECRETARY,
    Office.DEPUTY_SECRETARY,
    *COMMISSIONERS,
    Office.ADVISOR,
)
OFFICES_IN: dict[str, tuple[str, ...]] = {
    CellKind.COMMITTEE: (Office.COMMITTEE_STAFF, Office.ACCOUNT_ADMINISTRATOR, *_LEADING),
    CellKind.GENERAL_BRANCH: (Office.COMMITTEE_STAFF, Office.ACCOUNT_ADMINISTRATOR, *_LEADING),
    **dict.fromkeys(BRANCHES, _LEADING),
    CellKind.GROUP: (Office.GROUP_LEADER,),
}


class SetupTask(TextChoices):
    """上手清单: what a new branch sees to before it works by itself. ``LIST`` is the list as a whole."""

    FACTS = "facts", _("核对支部信息")
    ROSTER = "roster", _("导入名册")
    COMMITTEE = "committee", _("设支委")
    DUTIES = "duties", _("确认本年职责")
    NOTICES = "notices", _("绑定通知")
    SECOND = "second", _("指定第二管理员")
    LIST = "list", _("上手清单")


class SetupState(TextChoices):
    """How a task of it stands."""

    NOT_BEGUN = "not_begun", _("未开始")
    UNDER_WAY = "under_way", _("进行中")
    LACKING = "lacking", _("缺信息")
    DONE = "done", _("已完成")
    NOT_ASKED = "not_asked", _("暂不适用")


class Power(TextChoices):
    """What an office carries. Cells, companies and officers are seen together."""

    SEE_CELLS = "see_cells", _("查看党组织")
    SEE_ROSTER = "see_roster", _("查看名册")
    SEE_CONTACTS = "see_contacts", _("查看姓名和手机")
    SEE_FIGURES = "see_figures", _("查看统计")
    SEE_TRAIL = "see_trail", _("查看操作记录")
    KEEP_CELLS = "keep_cells", _("维护党组织")
    KEEP_COMPANIES = "keep_companies", _("维护企业台账")
    KEEP_ROSTER = "keep_roster", _("维护名册")
    APPOINT = "appoint", _("任免")
    APPOINT_COMMISSIONERS = "appoint_commissioners", _("任免委员和党小组组长")
    IMPORT = "import", pgettext_lazy("power", "导入")
    EXPORT = "export", pgettext_lazy("power", "导出")
    REVEAL = "reveal", _("查看完整号码")
    ANSWER_REQUESTS = "answer_requests", _("答复个人信息申请")
    VISIT = "visit", _("走访并电话联系")
    DRAW_SNAPSHOTS = "draw_snapshots", _("生成报表快照")
    PUBLISH = "publish", _("发布公告")
    KEEP_RULES = "keep_rules", _("维护规则")
    KEEP_ACCOUNTS = "keep_accounts", _("管理账号")
    KEEP_SETTINGS = "keep_settings", _("管理设置")
    KEEP_INTEGRATIONS = "keep_integrations", _("管理集成")
    SEE_HEALTH = "see_health", _("查看运行状况")


class Reach(TextChoices):
    """How far down the tree a power carries. Here, in a branch, includes its groups."""

    BELOW = "below", _("本级及下级")
    HERE = "here", _("仅本级")


def _below(*powers: str) -> dict[str, str]:
    return dict.fromkeys(powers, Reach.BELOW)


def _here(*powers: str) -> dict[str, str]:
    return dict.fromkeys(powers, Reach.HERE)


_STAFF = _below(
    Power.SEE_CELLS,
    Power.SEE_ROSTER,
    Power.SEE_FIGURES,
    Power.SEE_TRAIL,
    Power.KEEP_CELLS,
    Power.KEEP_COMPANIES,
    Power.KEEP_ROSTER,
    Power.APPOINT,
    Power.IMPORT,
    Power.EXPORT,
    Power.REVEAL,
    Power.ANSWER_REQUESTS,
    Power.KEEP_INTEGRATIONS,
)

# Read it as sentences: a secretary may keep the roster, here and below. A deputy has the secretary's row while that
# seat is empty and the organisation commissioner's otherwise (``cells.authority``). A member without an office
# reaches the own record alone, which no row here gives.
GRANTS: dict[str, dict[str, str]] = {
    Office.ASSOCIATION_STAFF: _STAFF | _below(Power.DRAW_SNAPSHOTS, Power.PUBLISH, Power.KEEP_RULES),
    Office.COMMITTEE_STAFF: _STAFF,
    Office.SECRETARY: _below(
        Power.SEE_CELLS,
        Power.SEE_ROSTER,
        Power.SEE_FIGURES,
        Power.KEEP_ROSTER,
        Power.IMPORT,
        Power.EXPORT,
        Power.REVEAL,
    )
    | _here(Power.APPOINT_COMMISSIONERS),
    Office.ORGANISATION_COMMISSIONER: _here(
        Power.SEE_CELLS, Power.SEE_ROSTER, Power.KEEP_ROSTER, Power.IMPORT, Power.SEE_FIGURES
    ),
    Office.PUBLICITY_COMMISSIONER: _here(Power.SEE_CELLS, Power.SEE_ROSTER, Power.SEE_FIGURES),
    Office.DISCIPLINE_COMMISSIONER: _here(Power.SEE_CELLS, Power.SEE_ROSTER, Power.SEE_FIGURES),
    Office.GROUP_LEADER: _here(Power.SEE_CELLS, Power.SEE_CONTACTS),
    Office.ADVISOR: _below(Power.SEE_CELLS, Power.SEE_FIGURES) | _here(Power.VISIT),
    Office.AUDITOR: _below(Power.SEE_CELLS, Power.SEE_ROSTER, Power.SEE_FIGURES, Power.SEE_TRAIL),
    Office.ACCOUNT_ADMINISTRATOR: _below(Power.KEEP_ACCOUNTS),
    Office.TECHNICAL_ADMINISTRATOR: _below(
        Power.KEEP_ACCOUNTS, Power.KEEP_SETTINGS, Power.SEE_HEALTH, Power.KEEP_INTEGRATIONS
    ),
}


class PolicyItem(TextChoices):
    """What the association may set for itself, within ``POLICY_BOUNDS``."""

    LARGE_COMPANY = "large_company", _("推进口径：职工多少名以上列入待组建")
    BRANCH_SIZE = "branch_size", _("党员超过多少名时提示改设党总支")
    TERM_NOTICE = "term_notice", _("届满前多少天开始提醒换届")
    PROBATION_NOTICE = "probation_notice", _("预备期满前多少天开始提醒")


# The lowest and highest value that may be set, and what holds where nothing was: regulations may be tightened, never
# loosened. BR2018 Art 4 names fifty members, Art 21 half a year; fifty employees are the association's plan (THR-02).
POLICY_BOUNDS: dict[str, tuple[int, int, int]] = {
    PolicyItem.LARGE_COMPANY: (10, 50, 50),
    PolicyItem.BRANCH_SIZE: (30, 50, 50),
    PolicyItem.TERM_NOTICE: (183, 365, 183),
    PolicyItem.PROBATION_NOTICE: (30, 180, 62),
}
