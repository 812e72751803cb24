"""Doing something over REST: fetch within reach, ask which version, read the answers, call the deed, show the answer.

::

    @deed(_("更名"), answers=RenameAnswers, may=rules.KEEP_CELL)
    def rename(self, cell, **answers):
        return tree.rename(cell, by=self.by, **answers)

is ``POST /api/v1/cells/ZB-0231/rename/``. ``may`` is the rule the deed itself asks, asked early, so that who may not
is told so before being asked for anything. With ``?dry_run=1`` the deed is done and taken back.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from core import context
from core.criteria import Criteria
from core.errors import Refusal
from core.once import shown_once
from core.rehearsal import Effect, rehearsing
from core.rest import asking, versions
from core.rest.answers import Answers
from core.rest.shapes import Shape

# What the router gives an address of its own accord: /cells/ and /cells/ZB-0231/.
ON_THE_LIST = {"create": "post"}
ON_ONE = {"partial_update": "patch", "destroy": "delete"}


class May(NamedTuple):
    """Who may, where that is no single ``Rule``: to this one, and to anything at all."""

    allows: Callable[[Any, Any], bool]
    anywhere: Callable[[Any], bool]


@dataclass(frozen=True)
class Deed:
    """What the schema and the door need to know of a deed."""

    words: Any
    answers: type[Answers]
    may: Any
    detail: bool
    makes: bool
    shape: type[Serializer] | None
    later: bool
    secret: bool
    method: str
    awaits: Callable[[Any], str | None] | None


def deed(
    words: Any,
    *,
    answers: type[Answers] = Answers,
    may: Any = None,
    on_one: bool = True,
    path: str = "",
    makes: bool = False,
    shape: type[Serializer] | None = None,
    later: bool = False,
    secret: bool = False,
    method: str = "",
    awaits: Callable[[Any], str | None] | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """Let a resource's method be done by a program.

    Methods called ``create``, ``partial_update`` and ``destroy`` have the addresses these names have everywhere; any
    other has its own below the thing, or below the list without ``on_one``. It returns what is shown, in ``shape``
    where that is not the resource's own. ``makes``: it answers 201. ``later``: it returns the address of a job, 202.
    ``awaits``: of what is shown the address of the job that still makes it, 202, or None where it is there, 201.
    ``secret``: what it returns opens something, and is neither handed out by a rehearsal nor kept.
    """

    def door(function: Callable[..., Any]) -> Any:
        name = function.__name__
        usual = ON_THE_LIST | ON_ONE
        told = Deed(
            words=words,
            answers=answers,
            may=may,
            detail=name not in ON_THE_LIST and (name in ON_ONE or on_one),
            makes=makes or name == "create",
            shape=shape,
            later=later,
            secret=secret,
            method=method or usual.get(name, "post"),
            awaits=awaits,
        )

        @wraps(function)
        def opened(self: Any, request: Any, **_address: Any) -> Response:
            return _answer(self, told, function)

        opened.deed = told  # type: ignore[attr-defined]
        if name in usual:
            return opened
        return action(
            methods=[told.method],  # type: ignore[list-item]
            detail=told.detail,
            url_path=path or name.replace("_", "-"),
            name=str(name),
        )(opened)

    return door


class Look(NamedTuple):
    """What the schema needs to know of what is read in a way of its own."""

    words: Any
    shape: Any
    asks: Mapping[str, dict[str, Any]] = {}
    criteria: type[Criteria] | None = None
    paged: bool = False
    refuses: tuple[int, ...] = ()


def tells(words: Any, *, shape: Any, **asked: Any) -> Callable[[Callable[..., Any]], Any]:
    """Say of a method that reads in a way of its own what it answers with: a serializer, or a JSON schema.

    ``asks`` are its parameters, each as a JSON schema; ``criteria`` are asked as of a list; ``paged``: it is a list of
    ``shape`` in pages; ``refuses``: what else it may answer than every address does.
    """

    def told(function: Callable[..., Any]) -> Any:
        function.look = Look(words, shape, **asked)  # type: ignore[attr-defined]
        return function

    return told


def look(words: Any, *, shape: type[Serializer], path: str = "") -> Callable[[Callable[..., Any]], Any]:
    """Let a resource's method be read: something about one thing, shown in ``shape``."""

    def door(function: Callable[..., Any]) -> Any:
        @wraps(function)
        def opened(self: Any, request: Any, **_address: Any) -> Response:
            asking.refuse_unknown(request.query_params, ())
            return Response(shape(function(self, self.get_object())).data)

        name = function.__name__
        opened = tells(words, shape=shape)(opened)
        return action(methods=["get"], detail=True, url_path=path or name.replace("_", "-"), name=name)(opened)

    return door


def _answer(view: Any, told: Deed, function: Callable[..., Any]) -> Response:
    request = view.request
    asking.refuse_unknown(request.query_params, ("dry_run",))
    rehearsed = asking.flag(request.query_params, "dry_run")
    things = (view.get_object(),) if told.detail else ()
    _require(told, view.by, things)
    sent = request.data  # unreadable is unreadable, whatever version it is meant for
    view.version = versions.expected(view, *things) if things else None
    answers = read(view, told, sent, things)
    note = answers.pop("change_note", "")
    with context.working_for(note=note), rehearsing() if rehearsed else nullcontext() as effects:
        with transaction.atomic(), _placing(answers):
            done = function(view, *things, **answers)
            if done.__class__ is (things[0].__class__ if things else None):
                versions.require_unbroken(view, done)
        if rehearsed:
            shown = None if told.later or told.secret else _shown(view, told, done)
            follows = effects_shown(effects)
            if told.makes and isinstance(shown, dict):
                _unnumber(view, shown, follows)
            return Response({"dry_run": True, "result": shown, "effects": follows})
    answer = _done(view, told, done)
    return shown_once(answer) if told.secret else answer


@contextmanager
def _placing(answers: Mapping[str, Any]) -> Iterator[None]:
    """Where a deed blames one of many, say under which answer they were sent; of one alone nothing was counted."""
    try:
        yield
    except Refusal as refusal:
        refusal.rows = next((name for name, value in answers.items() if isinstance(value, list)), "")
        refusal.row = refusal.row if refusal.rows else None
        raise


def _require(told: Deed, by: Any, things: tuple[Any, ...]) -> None:
    if told.may is None:
        return
    if not (told.may.allows(by, *things) if things else told.may.anywhere(by)):
        raise PermissionDenied


def read(view: Any, told: Deed, sent: Any, things: tuple[Any, ...]) -> dict[str, Any]:
    """The answers sent, checked; a change of some fields leaves the others out."""
    answers = told.answers(
        data=sent,
        partial=told.method == "patch",
        context={"user": view.by, "thing": things[0] if things else None},
    )
    answers.is_valid(raise_exception=True)
    return dict(answers.validated_data)


def _done(view: Any, told: Deed, done: Any) -> Response:
    if told.later:
        return Response({"job": done}, status=202, headers={"Location": done})
    shown = _shown(view, told, done)
    if shown is None:
        return Response(status=204)
    if told.awaits and (job := told.awaits(shown)):
        return Response(shown, status=202, headers={"Location": job})
    headers = {"Location": shown["url"]} if told.makes and "url" in shown else {}
    if getattr(done, "version", None) is not None:
        headers["ETag"] = versions.etag(done, shown)
    return Response(shown, status=201 if told.makes else 200, headers=headers)


def _shown(view: Any, told: Deed, done: Any) -> Any:
    """What the deed returned, as its reader may see it from now on; nothing where they see it no more."""
    if done is None or isinstance(done, Mapping):
        return done
    if told.shape is not None and not issubclass(told.shape, Shape):
        return told.shape(done).data
    return view.shown_anew(done, told.shape)


def _unnumber(view: Any, shown: dict[str, Any], effects: list[dict[str, Any]]) -> None:
    """What is made only to try has no number and no address: really made, it gets others."""
    shown.pop("url", None)
    number = shown.pop(view.lookup_field, None)
    for effect in effects:
        if number and effect.get("code") == number:
            effect["code"] = ""


def effects_shown(effects: list[Effect] | None) -> list[dict[str, Any]]:
    """What would follow, the same only once. Who would be told is counted, not named: they may be out of reach."""
    same: dict[str, dict[str, Any]] = {}
    for effect in effects or []:
        shown = same.setdefault(repr(effect), {"kind": effect.kind, **effect.facts, "times": 0})
        shown["times"] += 1
    return list(same.values())
