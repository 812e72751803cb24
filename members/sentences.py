"""How the trail speaks of members."""

from django.utils.translation import gettext_lazy as _

from audit import sentences

sentences.register(
    {
        "members.enrolled": _("列入%(cell)s名册"),
        "members.corrected": _("更正资料"),
        "members.voided": _("撤销补录"),
        "members.placed": _("由%(from_cell)s调整到%(to_cell)s"),
        "members.converted": _("转为正式党员"),
        "members.suspended": _("停止党籍"),
        "members.restored": _("恢复党籍，编入%(cell)s"),
        "members.left": _("离开名册：%(exit_reason)s"),
        "members.died": _("登记去世"),
        "members.merged": _("并入重复记录 %(absorbed)s"),
        "members.merge_undone": _("撤销与 %(absorbed)s 的合并"),
        "members.revealed": _("查看完整的%(field)s"),
        "members.found_by_number": _("按完整的%(field)s查到"),
        "members.linked": _("绑定账号"),
        "members.unlinked": _("解除账号绑定"),
    }
)
sentences.label_facts(
    {
        "absorbed": _("被合并的记录"),
        "entry_reason": _("转入原因"),
        "exit_reason": _("离开原因"),
        "cell_code": _("党组织编号"),
    }
)
sentences.keep_quiet("cell_code")
