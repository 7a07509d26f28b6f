"""Translations without GNU gettext: extract, check and compile in Python, through Babel.

The file holds no line numbers and no dates and is sorted, so a change of one sentence is a change of a few
lines.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

_KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+ #0]*[0-9]*(?:\.[0-9]+)?[diouxXeEfFgGcrs]")
# The plural rule of Django's own Polish catalogue: with any other Django keeps two catalogues and mixes them.
_HEADER = r"""msgid ""
msgstr ""
"Language: pl\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) ? 1 : n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || (n%100>=12 && n%100<=14) ? 2 : 3);\n"

"""  # noqa: E501


class Command(BaseCommand):
    help = "Extract, check or compile the translations of the interface."
    requires_system_checks = []

    def add_arguments(self, parser):
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--compile", action="store_true", help="write .mo files that are missing or older")
        action.add_argument("--update", action="store_true", help="bring the msgids of the code into the Polish .po")
        action.add_argument("--check", action="store_true", help="exit 1 unless the Polish .po is complete")

    def handle(self, **options):
        if options["compile"]:
            self._compile()
        elif options["update"]:
            self._update()
        else:
            self._check()

    def _compile(self):
        for source in sorted(po for path in settings.LOCALE_PATHS for po in Path(path).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
                compiled = BytesIO()
                write_mo(compiled, _read(source))
                _replace(target, compiled.getvalue())
                self.stdout.write(f"Compiled {_relative(target)}")

    def _update(self):
        old, found = _read(_polish_po()), _found_in_code()
        for message in found:
            if message.id:
                known = old.get(message.id, message.context)
                if known and isinstance(known.id, tuple) == isinstance(message.id, tuple):
                    message.string = known.string
                    message.flags = message.flags | (known.flags & {"fuzzy"})
        body = BytesIO()
        write_po(body, found, width=0, omit_header=True, no_location=True, sort_output=True)
        _replace(_polish_po(), _HEADER.encode() + body.getvalue())
        for message in _unused(old, found):
            self.stdout.write(f"Dropped, no longer in the code: {_first(message)!r} = {message.string!r}")
        self.stdout.write(f"{len(found)} messages in {_relative(_polish_po())}")

    def _check(self):
        polish, found = _read(_polish_po()), _found_in_code()
        faults = []
        for message in found:
            if message.id:
                known = polish.get(message.id, message.context)
                # A sentence that got or lost its plural is another message to gettext.
                if known is None or known.id != message.id:
                    faults.append(f"missing: {_first(message)!r}")
        for message in polish:
            if message.id:
                faults.extend(f"{fault}: {_first(message)!r}" for fault in _faults(message, polish.num_plurals))
        faults.extend(f"obsolete: {_first(message)!r}" for message in _unused(polish, found))
        if faults:
            raise CommandError("\n".join(["The Polish catalogue is not complete:", *sorted(faults)]), returncode=1)
        self.stdout.write(f"{len(found)} messages, all translated")


def _found_in_code() -> Catalog:
    """Return the messages of our Python files and templates, not translated."""
    catalog = _empty()
    for path in _sources(Path(settings.BASE_DIR)):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # It gives Python with the blanks of the page, which Python would take for indents.
            text = re.sub(r"(?m)^[ \t]+", "", templatize(text, origin=str(path)))
        for _line, message, _comments, context in extract("python", BytesIO(text.encode()), _KEYWORDS):
            catalog.add(message, context=context)
    return catalog


def _sources(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in ("tests", "static", "__pycache__")
            and not (here / name / "pyvenv.cfg").exists()
        )
        in_templates = "templates" in here.relative_to(root).parts
        for name in sorted(files):
            if name.endswith(".py") or (in_templates and name.endswith((".html", ".txt"))):
                yield here / name


def _faults(message: Message, plurals: int) -> list[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    faults = []
    if message.fuzzy:
        faults.append("fuzzy")
    if not all(strings) or (len(ids) > 1 and len(strings) != plurals):
        return [*faults, "empty"]
    # Each form must be fillable as one of the English forms is: "one file", "%(count)s files".
    allowed = [sorted(_PLACEHOLDER.findall(text.replace("%%", ""))) for text in ids]
    if any(sorted(_PLACEHOLDER.findall(text.replace("%%", ""))) not in allowed for text in strings):
        faults.append("placeholders differ")
    return faults


def _unused(catalog: Catalog, found: Catalog) -> list[Message]:
    return [message for message in catalog if message.id and found.get(message.id, message.context) is None] + list(
        catalog.obsolete.values()
    )


def _first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _polish_po() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / "pl" / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> Catalog:
    if not path.exists():
        return _empty()
    with path.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def _empty() -> Catalog:
    return read_po(BytesIO(_HEADER.encode()))


def _replace(path: Path, content: bytes) -> None:
    """Write the whole file or nothing: a server may read it, another command may write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
        stream.write(content)
    os.chmod(stream.name, 0o644)
    os.replace(stream.name, path)


def _relative(path: Path) -> str:
    return os.path.relpath(path, settings.BASE_DIR)
