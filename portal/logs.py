"""Logs as JSON lines, each with the request or job at its origin, and without personal data."""

import json
import logging
import logging.config
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest

from core import context
from core.errors import without_values

# What a line may carry beside its message: facts about the machine and the route, never about a person's records.
FACTS = ("route", "method", "status", "ms", "queries", "person", "task", "proxy_request")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_values(_message(record)),
        }
        line |= {"request": context.request_id()} if context.request_id() else {}
        line |= {"job": context.job()} if context.job() else {}
        line |= {fact: getattr(record, fact) for fact in FACTS if hasattr(record, fact)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """What Django says of a request names its address, and an address may carry what opens an account: the route."""
    message = record.getMessage()
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest) or request.path == "/":
        return message
    route = request.resolver_match.view_name if request.resolver_match else "-"
    for path in (request.path, request.path.encode("unicode_escape").decode("ascii")):
        message = message.replace(path, route)
    return message


def _where(traceback) -> list[str]:
    """The way through our code and others', without the values that an exception's own words may quote."""
    steps = []
    while traceback:
        code = traceback.tb_frame.f_code
        steps.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return steps[-12:]


def configure() -> None:
    logging.config.dictConfig(settings.LOGGING)
