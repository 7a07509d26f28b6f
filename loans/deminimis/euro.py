"""Mean rates of the euro of the NBP: typed or imported by one person, confirmed by another, asked for by day.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.files import clean_name
from centrum.kit.models import StoredFile
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import schedule
from loans.deminimis import nbp_tables
from loans.models import EurRate

# Reads


class NoRate(Refused):
    """The rate of the day is not there; the message names the day."""


def rate_on(day):
    """The confirmed EurRate that holds on a day: of its own table; while that is not out yet, and on a day without a
    table, of the table of the last business day before, and of no older one.

    Raises NoRate.
    """
    if day > clock.today():
        raise NoRate(_("The EUR rate is missing: the day %(day)s has not come yet.") % {"day": date_short(day)})
    has_table = schedule.is_business_day(day)
    before = business_day_before(day)
    rows = {row.day: row for row in EurRate.objects.filter(day__in=[day, before])}
    own = rows.get(day)
    if own and own.confirmed_by_id:
        return own
    # of today there may be no table yet; of a day that is over, or one that waits for a second person, there is
    not_out = not has_table or (own is None and day == clock.today())
    found = rows.get(before)
    if not_out and found and found.confirmed_by_id:
        return found
    missing = before if not_out else day
    waits = rows.get(missing)
    if waits and not waits.confirmed_by_id:
        words = _("The EUR rate is missing: that of %(day)s waits for somebody else to confirm it.")
    else:
        words = _("The EUR rate is missing: enter the mean rate of the NBP of %(day)s.")
    raise NoRate(words % {"day": date_short(missing)})


def business_day_before(day):
    """The last day before `day` on which the bank publishes a table."""
    found = day - schedule.DAY
    while not schedule.is_business_day(found):
        found -= schedule.DAY
    return found


def all_rates():
    return EurRate.objects.select_related("entered_by", "confirmed_by", "file").defer("file__data").order_by("-day")


def missing_days(days=10):
    """Business days of the last `days` days, today left out, whose confirmed rate is not there, the newest first."""
    today = clock.today()
    wanted = [today - schedule.DAY * back for back in range(1, days + 1)]
    known = set(EurRate.objects.filter(day__in=wanted).exclude(confirmed_by=None).values_list("day", flat=True))
    return [day for day in wanted if schedule.is_business_day(day) and day not in known]


def waiting_files():
    """[{file, entered_by, count, first, last}] of the imports that wait for a second person."""
    rows = EurRate.objects.filter(confirmed_by=None).exclude(file=None).order_by("day")
    found = {}
    for row in rows.select_related("file", "entered_by").defer("file__data"):
        begins = {"file": row.file, "entered_by": row.entered_by, "count": 0, "first": row.day}
        one = found.setdefault(row.file_id, begins)
        one["count"], one["last"] = one["count"] + 1, row.day
    return list(found.values())


# Services


@transaction.atomic
def enter(*, by, day, table, rate, source):
    """Write down a rate; it counts once somebody else has confirmed it."""
    require(by, Right.KEEP_RATES)
    _must_be_of_a_day(day, table)
    return saving.save(EurRate(day=day, table=table, rate=rate, source=source, entered_by=by, entered_at=clock.now()))


@transaction.atomic
def take_in(upload, *, by):
    """Write down the rates of a file of the bank, beside those that are there. Returns the new EurRates by day.

    All of them or none; a day that is known with another rate is refused, one with the same is passed over.
    """
    require(by, Right.KEEP_RATES)
    data = upload.read(nbp_tables.MAX_BYTES + 1)
    try:
        found = nbp_tables.read(data)
    except nbp_tables.TableError as error:
        raise Refused({"file": str(error)}) from error
    known = {row.day: row for row in EurRate.objects.filter(day__in=[one.day for one in found])}
    for one in found:
        row = known.get(one.day)
        if row and (row.rate, row.table) != (one.rate, one.table):
            words = _("The rate of %(day)s is there already with another value. Look which one is right.")
            raise Refused({"file": words % {"day": date_short(one.day)}})
        if row is None:
            _must_be_of_a_day(one.day, one.table, field="file")
    new = [one for one in found if one.day not in known]
    if not new:
        return []
    file = _kept(data, upload.name or "", by=by)
    source = _("file %(name)s") % {"name": file.name}
    rows = [
        EurRate(
            day=one.day,
            table=one.table,
            rate=one.rate,
            source=source[:200],
            file=file,
            entered_by=by,
            entered_at=clock.now(),
        )
        for one in new
    ]
    try:
        with transaction.atomic():
            return EurRate.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Stale(_("Meanwhile somebody entered one of these rates. Import the file again.")) from error


def _kept(data, name, *, by):
    is_xml = data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return StoredFile.objects.create(
        name=clean_name(name, "xml" if is_xml else "csv"),
        content_type="application/xml" if is_xml else "text/csv",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        created_at=clock.now(),
        created_by=by,
    )


def _must_be_of_a_day(day, table, field="day"):
    if day > clock.today():
        raise Refused({field: _("The day %(day)s has not come yet.") % {"day": date_short(day)}})
    if not schedule.is_business_day(day):
        raise Refused({field: _("On %(day)s the bank publishes no table.") % {"day": date_short(day)}})
    if table[-4:] != f"{day.year}":
        raise Refused({"table" if field == "day" else field: _("The table is of another year than its day.")})


@transaction.atomic
def confirm(row, *, by):
    """Confirm a rate that somebody else entered."""
    require(by, Right.KEEP_RATES)
    found = _unconfirmed(row)
    _must_be_of_another(found, by)
    found.confirmed_by, found.confirmed_at = by, clock.now()
    return saving.save(found)


@transaction.atomic
def confirm_file(file_id, *, by):
    """Confirm all rates of one import that wait still. Returns how many."""
    require(by, Right.KEEP_RATES)
    rows = list(_waiting_of(file_id))
    if not rows:
        raise Stale(_("These rates are confirmed already, or somebody took them back."))
    _must_be_of_another(rows[0], by)
    return EurRate.objects.filter(pk__in=[row.pk for row in rows]).update(confirmed_by=by, confirmed_at=clock.now())


@transaction.atomic
def drop(row, *, by):
    """Take a mistaken rate back before it is confirmed."""
    require(by, Right.KEEP_RATES)
    _unconfirmed(row).delete()


@transaction.atomic
def drop_file(file_id, *, by):
    """Take back all rates of one import that wait still."""
    require(by, Right.KEEP_RATES)
    rows = list(_waiting_of(file_id))
    if not rows:
        raise Stale(_("These rates are confirmed already, or somebody took them back."))
    EurRate.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _waiting_of(file_id):
    return EurRate.objects.select_for_update(of=("self",)).filter(file=file_id, confirmed_by=None)


def _must_be_of_another(row, by):
    if row.entered_by_id == by.pk:
        raise Refused(_("Somebody else has to confirm it than who entered it."))


def _unconfirmed(row):
    found = EurRate.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise Stale(_("Meanwhile somebody took this rate back."))
    if found.confirmed_by_id:
        raise Stale(_("This rate is confirmed already, so it stays."))
    return found
