from django.utils.translation import gettext_lazy as _

from audit import sentences

sentences.register(
    {
        "accounts.signed_in": _("登录"),
        "accounts.sign_in_failed": _("登录未成功：%(reason)s"),
        "accounts.signed_out": _("退出"),
        "accounts.activated": _("接受邀请，设定登录方式"),
        "accounts.password_changed": _("修改密码"),
        "accounts.factor_added": _("添加第二验证方式：%(factor)s"),
        "accounts.factor_removed": _("移除第二验证方式：%(factor)s"),
        "accounts.factor_reset": _("重新生成第二验证方式：%(factor)s"),
        "accounts.profile_corrected": _("更正账号资料"),
        "accounts.locked_out": _("输错次数过多，登录暂停"),
        "accounts.session_ended": _("让一台设备退出"),
        "accounts.sessions_ended": _("让其他设备退出"),
        "accounts.session_lapsed": _("久未操作，自动退出"),
        "accounts.recovery_asked": _("申请重设第二验证方式"),
        "accounts.recovery_withdrawn": _("撤回重设第二验证方式的申请"),
        "accounts.recovery_used": _("凭一次性口令登录"),
        "accounts.recovery_confirmed": _("确认%(holder)s丢失第二验证方式"),
        "accounts.recovery_refused": _("不予确认%(holder)s的重设申请"),
        "accounts.factors_removed": _("移除全部第二验证方式，等待重设"),
        "accounts.suspended": _("停用账号"),
        "accounts.reopened": _("恢复账号"),
        "accounts.unlocked": _("解除登录暂停"),
        "accounts.closed": _("按本人申请关闭账号"),
        "accounts.informed": _("阅读个人信息处理说明"),
        "accounts.consented": _("同意：%(consent)s"),
        "accounts.withdrew": _("撤回同意：%(consent)s"),
    }
)
sentences.label_facts({"reason": _("原因"), "factor": _("验证方式"), "way": _("登录方式"), "consent": _("用途")})
sentences.label_facts({"minutes": _("暂停分钟数"), "checked": _("怎样核实的"), "met": _("当面核实")})
sentences.word_values(
    {
        "way": {
            "password": _("密码"),
            "totp": _("验证器应用"),
            "webauthn": _("通行密钥"),
            "recovery_codes": _("恢复码"),
            "recovery": _("重设第二验证方式"),
        },
        "fields": {"name": _("姓名"), "email": _("邮箱")},
        "consent": {
            "notice": _("个人信息处理说明"),
            "mail": _("用邮箱联系我"),
            "call": _("让本支部党员拨打我的手机"),
        },
    }
)
