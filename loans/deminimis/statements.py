"""What applicants declare and what SUDOP shows of the de minimis aid of an organisation: kept as it was said, and the
newest of each counts (loans/deminimis/room.py). Amounts in EUR.

Services raise Refused in words for the user, PermissionDenied.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, files
from centrum.kit.transitions import Refused
from centrum.register.services import lock_current
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans.enums import StatementSource, YesNo
from loans.models import AidStatement, AidStatementRow, Decision

MOST = 1_000  # rows of a statement
_DAYS = (
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})"),
)
_AMOUNT = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,2})?")
_SPACES = str.maketrans("", "", " \u00a0\u202f")
_LONGEST = AidStatementRow._meta.get_field("grantor").max_length


@dataclass(frozen=True)
class Row:
    """One aid as it is said: when, of whom, EUR."""

    granted_on: datetime.date
    grantor: str
    eur: Decimal


def answers_of(application):
    """What an applicant for a loan or a guarantee answered, None of anybody else."""
    return getattr(application, "loan_application", None) or getattr(application, "guarantee_application", None)


@transaction.atomic
def keep(organisation, *, by, source, as_of, rows, file=None, application=None):
    """Keep what a source says an organisation has had by a day: Rows, none for nothing; `file`: an upload, if any."""
    require(by, Right.KEEP_LOANS)
    return _keep(organisation, by=by, source=source, as_of=as_of, rows=rows, file=file, application=application)


@transaction.atomic
def declared_by(application, by, organisation=None):
    """Keep the declaration of an application for a loan or a guarantee: its rows of DeclaredAid, none where the
    applicant says it had none; as of the day of the sending. Returns the AidStatement, the kept one when nothing has
    changed since; None without such answers, of an applicant that had aid and lists none, or while nobody said which
    organisation of the register it is of.

    `organisation`: that of the decision on the application unless given."""
    answers = answers_of(application)
    organisation = organisation or _decided(application)
    if answers is None or organisation is None:
        return None
    rows = [Row(one.granted_on, one.grantor, one.eur) for one in answers.aid.order_by("pk")]
    if answers.had_de_minimis == YesNo.YES and not rows:  # sent before the application for a loan asked for them
        return None
    kept = AidStatement.objects.filter(application=application, source=StatementSource.DECLARED).order_by("pk").last()
    if kept and kept.organisation_id == organisation.pk:
        same = [Row(one.granted_on, one.grantor, one.eur) for one in kept.rows.order_by("pk")] == rows
        if same:
            return kept
    sent = clock.local(application.submitted_at).date() if application.submitted_at else clock.today()
    return _keep(
        organisation,
        by=by,
        source=StatementSource.DECLARED,
        as_of=sent,
        rows=rows,
        application=application,
    )


def _decided(application):
    decision = Decision.objects.filter(review__application=application).exclude(organisation=None).last()
    return decision and decision.organisation


def _keep(organisation, *, by, source, as_of, rows, file=None, application=None):
    if as_of > clock.today():
        raise Refused({"as_of": _("This day has not come yet.")})
    if len(rows) > MOST:
        raise Refused({"rows": _("At most %(most)d rows.") % {"most": MOST}})
    for row in rows:
        _must_be_whole(row, as_of)
    try:
        stored = files.store(file, by=by) if file else None
    except ValidationError as error:
        raise Refused({"file": error.messages}) from error
    made = AidStatement.objects.create(
        organisation=lock_current(organisation),
        source=source,
        as_of=as_of,
        application=application,
        file=stored,
        by=by,
        at=clock.now(),
    )
    AidStatementRow.objects.bulk_create(
        AidStatementRow(statement=made, granted_on=row.granted_on, grantor=row.grantor, eur=row.eur) for row in rows
    )
    return made


def _must_be_whole(row, as_of):
    if row.granted_on > as_of:
        raise Refused({"rows": _("A row is of a later day than the statement.")})
    if not row.grantor.strip() or len(row.grantor) > _LONGEST:
        words = _("Give in every row who granted the aid, in at most %(most)d letters.")
        raise Refused({"rows": words % {"most": _LONGEST}})
    if not 0 <= row.eur < Decimal(10) ** 12:
        raise Refused({"rows": _("An amount is no less than nothing.")})


# What is pasted


def read(text):
    """Rows of a text: a line each, day; who granted it; EUR. Day as 2026-11-23 or 23.11.2026, decimal comma or point,
    parted by semicolons or tabs; a first line without a day is a heading. Raises Refused naming the line.

    As SUDOP shows its columns is not known to us, so one copies these three.
    """
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    found = []
    for number, line in enumerate(lines, 1):
        cells = [cell.strip().strip('"') for cell in line.split("\t" if "\t" in line else ";")]
        day = _day(cells[0])
        if day is None and number == 1 and not any(char.isdigit() for char in line):
            continue
        amount = cells[-1].translate(_SPACES).removesuffix("EUR") if len(cells) == 3 else ""
        if day is None or not cells[1] or not _AMOUNT.fullmatch(amount):
            words = _("Line %(number)d is not: day; who granted it; EUR.")
            raise Refused({"rows": words % {"number": number}})
        found.append(Row(day, cells[1], Decimal(amount.replace(",", "."))))
    return found


def decoded(data):
    """The text of an uploaded CSV, in UTF-8 or CP1250."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1250", "replace")


def _day(text):
    for pattern in _DAYS:
        if found := pattern.fullmatch(text):
            try:
                return datetime.date(*(int(found[part]) for part in "ymd"))
            except ValueError:
                return None
    return None
