"""Status of social enterprise in periods, and what the Act of 5 August 2022 on the social economy asks of who has it.

Queries come first, services after them. The numbers of the rules are dated parameters (kit.parameters).
Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime
import math
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from centrum.kit import clock, outbox, parameters, saving
from centrum.kit.clock import months_later
from centrum.kit.models import OutboxMessage
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused, Stale
from centrum.register import queries
from centrum.register.enums import Aim, Regime
from centrum.register.models import (
    EnterpriseReport,
    EnterpriseStatus,
    Headcount,
    Organisation,
    StatusDuty,
)
from centrum.register.services import lock_current
from centrum.register.ties import main_contact
from centrum.staff.enums import Right
from centrum.staff.permissions import require

FIRST_YEAR = 2022  # the Act is in force since 30 October 2022
REMIND_FROM = (2, 1)  # month and day, our own habit: two months before the deadline
LAST_CALL_DAYS = 14  # before the deadline: the second reminder
SOON_DAYS = 60  # a duty that ends within them is looked after
STATUS_FIELDS = ("regime", "aim", "decision_no", "decision_on", "voivode", "valid_from", "valid_to")
_REMINDING = 5_200_310  # key of the lock that one run of reminders holds


# Status


def enterprises(user):
    """Visible organisations that have, had or have to get the status."""
    own = {"organisation": OuterRef("pk")}
    return queries.visible_organisations(user).filter(
        Exists(EnterpriseStatus.objects.filter(**own)) | Exists(StatusDuty.objects.filter(**own))
    )


def narrow(rows, *, state="", q=""):
    """(those of `enterprises` in a state, how many if searched, whether there are more): "in_force", "lost", "duty".

    Each has its statuses and its duty at hand (`statuses`, `status_duty`).
    """
    on = clock.today()
    statuses = EnterpriseStatus.objects.filter(organisation=OuterRef("pk"))
    now = Exists(statuses.filter(in_force(on)))
    if state == "in_force":
        rows = rows.filter(now)
    elif state == "lost":
        rows = rows.filter(~now, Exists(statuses.filter(valid_to__lte=on)))
    elif state == "duty":
        rows = rows.filter(_unmet(), status_duty__due_on__lte=on + datetime.timedelta(days=SOON_DAYS))
    rows, found, more = queries.matching_organisations(rows, q) if q else (rows, None, False)
    statuses = Prefetch("enterprise_statuses", to_attr="statuses")
    return rows.select_related("status_duty").prefetch_related(statuses), found, more


def status_on(organisation, on=None):
    """The status in force on a day, today unless given; None without one."""
    return organisation.enterprise_statuses.filter(in_force(on)).first()


def free_from(organisation):
    """First day on which a status lost by decision may be had again (art. 18); None when none was lost so."""
    lost = organisation.enterprise_statuses.filter(taken=True).order_by("-valid_to").first()
    return months_later(lost.valid_to, parameters.whole("enterprise-pause-months", lost.valid_to)) if lost else None


@transaction.atomic
def grant_status(organisation, *, by, **fields):
    """Note a period of the status (STATUS_FIELDS; `valid_to` only of one that is over)."""
    organisation = _lock(organisation, by)
    return _saved(EnterpriseStatus(organisation=organisation, **fields))


@transaction.atomic
def end_status(status, *, by, valid_to, reason, taken=False):
    """End a status on its first day without it; `taken`: by a decision of the voivode, so that art. 18 applies."""
    row = _lock_part(status, by)
    if row.lost_reason:
        raise Stale(_("The end of this status is noted already. Correct it, if it is wrong."))
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if taken and row.regime != Regime.ACT_2022:
        raise Refused({"taken": _("Only a status under the Act is taken away by a decision of the voivode.")})
    row.valid_to, row.lost_reason, row.taken = valid_to, reason.strip(), taken
    return saving.save(row)


@transaction.atomic
def correct_status(status, *, by, reason, **fields):
    """Mend a mistake in some of STATUS_FIELDS; the history keeps what stood there, with the reason.

    Without its end a status loses the reason of the end, too.
    """
    row = _lock_part(status, by)
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    for name, value in fields.items():
        setattr(row, name, value)
    if row.valid_to is None:
        row.lost_reason, row.taken = "", False
    row.correction = reason.strip()
    return _saved(row)


def _saved(status):
    _not_ahead(decision_on=status.decision_on)
    if status.regime == Regime.ACT_2022:
        _rule("enterprise-pause-months", valid_from=status.valid_from)
    return saving.save(status)


# Report by 31 March


def report_deadline(year):
    """The last day for the report of a year (art. 10: 31 March of the next one)."""
    on = datetime.date(year + 1, 1, 1)
    return on.replace(
        month=parameters.whole("enterprise-report-month", on), day=parameters.whole("enterprise-report-day", on)
    )


def owing(organisations, year):
    """Those whose status under the Act was in force on any day of the year, with `sent_on` and `reference`."""
    held = EnterpriseStatus.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=datetime.date(year, 1, 1)),
        organisation=OuterRef("pk"),
        regime=Regime.ACT_2022,
        valid_from__lte=datetime.date(year, 12, 31),
    )
    sent = EnterpriseReport.objects.filter(organisation=OuterRef("pk"), year=year)
    return organisations.filter(Exists(held)).annotate(
        sent_on=Subquery(sent.values("sent_on")), reference=Subquery(sent.values("reference"))
    )


def years_owed(statuses, on=None):
    """Years over by a day of which a report is owed for these statuses of one organisation, the newest first."""
    last = (on or clock.today()).year - 1
    years = set()
    for status in statuses:
        if status.regime == Regime.ACT_2022:
            end = (status.valid_to - datetime.timedelta(days=1)).year if status.valid_to else last
            years.update(range(status.valid_from.year, min(end, last) + 1))
    return sorted(years, reverse=True)


def report_counts(rows, deadline):
    """{"owed", "sent" (in time), "late", "missing"} of the rows of `owing`."""
    return rows.aggregate(
        owed=Count("pk"),
        sent=Count("pk", filter=Q(sent_on__lte=deadline)),
        late=Count("pk", filter=Q(sent_on__gt=deadline)),
        missing=Count("pk", filter=Q(sent_on=None)),
    )


def reports_in(rows, state, deadline):
    """The rows of `owing` in one of the states that `report_counts` names; all without one."""
    states = {"sent": Q(sent_on__lte=deadline), "late": Q(sent_on__gt=deadline), "missing": Q(sent_on=None)}
    return rows.filter(states[state]) if state in states else rows


def missing_reports(organisations, on=None):
    """(year, those of them whose report is missing) from 1 February of the next year on; (year, none) before it."""
    on = on or clock.today()
    rows = owing(organisations, on.year - 1).filter(sent_on=None)
    return on.year - 1, rows if (on.month, on.day) >= REMIND_FROM else rows.none()


@transaction.atomic
def note_report(organisation, *, by, year, sent_on, reference=""):
    """Note that the report of a year was sent to the voivode; it cannot be sent before the year is over."""
    organisation = _lock(organisation, by)
    if not owing(Organisation.objects.filter(pk=organisation.pk), year).exists():
        raise Refused({"year": _("The organisation had no status under the Act in this year, so it owes no report.")})
    if sent_on.year <= year:
        raise Refused({"sent_on": _("The report of a year is sent after the year is over.")})
    _not_ahead(sent_on=sent_on)
    return saving.save(
        EnterpriseReport(organisation=organisation, year=year, sent_on=sent_on, reference=reference, noted_by=by)
    )


@transaction.atomic
def remind(on=None):
    """Mail the enterprises whose report is missing, once a year and stage; returns (mailed, without an address).

    Stages: from 1 February, two weeks before the deadline, after it. What was sent is read in the outbox
    (`about`), and one run at a time looks there.
    """
    on = on or clock.today()
    year, rows = missing_reports(Organisation.objects.filter(merged_into=None), on)
    deadline = report_deadline(year)
    stage = 1 + (on >= deadline - datetime.timedelta(days=LAST_CALL_DAYS)) + (on > deadline)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REMINDING])
    sent = set(OutboxMessage.objects.filter(about__startswith=f"PS {year}/{stage}/").values_list("about", flat=True))
    mailed = mute = 0
    for organisation in rows.order_by("pk"):
        about = f"PS {year}/{stage}/{organisation.pk}"
        if about in sent:
            continue
        contact = main_contact(organisation)
        address = contact.person.email if contact and contact.person.email else organisation.email
        if not address:
            mute += 1
            continue
        context = {
            "organisation": organisation,
            "year": year,
            "deadline": deadline,
            "late": on > deadline,
            "contact": settings.CONTACT,
        }
        with override("pl"):
            outbox.post(to=address, template="mail/register/enterprise_report.txt", context=context, about=about)
        mailed += 1
    return mailed, mute


# Headcount


@dataclass(frozen=True)
class Finding:
    """One condition of art. 5: whether it holds, in words, and what is `missing` to it ("" when nothing is)."""

    holds: bool
    text: str
    missing: str = ""


def check_headcount(headcount, aim):
    """Findings of art. 5 for the numbers of one day: three people employed, each at least half time, and with the
    aim of reintegration 30 % of all employed at risk (each on a contract of at least half time).

    The share is compared exactly: 3 of 10 are 30 %. Raises LookupError when no rule of that day is known.
    """
    least = parameters.whole("enterprise-min-employed", headcount.counted_on)
    lacking = max(0, least - headcount.half_time)
    found = [
        Finding(
            not lacking,
            _("Employed at least half time: %(count)d, at least %(least)d are needed.")
            % {"count": headcount.half_time, "least": least},
            lacking and ngettext("%(count)d more person", "%(count)d more people", lacking) % {"count": lacking},
        )
    ]
    if aim in (Aim.REINTEGRATION, Aim.BOTH):
        share = parameters.value("enterprise-at-risk-share", headcount.counted_on)
        lacking = at_risk_lacking(headcount.at_risk, headcount.employed, share)
        found.append(
            Finding(
                not lacking,
                _("At risk of exclusion: %(count)d of %(all)d employed, at least %(share)s %% are needed.")
                % {"count": headcount.at_risk, "all": headcount.employed, "share": f"{share.normalize():f}"},
                lacking
                and ngettext("%(count)d more person at risk", "%(count)d more people at risk", lacking)
                % {"count": lacking},
            )
        )
    return found


def at_risk_lacking(at_risk, employed, share):
    """How many people at risk have to be newly employed until they are `share` percent of all (below 100)."""
    gap = Decimal(share) * employed - 100 * at_risk
    return math.ceil(gap / (100 - Decimal(share))) if gap > 0 else 0


@transaction.atomic
def note_headcount(organisation, *, by, counted_on, employed, half_time, at_risk, proof=""):
    """Note who is employed on a day: all, of them at least half time, of these at risk of exclusion."""
    organisation = _lock(organisation, by)
    _not_ahead(counted_on=counted_on)
    _rule("enterprise-min-employed", counted_on=counted_on)
    return saving.save(
        Headcount(
            organisation=organisation,
            counted_on=counted_on,
            employed=employed,
            half_time=half_time,
            at_risk=at_risk,
            proof=proof,
            noted_by=by,
            noted_at=clock.now(),
        )
    )


# Six months to get the status


@dataclass(frozen=True)
class DutyState:
    """`kind`: "met", "met_late", "open" or "late"; `days` left to the due day, or past it; `status` that meets it."""

    kind: str
    days: int
    status: EnterpriseStatus | None = None


def duty_state(duty, statuses, on=None):
    """Where a duty stands on a day: the first status that is in force after the job was made, and when it begins."""
    fitting = [s for s in statuses if s.valid_to is None or s.valid_to > duty.job_created_on]
    if fitting:
        first = min(fitting, key=lambda s: s.valid_from)
        days = (duty.due_on - first.valid_from).days
        return DutyState("met" if days >= 0 else "met_late", abs(days), first)
    days = (duty.due_on - (on or clock.today())).days
    return DutyState("open" if days >= 0 else "late", abs(days))


def unmet_duties(organisations, on=None):
    """Those of them whose duty ends soon or is late, without a status; the nearest first."""
    soon = (on or clock.today()) + datetime.timedelta(days=SOON_DAYS)
    return (
        organisations.filter(_unmet(), status_duty__due_on__lte=soon)
        .select_related("status_duty")
        .order_by("status_duty__due_on", "pk")
    )


def _unmet():
    later = Q(valid_to=None) | Q(valid_to__gt=OuterRef("status_duty__job_created_on"))
    return ~Exists(EnterpriseStatus.objects.filter(later, organisation=OuterRef("pk")))


@transaction.atomic
def note_status_duty(organisation, *, by, job_created_on):
    """Note, or correct, the day on which the first supported job was made; the status is due six months later."""
    organisation = _lock(organisation, by)
    _not_ahead(job_created_on=job_created_on)
    months = _rule("enterprise-status-months", job_created_on=job_created_on)
    duty = StatusDuty.objects.filter(organisation=organisation).first() or StatusDuty(organisation=organisation)
    duty.job_created_on, duty.due_on, duty.noted_by = job_created_on, months_later(job_created_on, months), by
    return saving.save(duty)


def _lock(organisation, by):
    """The row of the organisation, locked: so two people never write the same period at once."""
    if by is not None:
        require(by, Right.EDIT_CLIENTS)
    return lock_current(organisation)


def _lock_part(part, by):
    _lock(part.organisation, by)
    return type(part).objects.get(pk=part.pk)


def _not_ahead(**days):
    for name, day in days.items():
        if day > clock.today():
            raise Refused({name: _("This day is in the future. Check it.")})


def _rule(code, **days):
    """The number of a rule on a day (name of its field=day); refused at the field when none was in force then."""
    ((name, day),) = days.items()
    try:
        return parameters.whole(code, day)
    except LookupError as error:
        raise Refused({name: _("The Act was not in force on this day. Check the date.")}) from error
