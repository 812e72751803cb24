"""Who holds which office, and how their account stands."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cells.authority import subtree
from cells.domain.people import seats_within
from cells.filters import SeatCriteria
from cells.models import Appointment
from core.lists.columns import Column, Kind, status
from core.lists.listing import Listing, Preset, register


def seats_in(user: Any, scope: Any) -> Any:
    seats = seats_within(user, on=timezone.localdate())
    if seats is None:
        return Appointment.objects.none()
    return seats.filter(subtree(scope.path, "cell__path")) if scope else seats


def _tenure(seat: Any) -> Any:
    days = seat.starts_on.isoformat() + (f" – {seat.ends_on.isoformat()}" if seat.ends_on else "")
    if seat.starts_on <= timezone.localdate():
        return days
    return format_html("{} {}", days, status("plan", _("尚未到任")))


def account_of(person: Any) -> tuple[str, str]:
    """How somebody's account stands, as shape and words."""
    if not person.is_active:
        return "late", _("已停用")
    return ("none", _("未开通")) if person.is_dormant else ("ok", _("已开通"))


def person_url(seat: Any) -> str:
    return reverse("cells:person", args=[seat.holder.code])


SEATS = Listing(
    name="cells.people",
    title=gettext_lazy("任职与账号"),
    thing=gettext_lazy("任职"),
    noun=gettext_lazy("项任职"),
    url_name="cells:people",
    reach=seats_in,
    criteria=SeatCriteria,
    dress=lambda seats: seats.select_related("holder", "cell"),
    order="name",
    link=person_url,
    find=gettext_lazy("姓名或账号编号"),
    columns=(
        Column(
            key="name", label=gettext_lazy("姓名"), value=lambda seat: seat.holder.name, kind=Kind.NAME,
            sort=("holder__name",), link=person_url,
        ),
        Column(
            key="account_code", label=gettext_lazy("账号编号"), value=lambda seat: seat.holder.code, kind=Kind.CODE,
        ),
        Column(
            key="office", label=gettext_lazy("职务"), value=lambda seat: seat.get_office_display(), kind=Kind.SHORT,
        ),
        Column(key="cell", label=pgettext_lazy("fact", "党组织"), value=lambda seat: str(seat.cell)),
        Column(
            key="since", label=gettext_lazy("任职"), value=lambda seat: seat.starts_on, shown=_tenure, kind=Kind.DAY,
        ),
        Column(
            key="until", label=gettext_lazy("任期至"), value=lambda seat: seat.ends_on, kind=Kind.DAY, optional=True,
        ),
        Column(
            key="account", label=gettext_lazy("账号"), value=lambda seat: account_of(seat.holder)[1],
            shown=lambda seat: status(*account_of(seat.holder)), kind=Kind.SHORT,
        ),
    ),
    presets=(
        Preset(words=gettext_lazy("未开通"), name="account", value="dormant"),
        Preset(words=gettext_lazy("已停用"), name="account", value="closed"),
    ),
)  # fmt: skip

register(SEATS)
