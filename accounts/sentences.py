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
    }
)
sentences.label_facts({"reason": _("原因"), "factor": _("验证方式"), "way": _("登录方式")})
sentences.word_values(
    {
        "way": {
            "password": _("密码"),
            "totp": _("验证器应用"),
            "webauthn": _("通行密钥"),
            "recovery_codes": _("恢复码"),
        }
    }
)
