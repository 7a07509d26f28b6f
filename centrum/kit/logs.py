"""Logs as one line of JSON each, without personal data.

What is written is chosen, not what is left out: the message before its arguments are put in, numbers given
as `extra`, the few named texts below, the path without its query and its secrets, and for an exception its
type and the places it went through. The text of an exception is left out because it often quotes data
(`duplicate key value (email)=…`), and so are local values.
"""

import datetime
import json
import logging
import re
import traceback
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError

# Extras that may be text, since our code fills them with words of its own.
TEXT_EXTRAS = frozenset({"event", "command", "profile", "project", "state", "template"})
# Exceptions that speak of code and never of data.
_TELLING = (
    AttributeError,
    ImportError,
    NameError,
    ImproperlyConfigured,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)
_STANDARD = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {
    "message",
    "asctime",
    "taskName",
}
_ROOT = f"{Path(__file__).resolve().parent.parent.parent}/"
_PERSONAL = re.compile(r"[^\s@/]+@[^\s@/]+|[0-9]{7,}")
# A segment that opens something for whoever has it: a uuid, a signed value, a long random text.
# Long words of an ordinary address have neither capitals nor digits.
_SECRET = re.compile(r"(?=[^/]*[0-9A-Z:])[A-Za-z0-9_\-:.=~]{16,}")


def mask_path(path: str) -> str:
    """Return a URL path with tokens, uuids, long numbers and e-mail addresses as `*`; any query is cut."""
    segments = path.partition("?")[0].split("/")
    return "/".join("*" if _SECRET.fullmatch(s) else _PERSONAL.sub("*", s) for s in segments)


class JsonFormatter(logging.Formatter):
    """One record as one line of JSON; every value is a number, a constant of our code or masked."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _PERSONAL.sub("*", str(record.msg)),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD and (
                isinstance(value, bool | int | float) or (name in TEXT_EXTRAS and isinstance(value, str))
            ):
                line[name] = value
        request = getattr(record, "request", None)
        if hasattr(request, "path"):
            line["method"] = request.method
            line["path"] = mask_path(request.path)
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _exceptions(record.exc_info[1])
        return json.dumps(line)


def _exceptions(error: BaseException) -> list[dict]:
    """Return the exception and those it came from, the last raised first."""
    chain = []
    while error is not None and len(chain) < 5:
        entry = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
        if isinstance(error, _TELLING):
            entry["text"] = _PERSONAL.sub("*", str(error))
        sqlstate = getattr(error, "pgcode", None)
        if sqlstate:  # psycopg2: names of the schema, while the text quotes the row
            entry["sqlstate"] = sqlstate
            entry["constraint"] = error.diag.constraint_name
        entry["frames"] = [
            f"{frame.filename.removeprefix(_ROOT)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__, limit=-20)
        ]
        chain.append(entry)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain
