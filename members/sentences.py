"""How the trail speaks of members."""

from django.utils.translation import gettext_lazy as _

from audit import sentences
from members.choices import DOUBTS

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
        "members.opened": _("打开党员卡片"),
        "members.exported": _("导出的文件里有本人的资料"),
        "members.read_by_api": _("通过接口读取"),
        "members.change_asked": _("申请更正%(field)s"),
        "members.change_withdrawn": _("撤回更正%(field)s的申请"),
        "members.change_granted": _("同意更正%(field)s的申请"),
        "members.change_refused": _("退回更正%(field)s的申请"),
        "members.evidence_opened": _("打开更正申请的证明材料"),
        "members.evidence_cleared": _("按期清除更正申请的证明材料"),
        "members.own_changed": _("本人修改%(field)s"),
        "members.invited": _("邀请本人开通账号"),
        "members.activated": _("本人开通账号"),
        "members.doubted": _("邀请被退回：%(doubts)s"),
        "members.copied": _("下载本人的全部资料"),
        "members.erased": _("按本人申请删除联系方式，关闭账号"),
        "members.right_asked": _("提出个人信息申请：%(right)s"),
        "members.right_granted": _("办理个人信息申请：%(right)s"),
        "members.right_refused": _("答复个人信息申请，不予办理：%(right)s"),
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
        "right": _("申请事项"),
        "valid": _("起止日期"),
        "old": _("原为"),
        "due_on": _("答复期限"),
        "doubts": _("不对的地方"),
        "ref": _("编号"),
    }
)
sentences.word_values({"doubts": DOUBTS})
sentences.keep_quiet("cell_code")
