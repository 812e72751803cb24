"""How a change is told: by code and address alone."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class ChangeShape(serializers.Serializer):
    """One thing that changed. One that is gone has no address: it ended, or is out of sight now."""

    mark = serializers.CharField(label=_("位置"))
    sequence = serializers.IntegerField(source="mark.sequence", label=_("序号"))
    at = serializers.DateTimeField(label=_("时间"))
    resource = serializers.CharField(label=_("资料"))
    code = serializers.CharField(label=_("编号"))
    type = serializers.CharField(label=_("事件"))
    url = serializers.CharField(label=_("地址"), allow_null=True)
    gone = serializers.BooleanField(label=_("不再可见"))


class ChangePageShape(serializers.Serializer):
    """Changes, the earliest first. ``mark`` is where to go on; ``next`` asks there at once, while there is more."""

    next = serializers.CharField(label=_("下一页"), allow_null=True)
    mark = serializers.CharField(label=_("读到的位置"))
    results = ChangeShape(many=True)
