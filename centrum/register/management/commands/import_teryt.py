"""`manage.py import_teryt --terc FILE --simc FILE`: take the territorial division and the localities from GUS."""

import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused
from centrum.register import territory, teryt

SHOWN_FAULTS = 200


class Command(BaseCommand):
    help = (
        "Take the TERC and SIMC files of GUS (eteryt.stat.gov.pl, CSV) into the communes and localities. "
        "What has changed is closed on the day of the file and begins anew; a broken or older file changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("--terc", required=True, metavar="FILE")
        parser.add_argument("--simc", required=True, metavar="FILE")
        parser.add_argument("--as-of", metavar="DATE", help="yyyy-mm-dd, instead of STAN_NA of the files")
        parser.add_argument("--only-voivodeship", default="", metavar="CODE", help="two digits, e.g. 08 for lubuskie")

    def handle(self, *, terc, simc, as_of, only_voivodeship, **options):
        day = parse_day(as_of) if as_of else None
        only = only_voivodeship
        if only and not (len(only) == 2 and only.isascii() and only.isdigit()):
            raise CommandError(_("A voivodeship is named by its two digits, for example 08."))
        communes = read(terc, lambda content: teryt.read_terc(content, only))
        localities = read(simc, lambda content: teryt.read_simc(content, communes.rows, only))
        try:
            with transaction.atomic():
                done = {
                    _("communes"): territory.take_communes(communes.rows, day=day or communes.as_of, voivodeship=only),
                    _("localities"): territory.take_localities(
                        localities.rows, day=day or localities.as_of, voivodeship=only
                    ),
                }
        except Refused as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        for noun, counts in done.items():
            self.stdout.write(
                _("%(noun)s: %(added)s new, %(changed)s changed, %(closed)s closed, %(same)s as before")
                % {"noun": noun, **vars(counts)}
            )
            if counts.codes:
                self.stdout.write(_("closed: %(codes)s") % {"codes": ", ".join(counts.codes[:SHOWN_FAULTS])})


def parse_day(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("“%(text)s” is no date. Write it as 2026-12-31.") % {"text": text}) from error


def read(name, parse):
    """What `parse` makes of the bytes of a file; its faults become the error of the command, line by line."""
    try:
        return parse(Path(name).read_bytes())
    except OSError as error:
        raise CommandError(
            _("The file %(file)s can't be read: %(why)s.") % {"file": name, "why": error.strerror}
        ) from error
    except teryt.FileRefused as refused:
        told = [_("line %(line)s: %(fault)s") % {"line": line, "fault": fault} for line, fault in refused.faults]
        if len(told) > SHOWN_FAULTS:
            told = [*told[:SHOWN_FAULTS], _("and %(count)s more") % {"count": len(told) - SHOWN_FAULTS}]
        head = _("The file %(file)s was not taken, nothing has changed.") % {"file": name}
        raise CommandError("\n".join([head, *told])) from refused
