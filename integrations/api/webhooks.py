"""Where changes are sent to by themselves, and what became of each; setting up and keeping that."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from rest_framework.decorators import action
from rest_framework.response import Response

from audit import events
from core.errors import Refusal
from core.rest import asking, paging
from core.rest.deeds import deed, tells
from core.rest.resource import Resource
from core.rest.shapes import Sight, show
from integrations import feed, rules
from integrations.api.changes import carried
from integrations.domain import webhooks
from integrations.filters import DeliveryCriteria, WebhookCriteria
from integrations.models import Webhook
from integrations.serializers import webhooks as told

SETTINGS = ("name", "address", "types")


class Webhooks(Resource):
    """事件推送: where changes are sent to, for who keeps the integrations there."""

    model = Webhook
    base = "webhooks"
    scope = "integrations"
    shape = told.WebhookShape
    criteria = WebhookCriteria
    orders = {"code": "pk", "name": "name"}

    def reach(self):
        return Webhook.objects.visible_to(self.by).with_people()

    @deed(
        gettext_lazy("新建推送"),
        answers=told.SetUpAnswers,
        may=rules.KEEP_INTEGRATIONS,
        shape=told.SecretShape,
        secret=True,
    )
    def create(self, cell, types, **answers):
        self._require_carried(types)
        return _shown(*webhooks.set_up(cell, types=types, by=self.by, **answers))

    @deed(gettext_lazy("修改推送"), answers=told.ChangeAnswers, may=rules.KEEP_WEBHOOK)
    def partial_update(self, webhook, **answers):
        settings = {name: getattr(webhook, name) for name in SETTINGS} | answers
        self._require_carried(settings["types"])
        return webhooks.change(webhook, version=self.version, by=self.by, **settings)

    @deed(
        gettext_lazy("更换密钥"),
        answers=told.RotateWebhookAnswers,
        may=rules.KEEP_WEBHOOK,
        shape=told.SecretShape,
        secret=True,
    )
    def rotate(self, webhook, hours=24):
        return _shown(*webhooks.rotate(webhook, hours=hours, by=self.by))

    @deed(gettext_lazy("暂停"), may=rules.KEEP_WEBHOOK)
    def pause(self, webhook):
        return webhooks.pause(webhook, by=self.by)

    @deed(pgettext_lazy("webhook", "恢复"), may=rules.KEEP_WEBHOOK)
    def resume(self, webhook):
        return webhooks.resume(webhook, by=self.by)

    @deed(gettext_lazy("接手"), may=rules.KEEP_WEBHOOK)
    def take_over(self, webhook):
        self._require_carried(webhook.types)
        return webhooks.take_over(webhook, by=self.by)

    @deed(gettext_lazy("结束推送"), may=rules.KEEP_WEBHOOK)
    def end(self, webhook):
        webhooks.end(webhook, by=self.by)

    @deed(gettext_lazy("发送测试事件"), may=rules.KEEP_WEBHOOK, shape=told.DeliveryShape)
    def test(self, webhook):
        return webhooks.send_test(webhook, by=self.by)

    @deed(gettext_lazy("重发"), answers=told.ReplayAnswers, may=rules.KEEP_WEBHOOK)
    def replay(self, webhook, delivery="", since=None):
        if bool(delivery) == (since is not None):
            raise Refusal(_("请写明重发哪一条，或从什么时候起未送达的，两者选一。"), field="delivery")
        if not delivery:
            return {"count": webhooks.replay(webhook, since=since, by=self.by)}
        one = webhook.deliveries.filter(uid=told.uid_of(delivery)).first()
        if one is None:
            raise Refusal(_("没有这一条推送记录，请核对编号。"), field="delivery")
        return {"count": webhooks.replay(webhook, delivery=one, by=self.by)}

    @action(detail=True)
    @tells(gettext_lazy("推送记录"), shape=told.DeliveryShape, criteria=DeliveryCriteria, paged=True)
    def deliveries(self, request, **_address):
        """The log, the latest first: what was sent, how often, what came back."""
        webhook = self.get_object()
        query = request.query_params
        criteria = DeliveryCriteria(query, webhook.deliveries.all(), user=self.by)
        asking.refuse_unknown(query, (*DeliveryCriteria.base_filters, *paging.PARAMETERS))
        asking.refuse_unread(criteria)
        readable, found = carried(request), criteria.qs
        if DeliveryCriteria.names_a_thing(query):
            found = found.filter(pk__in=feed.still_heard(self.by, found, among=readable))
        part, sight = paging.Part(request, found, ("-pk",)), Sight(self.by)
        heard = feed.still_heard(self.by, part.rows, among=readable)
        for one in part.rows:
            one.is_heard = one.pk in heard
        return Response(part.envelope(show(told.DeliveryShape, part.rows, sight), sorted(sight.withheld)))

    def _require_carried(self, types):
        """A token hears of nothing by a webhook that it could not read itself."""
        beyond = events.types().keys() - events.types(carried(self.request)).keys()
        if beyond & set(types):
            raise PermissionDenied


def _shown(webhook, secret):
    webhook.shown = secret
    return webhook
