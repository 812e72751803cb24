"""How the trail speaks of organisations, companies and offices."""

from django.utils.translation import gettext_lazy as _

from audit import sentences
from cells.choices import Office

sentences.register(
    {
        "cells.policy_set": _("修改规则：%(reason)s"),
        "cells.founded": _("成立党组织"),
        "cells.corrected": _("更正党组织资料"),
        "cells.renamed": _("更名"),
        "cells.moved": _("划转上级"),
        "cells.reorganised": _("变更组织类别"),
        "cells.merged": _("并入%(into)s"),
        "cells.dissolved": _("撤销党组织"),
        "cells.term_begun": _("登记届次"),
        "cells.appointed": _("任命%(holder)s"),
        "cells.appointment_ended": _("免去%(holder)s的职务"),
        "cells.invited": _("邀请%(holder)s开通账号"),
        "cells.appointment_voided": _("撤回对%(holder)s的任命"),
        "cells.preview_begun": _("开始预览职务看到的页面"),
        "cells.preview_ended": _("结束预览"),
        "cells.company_registered": _("企业建档"),
        "cells.company_corrected": _("更正企业档案"),
        "cells.company_surveyed": _("登记摸排结果"),
        "cells.contact_added": _("添加联系人%(contact)s"),
        "cells.contact_corrected": _("更正联系人%(contact)s"),
        "cells.contact_removed": _("移除联系人%(contact)s"),
        "cells.assigned": _("指派指导员%(advisor)s"),
        "cells.assignment_ended": _("指导员%(advisor)s不再联系"),
        "cells.assignment_voided": _("撤回对指导员%(advisor)s的指派"),
        "cells.setup_confirmed": _("上手清单：确认%(task)s"),
        "cells.setup_put_away": _("收起上手清单"),
        "cells.setup_brought_back": _("重新打开上手清单"),
        "cells.phone_revealed": _("查看完整号码"),
        "cells.filter_saved": _("存下筛选"),
        "cells.filter_changed": _("修改已存的筛选"),
        "cells.filter_removed": _("删除已存的筛选"),
    }
)
sentences.label_facts(
    {
        "into": _("并入"),
        "into_code": _("并入党组织编号"),
        "founded_on": _("成立日期"),
        "number": _("届次"),
        "due": _("届满日期"),
        "holder_code": _("账号编号"),
        "keeper": _("归口党组织"),
        "cover_cell": _("所属党组织"),
        "surveyed_on": _("摸排日期"),
        "contact": _("联系人"),
        "post": _("职务"),
        "version": _("版本"),
        "operating": _("是否实体运营"),
        "fixed_premises": _("有无固定场所"),
        "staff": _("职工人数"),
        "output": _("年产值"),
        "members_known": _("已知党员数"),
        "cover": _("覆盖情况"),
        "formation_mode": _("组建方式"),
        "advisor": _("党建工作指导员"),
        "advisor_code": _("账号编号"),
        "task": _("任务"),
        "has_liaison": _("有党建联络员"),
        "has_mass_organisation": _("建有工会或共青团组织"),
        "legal_representative_is_member": _("法定代表人是否党员"),
    }
)
sentences.word_values({"office": dict(Office.choices)})
sentences.keep_quiet("holder_code", "into_code", "advisor_code", "cell_code")
