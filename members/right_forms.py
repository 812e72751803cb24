"""What is asked about requests on one's own data: the fields carry the names of the deeds' arguments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.choices import RightKind

LONGEST = 1000


def _words(label, **kwargs):
    widget = forms.Textarea(attrs={"rows": 4, "class": "wide"})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **kwargs)


class RightForm(forms.Form):
    """What somebody wants done with the data held of them."""

    kind = forms.ChoiceField(label=_("申请事项"), choices=RightKind, widget=forms.RadioSelect)
    words = _words(_("请写明内容"), help_text=_("比如哪一项不对、要删除哪些信息、想要怎样的副本。"))


class AnswerForm(forms.Form):
    """What was done."""

    answer = _words(_("办理情况"), required=False, help_text=_("本人会看到。"))


class RefusalForm(forms.Form):
    """Why it is not done."""

    answer = _words(_("不予办理的理由"), help_text=_("本人会看到。请写明依据，以及还可以怎样办。"))
