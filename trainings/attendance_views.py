"""The tab of attendance: sessions and hours of each person, marking on screen and at the door, approval."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import clock, lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import approvals, attendance, documents, own, queries
from trainings.attendance_forms import ROWS, CorrectForm, MarkForm
from trainings.enums import EnrolmentState
from trainings.pages import kept, page_of, seen
from trainings.participant_views import kept_row, page_with_form

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"name": Order("sort"), "-name": Order("sort", descending=True)}
TAB = "trainings:attendance"


@read
@requires(Right.VIEW_TRAININGS)
def listing(request, public_id):
    event = seen(request, public_id)
    rows = attendance.with_minutes(event.enrolments.filter(state=EnrolmentState.SEATED))
    page = lists.page(request, rows, orders=ORDERS, default="name")
    planned = attendance.planned_minutes(event)
    for row in approvals.tell_support(event, page.rows):
        row.percent = attendance.percent(row.minutes, planned)
        row.enough = row.percent is not None and row.percent >= event.minimum_attendance
    sessions = list(attendance.sessions_of(event))
    seated = attendance.seated_of(event).count()
    for session in sessions:
        session.unnoted = seated - session.noted
        session.to_come = clock.local(session.starts_at).date() > clock.today()
    context = {
        "page": page,
        "sessions": sessions,
        "planned": planned,
        "state": approvals.state_of(event, request.user) if queries.may_keep(request.user, event) else None,
    }
    return render(request, "trainings/attendance.html", page_of(request, event, TAB, **context))


@write
@requires(Right.KEEP_TRAININGS)
def marking(request, public_id, pk):
    event, session = _session(request, public_id, pk)
    people = Paginator(attendance.seated_of(event), ROWS).get_page(request.GET.get("page"))
    noted = attendance.of_session(session, people)
    approved = attendance.approved(event)
    forms = [
        MarkForm(
            request.POST if request.method == "POST" and row.pk not in approved else None,
            enrolment=row,
            attendance=noted.get(row.pk),
        )
        for row in people
    ]
    for form in forms:
        form.mark_shown = attendance.mark_of(form.attendance)
        form.approved = form.enrolment.pk in approved
    open_forms = [form for form in forms if not form.approved]
    if request.method == "POST" and all([form.is_valid() for form in open_forms]):
        said = [(form.enrolment, form.cleaned_data["was"], form.mark()) for form in open_forms]
        try:
            late = attendance.note(session, by=request.user, said=said)
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            _tell_noted(request, late)
            return redirect(_page(session, people))
    context = {"session": session, "forms": forms, "people": people, "open": bool(open_forms)}
    return render(request, "trainings/attendance_session.html", page_of(request, event, TAB, **context))


def _tell_noted(request, late):
    for enrolment, mark in late:
        messages.warning(
            request,
            _("%(person)s: meanwhile it was noted “%(mark)s”, and that stays. Look at it once more.")
            % {"person": enrolment, "mark": mark},
        )
    messages.success(request, _("The attendance is noted."))


def _page(session, people):
    address = reverse("trainings:attendance-session", args=[session.event.public_id, session.pk])
    return f"{address}?page={people.number}" if people.number > 1 else address


@require_POST
@requires(Right.KEEP_TRAININGS)
def rest(request, public_id, pk):
    event, session = _session(request, public_id, pk)

    def save():
        number = attendance.note_rest(session, by=request.user)
        return ngettext("%(number)d person is noted as present.", "%(number)d people are noted as present.", number) % {
            "number": number
        }

    _try(request, save)
    return redirect("trainings:attendance-session", event.public_id, session.pk)


@never_cache
@read
@requires(Right.VIEW_TRAININGS)
def sheet(request, public_id, pk):
    """The list to sign of the day of this session, as PDF."""
    event = seen(request, public_id)
    session = get_object_or_404(event.sessions, pk=pk)
    day = clock.local(session.starts_at).date()
    response = HttpResponse(documents.attendance_list(event, day), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="lista-obecnosci-{day}.pdf"'
    return response


@require_POST
@requires(Right.DECIDE)
def approve(request, public_id):
    event = kept(request, public_id)

    def save():
        number, missing = approvals.approve(event, by=request.user)
        _tell_missing(request, missing)
        return ngettext(
            "The attendance of %(number)d person is approved.",
            "The attendance of %(number)d people is approved.",
            number,
        ) % {"number": number}

    _try(request, save)
    return redirect(TAB, event.public_id)


@require_POST
@requires(Right.DECIDE)
def record(request, public_id):
    event = kept(request, public_id)

    def save():
        number, missing = approvals.record_missing(event, by=request.user)
        _tell_missing(request, missing)
        return ngettext("%(number)d support is recorded.", "%(number)d supports are recorded.", number) % {
            "number": number
        }

    _try(request, save)
    return redirect(TAB, event.public_id)


def _tell_missing(request, missing):
    for enrolment, why in missing:
        messages.warning(
            request, _("%(person)s: no support is recorded (%(why)s).") % {"person": enrolment, "why": why}
        )


@write
@requires(Right.DECIDE)
def correct(request, public_id, enrolment):
    row = kept_row(request, public_id, enrolment)
    return page_with_form(
        request,
        row,
        CorrectForm(request.POST or None),
        lambda reason: approvals.correct(row, by=request.user, reason=reason),
        title=_("Correct the attendance of %(person)s") % {"person": row},
        note=_(
            "The approval is withdrawn, and with it the support in the EU file. Then mend the attendance and have it "
            "approved anew."
        ),
        button=_("Withdraw the approval"),
        done=_("The approval is withdrawn. The attendance can be mended now."),
    )


@never_cache
@write
@requires(Right.KEEP_TRAININGS)
def door(request, token):
    """Where the QR code of an enrolment leads on the organiser's telephone: note who comes, or leaves early."""
    enrolment = own.enrolment_of(token)
    if enrolment is None:
        raise Http404
    event = kept(request, enrolment.event.public_id)
    if request.method == "POST":
        service, words = (
            (attendance.check_out, _("It is noted that %(person)s leaves."))
            if "leaves" in request.POST
            else (attendance.check_in, _("%(person)s is noted as present."))
        )

        def save():
            service(enrolment, by=request.user)
            return words % {"person": enrolment}

        _try(request, save)
        return redirect("trainings:door", token)
    session = attendance.session_now(event)
    found = attendance.of_session(session, [enrolment]).get(enrolment.pk) if session else None
    context = {
        "event": event,
        "row": enrolment,
        "session": session,
        "seated": enrolment.state == EnrolmentState.SEATED,
        "mark": attendance.mark_of(found),
        "approved": enrolment.pk in attendance.approved(event),
        "goes_on": session is not None and clock.now() < session.ends_at,
        "there": session.attendances.filter(present=True).count() if session else 0,
        "of": attendance.seated_of(event).count(),
    }
    return render(request, "trainings/door.html", context)


def _session(request, public_id, pk):
    event = kept(request, public_id)
    session = get_object_or_404(event.sessions.select_related("room__venue"), pk=pk)
    session.event = event
    return event, session


def _try(request, save):
    """Tell what was done, or why not."""
    try:
        words = save()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, words)
