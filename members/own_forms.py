"""What members are asked in their own room: one fact at a time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import purposes
from accounts.domain import consents
from core.masks import mask_address, mask_mobile
from members.domain.own import NEEDED
from members.models import Member

CONTROLS = {
    "mobile": {"inputmode": "tel", "autocomplete": "tel"},
    "address": {"autocomplete": "street-address"},
    "email": {"inputmode": "email", "autocomplete": "email"},
}
MISSING = _("请填写，支部靠它联系您。")
WORDS = {"mobile": _("新的手机号"), "address": _("现在的住址"), "email": _("邮箱")}


class OwnItemForm(forms.Form):
    """One of one's own facts, under its own name; consent beside it where it rests on that and is not given yet."""

    def __init__(self, *args: Any, member: Member, item: str, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = {"mobile": mask_mobile(member.mobile), "address": mask_address(member.address)}.get(item)
        self.fields[item] = forms.CharField(
            label=WORDS[item],
            required=item in NEEDED,
            error_messages={"required": MISSING},
            help_text=_("现为 %(masked)s") % {"masked": now} if now else "",
            initial=member.email if item == "email" else "",
            widget=forms.TextInput(attrs=CONTROLS[item] | {"autofocus": True}),
        )
        if item == "address":
            self.fields[item].help_text = _("写到门牌号。") if not now else _("写到门牌号，原来登记的会换掉。")
        if item == "email" and not consents.stands(user, purposes.MAIL):
            self.fields["agreed"] = forms.BooleanField(
                label=purposes.CURRENT[purposes.MAIL].text.title,
                required=False,
                help_text=_("只用来发登录邀请，随时可以撤回。不填邮箱就不用勾选。"),
            )
