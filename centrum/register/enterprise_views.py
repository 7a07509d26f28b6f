"""Pages of social enterprises: their status in periods, the report by 31 March, headcounts, the six-month duty."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import lists
from centrum.kit.clock import today
from centrum.kit.lists import Order
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from centrum.register import enterprise, queries
from centrum.register.enterprise_forms import (
    CorrectionForm,
    DutyForm,
    EndForm,
    EnterpriseFilter,
    HeadcountForm,
    ReportFilter,
    ReportForm,
    StatusForm,
)
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"name": Order("sort"), "-name": Order("sort", descending=True)}
SHOWN = 10


@read
@requires(Right.VIEW_CLIENTS)
def enterprises(request):
    form = EnterpriseFilter(request.GET)
    form.is_valid()
    rows, found, _more = enterprise.narrow(enterprise.enterprises(request.user), **form.cleaned_data)
    page = lists.page(request, rows, orders=ORDERS, default="name", count=found)
    for row in page.rows:
        row.shown = _shown_status(row.statuses)
        row.duty = _shown_duty(row, row.statuses)
    context = {"page": page, "filter_form": form, "year": today().year - 1}
    return render(request, "register/enterprises.html", context)


@read
@requires(Right.VIEW_CLIENTS)
def enterprise_page(request, public_id):
    organisation = _organisation(request, public_id)
    statuses = list(organisation.enterprise_statuses.all())
    reports = {report.year: report for report in organisation.enterprise_reports.select_related("noted_by")}
    headcounts = list(organisation.headcounts.select_related("noted_by"))
    now = _current(statuses)
    duty = _shown_duty(organisation, statuses)
    return render(
        request,
        "register/enterprise.html",
        {
            "organisation": organisation,
            "shown": _shown_status(statuses),
            "facts": _facts(now),
            "statuses": [{"status": status, "shown": _shown_status([status])} for status in statuses],
            "warning": _pause(organisation) if not now else "",
            "reports": [_report_line(year, reports.get(year)) for year in enterprise.years_owed(statuses)],
            "headcounts": headcounts,
            "findings": _findings(headcounts[0], now or (statuses and statuses[0])) if headcounts else [],
            "duty": duty,
            "timeline": _timeline(statuses, reports.values(), headcounts, duty),
            "may_edit": request.user.has_right(Right.EDIT_CLIENTS),
        },
    )


@read
@requires(Right.VIEW_CLIENTS)
def reports(request, year):
    """Who owes the report of a year, who sent it in time, late or not at all."""
    if not enterprise.FIRST_YEAR <= year <= today().year:
        raise Http404
    form = ReportFilter(request.GET)
    form.is_valid()
    deadline = enterprise.report_deadline(year)
    owing = enterprise.owing(queries.visible_organisations(request.user), year)
    counts = enterprise.report_counts(owing, deadline)
    state = form.cleaned_data.get("state")
    rows = enterprise.reports_in(owing, state, deadline)
    page = lists.page(request, rows, orders=ORDERS, default="name", count=counts[state or "owed"])
    for row in page.rows:
        row.kind, row.word = _report_state(row.sent_on, deadline)
    return render(
        request,
        "register/enterprise_reports.html",
        {
            "page": page,
            "filter_form": form,
            "year": year,
            "deadline": deadline,
            "late": today() > deadline,
            "facts": [
                {"label": _("Owed"), "value": str(counts["owed"])},
                {"label": _("Sent in time"), "value": str(counts["sent"])},
                {"label": _("Sent late"), "value": str(counts["late"])},
                {"label": _("Missing"), "value": str(counts["missing"])},
            ],
            "before": year - 1 if year > enterprise.FIRST_YEAR else None,
            "after": year + 1 if year < today().year else None,
            "may_edit": request.user.has_right(Right.EDIT_CLIENTS) and year < today().year,
        },
    )


# Forms


@write
@requires(Right.EDIT_CLIENTS)
def status_new(request, public_id):
    organisation = _organisation(request, public_id)
    form = StatusForm(request.POST or None)

    def save(**fields):
        status = enterprise.grant_status(organisation, by=request.user, **fields)
        free = enterprise.free_from(organisation)
        if free and status.valid_from < free:
            messages.warning(request, _pause(organisation, free))

    return _form_page(
        request,
        organisation,
        form,
        save,
        title=_("Note a status"),
        done=_("The status is noted."),
        note=_pause(organisation),
    )


@write
@requires(Right.EDIT_CLIENTS)
def status_end(request, public_id, pk):
    organisation, status = _status(request, public_id, pk)
    return _form_page(
        request,
        organisation,
        EndForm(request.POST or None, initial={"valid_to": status.valid_to}),
        lambda **fields: enterprise.end_status(status, by=request.user, **fields),
        title=_("Note the end of the status %(number)s") % {"number": status},
        done=_("The end of the status is noted."),
    )


@write
@requires(Right.EDIT_CLIENTS)
def status_correct(request, public_id, pk):
    organisation, status = _status(request, public_id, pk)
    initial = {name: getattr(status, name) for name in enterprise.STATUS_FIELDS}
    return _form_page(
        request,
        organisation,
        CorrectionForm(request.POST or None, initial=initial),
        lambda **fields: enterprise.correct_status(status, by=request.user, **fields),
        title=_("Correct the status %(number)s") % {"number": status},
        done=_("The status is corrected; what stood there is in the journal."),
    )


@write
@requires(Right.EDIT_CLIENTS)
def report_new(request, public_id):
    organisation = _organisation(request, public_id)
    sent = set(organisation.enterprise_reports.values_list("year", flat=True))
    owed = enterprise.years_owed(organisation.enterprise_statuses.all())
    years = [year for year in owed if year not in sent]
    form = ReportForm(request.POST or None, years=years, initial={"year": request.GET.get("year"), "sent_on": today()})
    return _form_page(
        request,
        organisation,
        form,
        lambda **fields: enterprise.note_report(organisation, by=request.user, **fields),
        title=_("Note a report sent to the voivode"),
        done=_("The report is noted."),
        note="" if years else _("No report is missing: there is nothing to note."),
    )


@write
@requires(Right.EDIT_CLIENTS)
def headcount_new(request, public_id):
    organisation = _organisation(request, public_id)
    return _form_page(
        request,
        organisation,
        HeadcountForm(request.POST or None, initial={"counted_on": today()}),
        lambda **fields: enterprise.note_headcount(organisation, by=request.user, **fields),
        title=_("Note who is employed"),
        done=_("The headcount is noted."),
    )


@write
@requires(Right.EDIT_CLIENTS)
def duty(request, public_id):
    organisation = _organisation(request, public_id)
    noted = getattr(organisation, "status_duty", None)
    return _form_page(
        request,
        organisation,
        DutyForm(request.POST or None, initial={"job_created_on": noted and noted.job_created_on}),
        lambda **fields: enterprise.note_status_duty(organisation, by=request.user, **fields),
        title=_("Time to get the status"),
        done=_("The day by which the status is due is noted."),
    )


def form_page(request, form, save, *, title, done, back, crumbs, **context):
    """A page with one form: `save(**cleaned)` writes or refuses at the fields; then to `back` with the word `done`."""
    if form.is_valid():
        try:
            save(**form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done)
            return redirect(back)
    context |= {"form": form, "title": title, "back": back, "crumbs": crumbs}
    return render(request, "register/one_form.html", context)


def _form_page(request, organisation, form, save, **words):
    back = reverse("register:enterprise", args=[organisation.public_id])
    crumbs = [(_("Social enterprises"), reverse("register:enterprises")), (organisation.name, back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)


# Panels


def panel(user, organisation):
    """On the page of an organisation: whether it is a social enterprise, and what is due."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    statuses = list(organisation.enterprise_statuses.all())
    return {
        "organisation": organisation,
        "shown": _shown_status(statuses),
        "now": _current(statuses),
        "duty": _shown_duty(organisation, statuses),
        "is_known": bool(statuses) or hasattr(organisation, "status_duty"),
        "may_edit": user.has_right(Right.EDIT_CLIENTS),
    }


def my_day(user, _obj):
    """Reports that are missing since 1 February, and statuses due soon; None where nothing waits."""
    if not user.has_right(Right.EDIT_CLIENTS):
        return None
    organisations = queries.visible_organisations(user)
    year, missing = enterprise.missing_reports(organisations)
    count = missing.count()
    due = list(enterprise.unmet_duties(organisations)[:SHOWN])
    if not count and not due:
        return None
    for organisation in due:
        organisation.duty = _shown_duty(organisation, [])
    deadline = enterprise.report_deadline(year)
    return {
        "year": year,
        "deadline": deadline,
        "late": today() > deadline,
        "missing": missing.order_by("sort", "pk")[:SHOWN],
        "count": count,
        "due": due,
    }


# In words


def _current(statuses):
    day = today()
    return next((s for s in statuses if s.valid_from <= day and (s.valid_to is None or s.valid_to > day)), None)


def _shown_status(statuses):
    """{kind, text} of the tag for the statuses of an organisation, the newest first."""
    now = _current(statuses)
    if now:
        return {"kind": "ok", "text": _("social enterprise since %(day)s") % {"day": date_short(now.valid_from)}}
    if not statuses:
        return {"kind": "quiet", "text": _("no status")}
    last = statuses[0]
    if last.valid_from > today():
        return {"kind": "info", "text": _("social enterprise from %(day)s") % {"day": date_short(last.valid_from)}}
    day = {"day": date_short(last.valid_to)}
    return (
        {"kind": "bad", "text": _("taken away, gone since %(day)s") % day}
        if last.taken
        else {"kind": "quiet", "text": _("not in force since %(day)s") % day}
    )


def _shown_duty(organisation, statuses):
    """{duty, kind, text} of the duty to get the status, None without one."""
    noted = getattr(organisation, "status_duty", None)
    if noted is None:
        return None
    state = enterprise.duty_state(noted, statuses)
    words = {"count": state.days}
    kind, text = {
        "met": ("ok", _("got in time")),
        "met_late": ("wait", ngettext("got %(count)d day late", "got %(count)d days late", state.days) % words),
        "open": (
            "wait" if state.days <= enterprise.SOON_DAYS else "info",
            ngettext("%(count)d day left", "%(count)d days left", state.days) % words,
        ),
        "late": ("bad", ngettext("%(count)d day late", "%(count)d days late", state.days) % words),
    }[state.kind]
    return {"duty": noted, "kind": kind, "text": text, "state": state}


def _report_state(sent_on, deadline):
    if sent_on is None:
        return ("bad", _("missing, late")) if today() > deadline else ("wait", _("not sent yet"))
    return ("ok", _("sent in time")) if sent_on <= deadline else ("wait", _("sent late"))


def _report_line(year, report):
    deadline = enterprise.report_deadline(year)
    kind, word = _report_state(report and report.sent_on, deadline)
    return {"year": year, "report": report, "deadline": deadline, "kind": kind, "word": word}


def _pause(organisation, free=None):
    """The warning of art. 18 while it holds, "" without one."""
    free = free or enterprise.free_from(organisation)
    if not free or free <= today():
        return ""
    return _(
        "The last status was taken away by a decision. By art. 18 of the Act a new one is given not before %(day)s."
    ) % {"day": date_short(free)}


def _facts(now):
    if now is None:
        return []
    return [
        {"label": _("Aim"), "value": now.get_aim_display()},
        {"label": _("Decision"), "value": now.decision_no},
        {"label": _("Issued by"), "value": now.voivode},
        {"label": _("Date of the decision"), "value": date_short(now.decision_on)},
    ]


def _findings(headcount, status):
    """Art. 5 for the aim of the status; without a status only what every aim asks for."""
    return enterprise.check_headcount(headcount, status.aim if status else "")


def _timeline(statuses, reports, headcounts, duty):
    """What happened, the newest first: [{when, who, text}]."""
    lines = []
    for status in statuses:
        words = {"number": status.decision_no, "by": status.voivode}
        lines.append((status.valid_from, "", _("Status by the decision %(number)s, issued by %(by)s") % words))
        if status.valid_to:
            text = _("Status taken away by a decision") if status.taken else _("Status ended")
            lines.append((status.valid_to, "", ": ".join(filter(None, (text, status.lost_reason)))))
    for report in reports:
        lines.append((report.sent_on, report.noted_by, _("Report for %(year)d sent") % {"year": report.year}))
    for headcount in headcounts:
        words = {"all": headcount.employed, "half": headcount.half_time, "risk": headcount.at_risk}
        text = _("Employed: %(all)d, at least half time: %(half)d, at risk: %(risk)d") % words
        lines.append((headcount.counted_on, headcount.noted_by, text))
    if duty:
        lines.append((duty["duty"].job_created_on, "", _("First supported job made")))
    lines.sort(key=lambda line: line[0], reverse=True)
    return [{"when": date_short(day), "who": str(who or ""), "text": text} for day, who, text in lines]


def _organisation(request, public_id):
    found = queries.visible_organisations(request.user).select_related("status_duty")
    return get_object_or_404(found, public_id=public_id)


def _status(request, public_id, pk):
    organisation = _organisation(request, public_id)
    return organisation, get_object_or_404(organisation.enterprise_statuses, pk=pk)
