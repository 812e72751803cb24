"""Accounts of people in office, for those who keep them; and the rules the association sets for itself."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from cells import rules
from cells.api.keys import PERSON
from cells.choices import POLICY_BOUNDS, PolicyItem
from cells.domain import accounts, people, policies
from cells.filters import PersonCriteria
from cells.models import Policy
from cells.serializers import officers as told
from core.rest import asking
from core.rest.deeds import May, deed, tells
from core.rest.resource import Door, Resource


def _anywhere(by):
    return rules.KEEP_ACCOUNT.anywhere(by) or rules.APPOINT.anywhere(by)


KEEP = May(
    lambda by, person: rules.KEEP_ACCOUNT.allows_all(by, accounts.places_of(person, on=timezone.localdate())), _anywhere
)
VOUCH = May(lambda by, person: accounts.may_vouch(person, by=by, on=timezone.localdate()), _anywhere)


class People(Resource):
    """任职人员的账号."""

    model = get_user_model()
    base = "people"
    scope = "accounts"
    shape = told.PersonShape
    criteria = PersonCriteria
    orders = {"name": "name", "code": "code"}
    lookup_value_regex = PERSON

    def reach(self):
        seats = people.seats_within(self.by, on=self.today)
        if seats is None:
            raise PermissionDenied
        return get_user_model().objects.filter(pk__in=seats.values("holder"))

    @deed(_("停用账号"), answers=told.ReasonAnswers, may=KEEP)
    def close(self, person, **answers):
        return accounts.close(person, by=self.by, on=self.today, **answers)

    @deed(_("恢复账号"), answers=told.ReasonAnswers, may=KEEP)
    def reopen(self, person, **answers):
        return accounts.reopen(person, by=self.by, on=self.today, **answers)

    @deed(_("解除登录暂停"), may=VOUCH)
    def unlock(self, person):
        return accounts.unlock(person, by=self.by, on=self.today)


class Policies(Door):
    """规则: four numbers, so a list without pages."""

    base = scope = "policies"
    shape = told.PolicyShape
    lookup_field = "item"
    lookup_value_regex = "|".join(PolicyItem.values)

    def get_object(self):
        self._require_keeper()
        return PolicyItem(self.kwargs["item"])

    @tells(_("全部规则"), shape=told.PoliciesShape)
    def list(self, request):
        """Every rule with what holds today and between which bounds it may be set."""
        asking.refuse_unknown(request.query_params, ())
        self._require_keeper()
        return Response({"results": [self._shown(item) for item in PolicyItem]})

    @tells(_("一条规则"), shape=told.PolicyShape)
    def retrieve(self, request, **_address):
        """One rule."""
        asking.refuse_unknown(request.query_params, ())
        return Response(self._shown(self.get_object()))

    @deed(_("修改规则"), answers=told.PolicyAnswers)
    def set_value(self, item, **answers):
        policies.set_value(item, by=self.by, today=self.today, **answers)
        return self._shown(item)

    def _require_keeper(self):
        if not rules.KEEP_RULES.anywhere(self.by):
            raise PermissionDenied

    def _shown(self, item):
        lowest, highest, _default = POLICY_BOUNDS[item]
        value = Policy.objects.values_on(self.today)[item]
        return {"item": item.value, "words": str(item.label), "value": value, "lowest": lowest, "highest": highest}
