"""Monthly reports of lenders on the credits that are guaranteed: a file is taken in whole, or refused with its lines.

What is guaranteed follows the principal that is left and only ever falls; the difference is posted, one entry a fund.
A guarantee that was called stays as it is until the call is decided, and one that ended after the month is told of and
changes nothing. A report that was wrong is withdrawn by a second person, and the true one is taken in. Services hold
the lender and its guarantees; they raise Refused in words for the user, Stale, PermissionDenied. Amounts are Decimal in
PLN.
"""

import datetime
import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import clock, files
from centrum.kit.models import StoredFile
from centrum.kit.polish import file_size, money
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from centrum.staff.queries import unit_scope
from loans import ledger
from loans.enums import EntryEvent, GuaranteeState
from loans.guarantees import exposure, report_files
from loans.guarantees.report_files import MOST_BYTES, MOST_TOLD, ReportError, at_line
from loans.models import Entry, Guarantee, Lender, LenderReport, LenderReportRow
from loans.schedule import DAY

IN_FORCE = (GuaranteeState.ACTIVE, GuaranteeState.CALLED)
ALL_UNITS = gettext_lazy("A report of a lender is of the guarantees of all units, and you see those of your own.")


# Reads


@dataclass(frozen=True)
class Change:
    """What a row of a report makes of a guarantee."""

    guarantee: Guarantee
    left: Decimal
    days_late: int
    before: Decimal
    after: Decimal

    @property
    def less(self):
        return self.before - self.after


@dataclass(frozen=True)
class Preview:
    """What a file would change, and the month of another report with the very same content (None: of none)."""

    changes: list
    same_as: datetime.date | None

    @property
    def before(self):
        return sum((one.before for one in self.changes), Decimal(0))

    @property
    def after(self):
        return sum((one.after for one in self.changes), Decimal(0))


def end_of(month):
    """The last day of the month that begins on a day."""
    return clock.months_later(month, 1) - DAY


def last_month():
    """The first day of the month that is over."""
    return (clock.today().replace(day=1) - DAY).replace(day=1)


def sees(user):
    """Whether the user sees all units, whose guarantees a report holds together."""
    return unit_scope(user) is None


def told_of(lender, month):
    """The guarantees of which a lender has to tell at the end of a month."""
    rows = Guarantee.objects.filter(lender=lender, state=GuaranteeState.ACTIVE, activated_on__lte=end_of(month))
    return rows.order_by("number")


def missing(month=None):
    """Lenders with guarantees in force of whose last month (or `month`) there is no report."""
    month = month or last_month()
    in_force = Guarantee.objects.filter(state=GuaranteeState.ACTIVE, activated_on__lte=end_of(month))
    rows = Lender.objects.filter(pk__in=in_force.values("lender"))
    told = LenderReport.objects.filter(month=month, withdrawn_at=None)
    return rows.exclude(pk__in=told.values("lender")).order_by("name", "pk")


def template(lender, month):
    """The bytes of an empty file with the guarantees of which the lender has to tell."""
    return report_files.template(told_of(lender, month).values_list("number", "credit_number"))


def preview(lender, month, data, *, by):
    """The Preview of a file; what take_in refuses is refused."""
    _must_see(by)
    return _looked_at(lender, month, data, list(_rows(lender)))


def visible(user):
    """Reports for the list, none for who sees some units alone."""
    rows = LenderReport.objects.select_related("lender", "by", "withdrawn_by")
    return rows if user.has_right(Right.VIEW_LOANS) and sees(user) else rows.none()


def rows_of(report):
    """The rows of a report with their guarantees."""
    return report.rows.select_related("guarantee__organisation").order_by("guarantee__number")


def may_withdraw(report, by):
    """Whether the page offers it; a guarantee that was called or ended since is told of only when it is tried."""
    return (
        by.has_right(Right.DECIDE_LOANS)
        and sees(by)
        and not report.withdrawn_at
        and report.by_id != by.pk
        and not _later(report).exists()
    )


def _in_force(lender):
    """Reports of a lender that were not withdrawn."""
    return lender.reports.filter(withdrawn_at=None)


def _later(report):
    return _in_force(report.lender).filter(month__gt=report.month).order_by("-month")


# Taking in


@transaction.atomic
def take_in(lender, month, data, name, *, by, same=False):
    """Take in the report of a month (its first day) from a file (`data`, of that `name`). Returns the LenderReport.

    `same`: whether the user has said that a file like that of another month is right.
    """
    _must_see(by)
    lender = Lender.objects.select_for_update(of=("self",)).get(pk=lender.pk)
    held = _rows(lender).select_for_update(of=("self",), no_key=True)
    found = _looked_at(lender, month, data, list(held))
    if found.same_as and not same:
        words = _("The file is the same as that of %(month)s. Say that it is right, or choose another one.")
        raise Refused({"same": words % {"month": f"{found.same_as:%m.%Y}"}})
    try:
        with transaction.atomic():
            report = LenderReport.objects.create(
                lender=lender, month=month, file=_stored(data, name, by=by), by=by, at=clock.now()
            )
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "lenderreport_once":
            raise
        raise _here_already() from error
    entries = _post(report, found.changes, by=by)
    LenderReportRow.objects.bulk_create(
        LenderReportRow(
            report=report,
            guarantee=one.guarantee,
            left=one.left,
            days_late=one.days_late,
            before=one.before,
            after=one.after,
            entry=entries[one.guarantee.fund_id] if one.less else None,
        )
        for one in found.changes
    )
    return report


def _rows(lender):
    """All guarantees of a lender that were ever in force, in the order in which they are held."""
    return Guarantee.objects.filter(lender=lender).exclude(activated_on=None).select_related("fund").order_by("pk")


def _post(report, changes, *, by):
    """{key of the fund: Entry} of what is guaranteed less."""
    entries = {}
    for fund in {one.guarantee.fund_id: one.guarantee.fund for one in changes if one.less}.values():
        lines = []
        for one in changes:
            if one.less and one.guarantee.fund_id == fund.pk:
                lines.append((ledger.GUARANTEED_CONTRA, one.less, one.guarantee))
                lines.append((ledger.GUARANTEED, -one.less, one.guarantee))
        posting = ledger.Posting(
            event=EntryEvent.GUA_LESS,
            key=f"gua-report-{report.pk}",
            lines=lines,
            text=gettext_lazy("Report of the lender %(lender)s, %(month)s"),
            said={"lender": report.lender.name[:100], "month": f"{report.month:%m.%Y}"},
            value_date=end_of(report.month),
        )
        (entries[fund.pk],) = ledger.post_together(fund, [posting], by=by)
    return entries


def _stored(data, name, *, by):
    return StoredFile.objects.create(
        name=files.clean_name(name or "", "csv"),
        content_type="text/csv",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        created_at=clock.now(),
        created_by=by,
    )


# Withdrawing


@transaction.atomic
def withdraw(report, *, by, reason):
    """Withdraw the newest report of a lender, which was wrong: somebody else than who took it in, with a reason.

    What is guaranteed is as before it, and the month waits for the true report. Nothing of it changes where a guarantee
    that it lowered was called or has ended since, or where a limit does not hold what would be guaranteed again.
    """
    require(by, Right.DECIDE_LOANS)
    if not sees(by):
        raise Refused(ALL_UNITS)
    lender = Lender.objects.select_for_update(of=("self",)).get(pk=report.lender_id)
    row = LenderReport.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    row.lender = lender
    held = list(_rows(lender).select_for_update(of=("self",), no_key=True))
    _must_be_withdrawn(row, held, by, reason)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = clock.now(), by, reason.strip()[:300]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    for entry in Entry.objects.filter(report_rows__report=row).select_related("fund").distinct().order_by("fund_id"):
        posting = ledger.reversal(entry, key=f"gua-report-back-{entry.pk}", reason=reason)
        ledger.post_together(entry.fund, [posting], by=by)
    return row


def _must_be_withdrawn(row, held, by, reason):
    if row.withdrawn_at:
        raise Stale(_("This report is withdrawn already."))
    if row.by_id == by.pk:
        raise Refused(_("You took this report in, so somebody else must withdraw it."))
    exposure.must_have_reason(reason)
    if later := _later(row).first():
        words = _("There is a later report, of %(month)s. Withdraw that one first.")
        raise Refused(words % {"month": f"{later.month:%m.%Y}"})
    lowered = set(row.rows.exclude(entry=None).values_list("guarantee", flat=True))
    over = [one.number for one in held if one.pk in lowered and one.state != GuaranteeState.ACTIVE]
    if over:
        words = _("The report lowered guarantees that were called or have ended since: %(numbers)s. It stays.")
        raise Refused(words % {"numbers": ", ".join(sorted(over)[:MOST_TOLD])})


# Checks


def _must_see(by):
    require(by, Right.KEEP_LOANS)
    if not sees(by):
        raise Refused(ALL_UNITS)


def _looked_at(lender, month, data, rows):
    """The Preview of a file beside the guarantees of the lender. Raises Refused."""
    _must_be_the_month(lender, month)
    if not data.strip():
        raise Refused({"file": _("The file is empty. Choose another one.")})
    if len(data) > MOST_BYTES:
        words = _("The file is too large (%(size)s). The largest we take is %(most)s.")
        raise Refused({"file": words % {"size": file_size(len(data)), "most": file_size(MOST_BYTES)}})
    try:
        changes = _compared(lender, month, report_files.read(data), rows)
    except ReportError as error:
        raise Refused({"file": error.messages}) from error
    sha256 = hashlib.sha256(data).hexdigest()
    same = _in_force(lender).filter(file__sha256=sha256).order_by("-month").values_list("month", flat=True).first()
    return Preview(changes, same)


def _must_be_the_month(lender, month):
    if month.day != 1:
        raise Refused({"month": _("Choose a month.")})
    if end_of(month) >= clock.today():
        raise Refused({"month": _("This month is not over yet.")})
    newest = _in_force(lender).order_by("-month").values_list("month", flat=True).first()
    if newest and _in_force(lender).filter(month=month).exists():
        raise _here_already()
    if newest and month < newest:
        words = _("The newest report is of %(month)s, and an older one changes nothing any more.")
        raise Refused({"month": words % {"month": f"{newest:%m.%Y}"}})


def _here_already():
    return Refused({"month": _("The report of this month is here already.")})


def _compared(lender, month, rows, guarantees):
    """[Change] of the rows of a file. Raises ReportError with all that is wrong."""
    known = {one.number: one for one in guarantees}
    others = Guarantee.objects.filter(number__in={row.guarantee for row in rows} - known.keys())
    others = set(others.values_list("number", flat=True))
    changes, wrong, lines = [], [], {}
    for row in rows:
        guarantee = known.get(row.guarantee)
        words = _mistake(row, guarantee, month, lines, others)
        lines.setdefault(row.guarantee, row.line)
        if words:
            wrong.append(at_line(row.line, words))
            continue
        before = guarantee.exposure
        changes.append(Change(guarantee, row.left, row.days_late, before, _after(guarantee, row.left)))
    wanted = [one for one in guarantees if one.state == GuaranteeState.ACTIVE and one.activated_on <= end_of(month)]
    lacking = sorted(one.number for one in wanted if one.number not in lines)
    wrong = wrong[:MOST_TOLD]
    if lacking:
        words = _("These guarantees in force are missing: %(numbers)s.")
        wrong.append(words % {"numbers": ", ".join(lacking[:MOST_TOLD])})
    if wrong:
        raise ReportError(wrong)
    if not changes:
        raise ReportError([_("The file has no rows, and %(lender)s has no guarantee in force.") % {"lender": lender}])
    return changes


def _after(guarantee, left):
    return exposure.of_credit(guarantee, left) if guarantee.state == GuaranteeState.ACTIVE else guarantee.exposure


def _mistake(row, guarantee, month, lines, others):
    """What is wrong with a row, in words; None where nothing is."""
    said = {"number": row.guarantee}
    if guarantee is None:
        if row.guarantee in others:
            return _("Guarantee %(number)s is of another lender, or its credit is not paid out.") % said
        return _("Guarantee %(number)s is not known.") % said
    if row.guarantee in lines:
        return _("Guarantee %(number)s is in line %(line)d already.") % {**said, "line": lines[row.guarantee]}
    if guarantee.activated_on > end_of(month):
        return _("The credit of guarantee %(number)s was paid out after this month.") % said
    if guarantee.state not in IN_FORCE and (guarantee.ended_on is None or guarantee.ended_on <= end_of(month)):
        return _("Guarantee %(number)s has ended.") % said
    if row.credit.casefold() != guarantee.credit_number.casefold():
        words = _("The credit agreement of guarantee %(number)s is %(kept)s, and the file says %(found)s.")
        return words % {**said, "kept": guarantee.credit_number, "found": row.credit[:60]}
    if row.left > guarantee.credit:
        words = _("%(left)s is left, and the credit was %(credit)s.")
        return words % {"left": money(row.left), "credit": money(guarantee.credit)}
    after = _after(guarantee, row.left)
    if after > guarantee.exposure:
        words = _("%(after)s would be guaranteed, more than up to now (%(before)s). A report never raises it.")
        return words % {"after": money(after), "before": money(guarantee.exposure)}
    return None
