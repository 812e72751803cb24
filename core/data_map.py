"""What the portal holds about people, as data: every field of every table, why, on what ground, for how long, for whom.

Each app declares its own in ``data_map.py``; a field that is declared nowhere fails the tests. From these lines the
page docs/data-map.md is written, the copy somebody asks for is made, and what a granted erasure blanks is blanked:
none of the three can tell anything else than the others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

ORDINARY, SENSITIVE = "ordinary", "sensitive"
KEPT, BLANKED, REMOVED = "kept", "blanked", "removed"

# On what ground (PIPL Art 13), for how long and for whom: said once, for every app.
DUTY = _("履行党内法规规定的组织管理职责（《个人信息保护法》第十三条第一款第三项）")
CONSENT = _("本人同意，可以随时撤回（《个人信息保护法》第十三条第一款第一项）")
LOGS = _("法律要求的安全日志和处理记录（《个人信息保护法》第五十一条）")
REQUESTED = _("办理本人提出的请求（《个人信息保护法》第五十条）")
WHILE_MEMBER = _("组织关系在本协会期间；之后作为党籍经历长期保存")
UNTIL_ERASED = _("组织关系在本协会期间；本人申请删除获准后即清空")
WHILE_ACCOUNT = _("账号使用期间；停用后只留姓名和编号")
AS_TRAIL = _("作为操作记录长期保存，不少于三年")
BY_SCHEDULE = _("用完后由定时任务清除")
ROSTER_READERS = _("能看本支部名册的人和本人")
REVEALERS = _("写明用途后能看完整号码的人和本人")
TRAIL_READERS = _("能看操作记录的人和本人")
ONLY_SELF = _("本人")
ONLY_MACHINE = _("没有人：由系统使用")
IN_OFFICE = _("记下这件事由谁经办")


@dataclass(frozen=True)
class Subject:
    """The person concerned: by the key of their account and of their records, merged ones included."""

    user: int | None
    members: tuple[int, ...] = ()


@dataclass(frozen=True)
class Holding:
    """Some fields of one table that are held for one reason.

    ``rows`` finds those about a person; it is None where the fields tell who did something in office, which the
    trail answers for, or where rows hold many people and go by schedule. What is ``withheld`` lets somebody in, and
    is in no copy. Where more than those rows has to go, ``forget`` does it, as part of the erasure; it may refuse.
    """

    model: str
    fields: tuple[str, ...]
    kind: str
    purpose: Any
    ground: Any
    retention: Any
    readers: Any
    rows: Callable[[Subject], QuerySet] | None = None
    erasure: str = KEPT
    withheld: bool = False
    forget: Callable[[Subject], None] | None = None

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)


_holdings: list[Holding] = []
_impersonal: dict[str, set[str]] = {}


def declare(model: str, fields: str, **stated: Any) -> None:
    """Declare fields, given in one string, as a :class:`Holding`."""
    _holdings.append(Holding(model, tuple(fields.split()), **stated))


def in_office(model: str, fields: str) -> None:
    """Declare fields that name who did or decided something in office."""
    declare(model, fields, kind=ORDINARY, purpose=IN_OFFICE, ground=DUTY, retention=AS_TRAIL, readers=TRAIL_READERS)


def impersonal(model: str, fields: str) -> None:
    """Declare fields that say nothing about a person."""
    _impersonal.setdefault(model, set()).update(fields.split())


def holdings() -> Iterator[Holding]:
    """Every declaration, table by table."""
    return iter(sorted(_holdings, key=lambda holding: holding.model))


def declared(model: str) -> list[str]:
    """Every field of ``model`` that is declared, as often as it is."""
    return [name for holding in _holdings if holding.model == model for name in holding.fields] + sorted(
        _impersonal.get(model, ())
    )


def models() -> set[str]:
    """Every table something is declared of."""
    return {holding.model for holding in _holdings} | set(_impersonal)
