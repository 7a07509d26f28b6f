"""The staff's pages of a meeting and of what was promised; all of them belong to the partnership's own unit."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit.clock import now
from centrum.kit.transitions import Refused, available, find
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from partners import calendars, commitments, documents, guests, meeting_forms, meetings, programme
from partners.enums import COMMITMENT_MOVES, COMMITMENT_TAG, MEETING_MOVES, MEETING_TAG, MeetingState
from partners.models import Representative
from partners.views import form_of, kept

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])


@read
@requires(Right.VIEW_PARTNERSHIPS)
def meeting(request, public_id, pk):
    shown, row = _found(request, public_id, pk)
    invitations = list(meetings.invitations_of(row))
    promised = [one for one in commitments.commitments_of(shown) if one.meeting_id == row.pk]
    for one in promised:
        one.tag = COMMITMENT_TAG[one.state]
    versions = list(meetings.minutes_of(row))
    context = {
        "partnership": shown,
        "meeting": row,
        "when": documents.when(row),
        "tag": MEETING_TAG[row.state],
        # before it begins only calling it off makes sense
        "moves": [move for move in available(row, request.user) if move.action != "hold" or row.starts_at <= now()],
        "planned": row.state == MeetingState.PLANNED,
        "held": row.state == MeetingState.HELD,
        "may_keep": request.user.has_right(Right.KEEP_PARTNERSHIPS),
        "invitations": invitations,
        "coming": sum(one.answer == "yes" for one in invitations),
        "present": sum(one.attended is True for one in invitations),
        "minutes": versions[:1],
        "earlier": versions[1:],
        "decisions": list(row.decisions.order_by("number")),
        "commitments": promised,
    }
    return render(request, "partners/meeting.html", context)


@write
@requires(Right.KEEP_PARTNERSHIPS)
def meeting_new(request, public_id):
    shown = kept(request, public_id)
    return form_of(
        request,
        shown,
        meeting_forms.MeetingForm(request.POST or None, initial={"kind": "meeting"}),
        lambda **data: meetings.plan(shown, by=request.user, **data),
        title=_("Add a meeting"),
        done=_("The meeting is noted."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def meeting_edit(request, public_id, pk):
    row = _kept(request, public_id, pk)
    return _form(
        request,
        row,
        meeting_forms.MeetingForm(request.POST or None, meeting=row),
        lambda **data: meetings.change(row, by=request.user, **data),
        title=_("Change the meeting"),
        done=_("The meeting is changed; the invited were told of a new day or place."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def meeting_move(request, public_id, pk, action):
    row = _kept(request, public_id, pk)
    step = _move(MEETING_MOVES, action)
    if row.state not in step.sources:
        messages.warning(request, _("This step can't be made in the state “%(state)s”.") % {"state": _state(row)})
        return redirect(_page(row))
    if step.reason:
        return _form(
            request,
            row,
            meeting_forms.CancelForm(request.POST or None),
            lambda **data: meetings.step(row, action, by=request.user, **data),
            title=step.label,
            button=step.label,
            done=_("The meeting is called off; the invited were told."),
        )
    if request.method == "POST":
        _try(request, lambda: meetings.step(row, action, by=request.user), _("The meeting took place."))
    return redirect(_page(row))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def invite(request, public_id, pk):
    row = _kept(request, public_id, pk)
    form = meeting_forms.InviteForm(request.POST or None, meeting=row)
    nobody = not form.fields["representatives"].queryset.exists()
    told = {}
    if nobody:
        told["note"] = _("Every representative of today's members is invited. Add representatives to members first.")

    def save(**data):
        count, mute = meetings.invite(row, by=request.user, **data)
        words = ngettext("%(count)s person is added.", "%(count)s people are added.", count) % {"count": count}
        messages.success(request, words)
        if mute and meetings.takes_answers(row):
            words = ngettext(
                "%(count)s has no e-mail address: tell that person yourself.",
                "%(count)s have no e-mail address: tell those people yourself.",
                mute,
            )
            messages.warning(request, words % {"count": mute})

    return _form(request, row, form, save, title=_("Invite"), done="", **told)


@require_POST
@requires(Right.KEEP_PARTNERSHIPS)
def uninvite(request, public_id, pk, invitation):
    row = _kept(request, public_id, pk)
    found = get_object_or_404(row.invitations.select_related("meeting__partnership"), pk=invitation)
    _try(request, lambda: meetings.uninvite(found, by=request.user), _("The invitation is taken back."))
    return redirect(_page(row))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def attendance(request, public_id, pk):
    row = _kept(request, public_id, pk)
    return _form(
        request,
        row,
        meeting_forms.AttendanceForm(request.POST if request.method == "POST" else None, meeting=row),
        lambda **data: meetings.note_attendance(row, by=request.user, **data),
        title=_("Note the attendance"),
        done=_("The attendance is noted."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def minutes(request, public_id, pk):
    row = _kept(request, public_id, pk)
    last = meetings.minutes_of(row).first()
    initial = {"text": last.text if last else "", "seen": last.version if last else 0}
    return _form(
        request,
        row,
        meeting_forms.MinutesForm(request.POST or None, initial=initial),
        lambda **data: meetings.write_minutes(row, by=request.user, **data),
        title=_("Write the minutes"),
        done=_("The minutes are kept as a new version."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def decision_new(request, public_id, pk):
    row = _kept(request, public_id, pk)
    initial = {"number": programme.next_number(row.decisions)}
    return _decision(request, row, None, initial, title=_("Add a decision"))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def decision_edit(request, public_id, pk, decision):
    row = _kept(request, public_id, pk)
    found = get_object_or_404(row.decisions, pk=decision)
    initial = {"number": found.number, "text": found.text}
    return _decision(request, row, found, initial, title=_("Change the decision"))


def _decision(request, row, found, initial, *, title):
    return _form(
        request,
        row,
        meeting_forms.DecisionForm(request.POST or None, initial=initial),
        lambda **data: meetings.save_decision(row, by=request.user, decision=found, **data),
        title=title,
        done=_("The decision is noted."),
    )


@read
@requires(Right.VIEW_PARTNERSHIPS)
def minutes_pdf(request, public_id, pk):
    _shown, row = _found(request, public_id, pk)
    return _pdf(documents.minutes(row), f"protokol-{row.starts_at:%Y-%m-%d}.pdf")


@read
@requires(Right.VIEW_PARTNERSHIPS)
def attendance_pdf(request, public_id, pk):
    _shown, row = _found(request, public_id, pk)
    return _pdf(documents.attendance(row), f"lista-obecnosci-{row.starts_at:%Y-%m-%d}.pdf")


@read
@requires(Right.VIEW_PARTNERSHIPS)
def meeting_calendar(request, public_id, pk):
    _shown, row = _found(request, public_id, pk)
    return calendars.response(calendars.calendar([row]), f"spotkanie-{row.starts_at:%Y-%m-%d}.ics")


# What was promised


@write
@requires(Right.KEEP_PARTNERSHIPS)
def commitment_new(request, public_id):
    shown = kept(request, public_id)
    return _commitment(request, shown, None)


@write
@requires(Right.KEEP_PARTNERSHIPS)
def meeting_commitment_new(request, public_id, pk):
    row = _kept(request, public_id, pk)
    return _commitment(request, row.partnership, row)


def _commitment(request, shown, row):
    words = {"title": _("Add a commitment"), "done": _("The commitment is noted.")}
    form = meeting_forms.CommitmentForm(request.POST or None, partnership=shown)

    def save(**data):
        return commitments.promise(shown, by=request.user, meeting=row, **data)

    return _form(request, row, form, save, **words) if row else form_of(request, shown, form, save, **words)


@write
@requires(Right.KEEP_PARTNERSHIPS)
def commitment_move(request, public_id, pk, action):
    shown = kept(request, public_id)
    row = get_object_or_404(shown.commitments.select_related("partnership"), pk=pk)
    step = _move(COMMITMENT_MOVES, action)
    if row.state not in step.sources:
        messages.warning(request, _("This step can't be made in the state “%(state)s”.") % {"state": _state(row)})
        return redirect("partners:partnership", shown.public_id)
    return form_of(
        request,
        shown,
        meeting_forms.CommitmentStepForm(request.POST or None, move=step),
        lambda **data: commitments.step(row, action, by=request.user, **data),
        title=f"{step.label}: {row}",
        button=step.label,
        done=_("The state of the commitment is changed."),
    )


@require_POST
@requires(Right.KEEP_PARTNERSHIPS)
def guest_link(request, public_id, pk):
    shown = kept(request, public_id)
    rows = Representative.objects.filter(membership__partnership=shown)
    found = get_object_or_404(rows.select_related("membership__partnership", "person"), pk=pk)
    words = _("A letter with the link goes to %(person)s.") % {"person": found}
    _try(request, lambda: guests.send_link(found, by=request.user), words)
    return redirect("partners:partnership", shown.public_id)


# Parts


def _found(request, public_id, pk):
    """Meetings with their people are seen by those who keep the partnership."""
    shown = kept(request, public_id)
    return shown, get_object_or_404(shown.meetings.select_related("partnership"), pk=pk)


def _kept(request, public_id, pk):
    return _found(request, public_id, pk)[1]


def _move(moves, action):
    if action not in [move.action for move in moves]:
        raise Http404
    return find(moves, action)


def _state(row):
    return row.get_state_display()


def _page(row):
    return reverse("partners:meeting", args=[row.partnership.public_id, row.pk])


def _try(request, do, done):
    try:
        do()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)


def _form(request, row, form, save, **words):
    back = _page(row)
    partnership = reverse("partners:partnership", args=[row.partnership.public_id])
    crumbs = [(_("Partnerships"), reverse("partners:list")), (row.partnership.name, partnership), (row.title, back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)


def _pdf(body, name):
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
