"""The tab of participants: who is enrolled, enrolling by hand, and one enrolment with what may be done with it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.cases.queries import visible_cases
from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.polish import datetime_short
from centrum.kit.transitions import Refused, noun_of
from centrum.register import queries as register
from centrum.register.enterprise_views import form_page
from centrum.register.tie_views import search_of
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import approvals, attendance, capacity, enrolments, participants, queries
from trainings.enums import ENROLLED, ENROLMENT_TAG, EVENT_OPEN, EnrolmentState, EventState
from trainings.models import Enrolment
from trainings.pages import kept, page_of, seen
from trainings.participant_forms import DataForm, EnrolForm, ParticipantFilter, ReasonForm, SeatsForm

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"name": Order("sort"), "-name": Order("sort", descending=True), "enrolment": Order("pk")}
TAB = "trainings:participants"


@read
@requires(Right.VIEW_TRAININGS)
def listing(request, public_id):
    event = seen(request, public_id)
    form = ParticipantFilter(request.GET)
    form.is_valid()
    said = {name: form.cleaned_data.get(name, "") for name in form.fields}
    page = lists.page(request, participants.listed(event, **said), orders=ORDERS, default="name")
    reserve = participants.reserve_of(event)
    places = {row.pk: row.place for _group, waiting, _more in reserve for row in waiting}
    for row in participants.compare(request.user, event, page.rows):
        row.tag, row.place = ENROLMENT_TAG[row.state], places.get(row.pk)
    may_keep = queries.may_keep(request.user, event)
    counted, told = participants.needs_of(event) if may_keep else ([], [])
    context = {
        "page": page,
        "filter": form,
        "reserve": reserve,
        "seats": participants.seats_of(event),
        "needs": counted,
        "told": told,
        "takes": may_keep and _takes(event),
    }
    return render(request, "trainings/participants.html", page_of(request, event, TAB, **context))


def _takes(event):
    return event.state in EVENT_OPEN and event.state != EventState.DRAFT


@write
@requires(Right.KEEP_TRAININGS)
def enrol(request, public_id):
    """The register is searched first; whoever is not found is typed. “Save and next” comes back for another."""
    event = kept(request, public_id)
    visible = register.visible_people(request.user)
    search = search_of(request, visible, register.matching_people, _("Is the person in the register?"))
    first, _space, last = search["q"].rpartition(" ")
    initial = {"first_name": first, "last_name": last}
    form = EnrolForm(request.POST or None, initial=initial, event=event, rows=visible, found=search["found"])
    if form.is_valid():
        try:
            made = enrolments.enrol_by_hand(event, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _enrolled(made))
            return redirect("trainings:enrol" if "next" in request.POST else TAB, event.public_id)
    context = {"form": form, "search": search, "takes": _takes(event), "seats": participants.seats_of(event)}
    return render(request, "trainings/enrol_by_hand.html", page_of(request, event, TAB, **context))


def _enrolled(made):
    if made.state == EnrolmentState.SEATED:
        return _("%(person)s has a seat.") % {"person": made}
    return _("%(person)s is on the reserve list, place %(number)d.") % {
        "person": made,
        "number": capacity.position(made),
    }


def _show(form, refusal):
    """At the fields that the form has, above it otherwise."""
    for name, errors in getattr(refusal, "error_dict", {"": refusal}).items():
        form.add_error(name if name in form.fields else None, errors)


@read
@requires(Right.VIEW_TRAININGS)
def enrolment(request, public_id, enrolment):
    event = seen(request, public_id)
    row = _row(event, enrolment)
    participants.compare(request.user, event, [row])
    row.tag = ENROLMENT_TAG[row.state]
    may_keep = queries.may_keep(request.user, event)
    enrolled = row.state in ENROLLED
    context = {
        "row": row,
        "place": capacity.position(row),
        "acts": _acts(row) if may_keep and event.state in EVENT_OPEN else [],
        "other_seats": may_keep and enrolled and event.state in EVENT_OPEN and event.groups.count() > 1,
        "needs": row.needs.in_words() if may_keep and hasattr(row, "needs") else "",
        "certificate": getattr(row, "certificate", None),
        "spent": attendance.own(row),
        "sessions": attendance.told_of(row),
        "letters": row.notices.order_by("-pk"),
        "changes": [*approvals.timeline(row), *_changes(row)],
        "organisation_seen": _is_in(row.organisation, register.visible_organisations(request.user)),
        "case_seen": _is_in(row.case, visible_cases(request.user)),
        "people": enrolments.suggested_people(request.user, row) if may_keep and not row.person_id else [],
        "organisations": enrolments.suggested_organisations(request.user, row)
        if may_keep and not row.organisation_id
        else [],
        "cases": enrolments.open_cases(request.user, row.person, row.organisation).select_related("project")
        if may_keep and row.person_id and not row.case_id
        else [],
    }
    return render(request, "trainings/enrolment.html", page_of(request, event, TAB, **context))


def _is_in(obj, visible):
    return obj is not None and visible.filter(pk=obj.pk).exists()


def _acts(row):
    """[(action, words, how the button looks)] of what may be done with the enrolment now."""
    cancel = ("cancel", _("Cancel the enrolment"), "b2")
    if row.state == EnrolmentState.OFFERED:
        return [("take", _("Take the seat for them"), "b1"), ("end", _("They decline"), "b2"), cancel]
    if row.state == EnrolmentState.RESERVE and row.group.free > 0 and capacity.position(row) == 1:
        return [("let-in", _("Let them in"), "b1"), cancel]
    return [cancel] if row.state in ENROLLED else []


def _changes(row):
    made = StateChange.objects.filter(noun=noun_of(row), object_id=row.pk).select_related("by").order_by("-pk")
    names = dict(EnrolmentState.choices)
    lines = [
        {
            "when": datetime_short(one.at),
            "who": one.by or "",
            "text": " – ".join(filter(None, [str(names[one.target]), one.reason])),
        }
        for one in made
    ]
    return [*lines, {"when": datetime_short(row.created_at), "who": "", "text": _("Enrolled")}]


@write
@requires(Right.KEEP_TRAININGS)
def cancel(request, public_id, enrolment):
    row = kept_row(request, public_id, enrolment)
    return page_with_form(
        request,
        row,
        ReasonForm(request.POST or None),
        lambda reason: capacity.cancel(row, by=request.user, reason=reason),
        title=_("Cancel the enrolment of %(person)s") % {"person": row},
        button=_("Cancel the enrolment"),
        done=_("The enrolment is cancelled. A seat that became free is offered to the next."),
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def act(request, public_id, enrolment, action):
    """What needs no more than a click: take an offer, decline it, let the first of the reserve list in."""
    done = {
        "take": (capacity.take_offer, _("The seat is taken.")),
        "end": (capacity.end_offer, _("The offer has ended, the seat goes to the next.")),
        "let-in": (capacity.let_in, _("The person has a seat now.")),
    }
    row = kept_row(request, public_id, enrolment)
    if action not in done:
        raise Http404
    service, words = done[action]
    try:
        service(row, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, words)
    return redirect(address(row))


@write
@requires(Right.KEEP_TRAININGS)
def seats(request, public_id, enrolment):
    row = kept_row(request, public_id, enrolment)
    return page_with_form(
        request,
        row,
        SeatsForm(request.POST or None, event=row.event, initial={"kind": row.group.kind}),
        lambda kind: capacity.change_group(row, by=request.user, kind=kind),
        title=_("Move %(person)s to other seats") % {"person": row},
        done=_("The person is moved."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def data(request, public_id, enrolment):
    """Set right a name, an address, what somebody needs; letters that went astray are not sent again."""
    row = kept_row(request, public_id, enrolment)
    form = DataForm(request.POST or None, row=row, open=row.event.state in EVENT_OPEN and row.state in ENROLLED)
    return page_with_form(
        request,
        row,
        form,
        lambda **said: enrolments.correct_data(row, by=request.user, **said),
        title=_("Correct the data of %(person)s") % {"person": row},
        done=_("The data are corrected."),
    )


# What the pages of one enrolment share


def kept_row(request, public_id, key):
    return _row(kept(request, public_id), key)


def _row(event, key):
    rows = Enrolment.objects.filter(event=event).select_related(
        "group", "commune", "person__commune", "organisation", "case", "needs", "application"
    )
    row = get_object_or_404(rows, public_id=key)
    row.event = event
    return row


def address(row):
    return reverse("trainings:enrolment", args=[row.event.public_id, row.public_id])


def page_with_form(request, row, form, save, **words):
    crumbs = [
        (_("Training"), reverse("trainings:list")),
        (row.event.title, reverse("trainings:event", args=[row.event.public_id])),
        (_("Participants"), reverse(TAB, args=[row.event.public_id])),
        (str(row), address(row)),
    ]
    return form_page(request, form, save, back=address(row), crumbs=crumbs, **words)
