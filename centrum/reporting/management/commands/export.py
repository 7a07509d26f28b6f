"""`manage.py export PROFILE --project NUMBER [--as-of DATE] [--output FILE]`: the same file as in the browser."""

import datetime
import os
import shutil
import sys
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from centrum.kit import exports
from centrum.kit.clock import today
from centrum.reporting.models import Project


class Command(BaseCommand):
    help = "Write a file of a project to FILE, or to the standard output. It leaves a record in the journal."

    def add_arguments(self, parser):
        parser.add_argument("profile", help=", ".join(profile.name for profile in exports.profiles()))
        parser.add_argument("--project", required=True, metavar="NUMBER", help="number of the EU project")
        parser.add_argument("--as-of", metavar="DATE", help="yyyy-mm-dd; what was so by this day (default: today)")
        parser.add_argument("--output", metavar="FILE", help="written whole or not at all (default: standard output)")

    def handle(self, *, profile, project, as_of, output, **options):
        kind = exports.find(profile)
        if kind not in exports.profiles():
            known = ", ".join(each.name for each in exports.profiles())
            raise CommandError(f"There is no file “{profile}”. Choose one of: {known}.")
        number, project = project, Project.objects.filter(number=project).first()
        if project is None:
            raise CommandError(f"There is no project “{number}”.")
        day = _day(as_of)
        if output and not Path(output).absolute().parent.is_dir():
            raise CommandError(f"There is no folder for “{output}”.")
        try:
            made = exports.export(kind, project=project, day=day, by=None, reason="command")
        except exports.Unsafe as refusal:
            listed = "\n".join(f"  {cell.row} ({cell.url}) – {cell.column}: {cell.fault}" for cell in refusal.cells)
            raise CommandError(f"The file was not made. Correct these cells:\n{listed}") from None
        with made.file:
            if output:
                _write(made.file, Path(output))
            else:
                shutil.copyfileobj(made.file, sys.stdout.buffer)
                sys.stdout.buffer.flush()


def _day(text):
    if text is None:
        return today()
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is no date. Write it as 2026-12-31.") from None
    if day > today():
        raise CommandError(f"{day} has not come yet. Choose today or an earlier day.")
    return day


def _write(source, target):
    """Write beside `target`, readable by its owner only, and rename: nobody sees half a file."""
    handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(source, file)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
