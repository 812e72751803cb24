"""任职: who holds which office where, and the way for them to sign in."""

from django.utils.translation import gettext_lazy as _

from cells import rules
from cells.api.keys import OFFICE_KEY, Keyed
from cells.domain import appointments, invitations
from cells.filters import AppointmentCriteria
from cells.models import Appointment
from cells.serializers import officers as told
from core.rest.deeds import May, deed

FILL = May(
    lambda by, row: row.office in appointments.offices_fillable(row.cell, by),
    lambda by: rules.APPOINT.anywhere(by) or rules.APPOINT_COMMISSIONER.anywhere(by),
)


class Appointments(Keyed):
    """任职."""

    model = Appointment
    base = scope = "appointments"
    shape = told.AppointmentShape
    criteria = AppointmentCriteria
    orders = {"on": "valid__startswith", "office": "office", "cell": "cell__name_pinyin"}
    parts = ("cell__code", "office", "holder__code", "valid__startswith")
    lookup_value_regex = OFFICE_KEY

    def reach(self):
        seen = Appointment.objects.standing().filter(rules.SEE_APPOINTMENT.scope(self.by))
        return seen.filter(cell__voided_at__isnull=True).select_related("holder", "cell")

    @deed(_("任命"), answers=told.AppointAnswers, may=FILL)
    def create(self, cell, **answers):
        return appointments.appoint_named(cell, by=self.by, **{"holder": None} | answers)

    @deed(_("免去职务"), answers=told.EndAnswers, may=FILL)
    def end(self, appointment, **answers):
        return appointments.end(appointment, by=self.by, **answers)

    @deed(_("生成登录邀请"), may=FILL, shape=told.InvitationShape, secret=True)
    def invite(self, appointment):
        path = invitations.invite(appointment, by=self.by, on=self.today)
        return {"address": self.request.build_absolute_uri(path)}
