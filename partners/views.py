"""The staff's pages of partnerships: list, one partnership, its members; who brings what and who works with whom."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import lists
from centrum.kit.clock import local, today
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, available, find, noun_of
from centrum.register import queries as register
from centrum.register.enterprise_views import form_page
from centrum.register.tie_forms import EndForm
from centrum.register.tie_views import search_of
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires
from partners import (
    agreements,
    calendars,
    commitments,
    documents,
    forms,
    meetings,
    network,
    programme,
    queries,
    services,
)
from partners.enums import (
    COMMITMENT_TAG,
    MEETING_TAG,
    PARTNERSHIP_MOVES,
    PARTNERSHIP_TAG,
    CommitmentState,
    MeetingState,
)
from partners.models import Membership, Representative

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"name": Order("sort"), "-name": Order("sort", descending=True), "newest": Order("pk", descending=True)}
LONGEST_TIMELINE = 100


@read
@requires(Right.VIEW_PARTNERSHIPS)
def partnerships(request):
    form = forms.PartnershipFilter(request.GET)
    form.is_valid()
    page = lists.page(request, queries.listed(request.user, **_said(form)), orders=ORDERS, default="name")
    for row in page.rows:
        row.tag = PARTNERSHIP_TAG[row.state]
    context = {"page": page, "form": form, "may_add": request.user.has_right(Right.KEEP_PARTNERSHIPS)}
    return render(request, "partners/partnerships.html", context)


def _said(form):
    return {name: form.cleaned_data.get(name, "") for name in form.fields}


@read
@requires(Right.VIEW_PARTNERSHIPS)
def partnership(request, public_id):
    shown = _found(request, public_id)
    may_keep = queries.may_keep(request.user, shown)
    members = list(queries.all_memberships(shown))
    for member in members:
        member.now = member.valid_from <= today() and (member.valid_to is None or member.valid_to > today())
    seen = register.visible_organisations(request.user).filter(pk__in=[m.organisation_id for m in members])
    people = register.visible_people(request.user).filter(
        pk__in=[person.person_id for member in members for person in member.representatives.all()]
    )
    context = {
        "partnership": shown,
        "tag": PARTNERSHIP_TAG[shown.state],
        "moves": available(shown, request.user) if may_keep else [],
        "may_keep": may_keep,
        "members": [member for member in members if member.now],
        "others": [member for member in members if not member.now],
        "seen": set(seen.values_list("pk", flat=True)),
        "people": set(people.values_list("pk", flat=True)),
        "areas": list(shown.areas.all()),
        "objectives": programme.objectives_of(shown),
        "tasks": programme.tasks_of(shown),
        "agreements": agreements.panel(request.user, shown),
        "timeline": _timeline(shown, members, may_keep),
        **(_work(request, shown) if may_keep else {}),
    }
    return render(request, "partners/partnership.html", context)


def _work(request, shown):
    """Meetings and commitments, which only the unit of the partnership sees, and the address of their calendar."""
    held = list(meetings.meetings_of(shown))
    for row in held:
        row.tag, row.when = MEETING_TAG[row.state], documents.when(row)
    promised = commitments.commitments_of(shown)
    for one in promised:
        one.tag = COMMITMENT_TAG[one.state]
    calendar = reverse("partnerships:calendar", args=[calendars.token(shown, request.user)])
    return {
        "meetings": held,
        "commitments": [one for one in promised if one.state == CommitmentState.OPEN],
        "settled": [one for one in promised if one.state != CommitmentState.OPEN],
        "calendar": request.build_absolute_uri(calendar),
    }


def _timeline(shown, members, may_keep):
    """[(day, words, who)] of what happened, the newest first; meetings and agreements for the partnership's unit."""
    moves = StateChange.objects.filter(noun=noun_of(shown), object_id=shown.pk).select_related("by")
    names = dict(shown._meta.get_field("state").choices)
    lines = [
        (change.at.date(), " – ".join(filter(None, [str(names[change.target]), change.reason])), change.by)
        for change in moves.order_by("-pk")[:LONGEST_TIMELINE]
    ]
    for member in members:
        lines.append((member.valid_from, _("%(member)s joins") % {"member": member.organisation}, None))
        if member.valid_to:
            left = _("%(member)s leaves") % {"member": member.organisation}
            lines.append((member.valid_to, " – ".join(filter(None, [left, member.leaving])), None))
    if may_keep:
        for row in shown.meetings.filter(state=MeetingState.HELD):
            lines.append((local(row.starts_at).date(), f"{row.get_kind_display()}: {row}", None))
        for row in shown.agreements.filter(signed_file__isnull=False):
            lines.append((row.signed_on, _("signed: %(agreement)s") % {"agreement": row}, None))
    return sorted(lines, key=lambda line: line[0], reverse=True)[:LONGEST_TIMELINE]


@write
@requires(Right.KEEP_PARTNERSHIPS)
def partnership_new(request):
    form = forms.PartnershipForm(request.POST or None, user=request.user, unit=request.user.unit)
    if form.is_valid():
        try:
            made = services.create_partnership(by=request.user, unit=request.user.unit, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The partnership is noted."))
            return redirect("partners:partnership", made.public_id)
    context = {"form": form, "title": _("New partnership"), "back": reverse("partners:list"), "crumbs": _crumbs()}
    return render(request, "register/one_form.html", context)


@write
@requires(Right.KEEP_PARTNERSHIPS)
def partnership_edit(request, public_id):
    shown = kept(request, public_id)
    initial = {name: getattr(shown, name) for name in services.FIELDS}
    form = forms.PartnershipForm(request.POST or None, initial=initial, user=request.user, unit=shown.unit)
    return form_of(
        request,
        shown,
        form,
        lambda **data: services.update_partnership(shown, by=request.user, **data),
        title=_("Change the partnership"),
        done=_("The partnership is changed."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def partnership_move(request, public_id, action):
    shown = kept(request, public_id)
    if action not in [move.action for move in PARTNERSHIP_MOVES]:
        raise Http404
    move = find(PARTNERSHIP_MOVES, action)
    require(request.user, move.right)
    if shown.state not in move.sources:
        messages.warning(request, _("This step can't be made in the state “%(state)s”.") % {"state": _state(shown)})
        return redirect(_page(shown))
    # a step that asks for nothing is a click on the page; the form below only confirms it
    form = forms.StepForm(request.POST if request.method == "POST" else None, partnership=shown, move=move)
    return form_of(
        request,
        shown,
        form,
        lambda **data: services.step(shown, action, by=request.user, **data),
        title=move.label,
        button=move.label,
        done=_("The state of the partnership is changed."),
        note=_missing_words(shown, move, form),
    )


def _missing_words(shown, move, form):
    missing = [name for name in move.needs if name not in form.fields and not getattr(shown, name)]
    labels = ", ".join(str(shown._meta.get_field(name).verbose_name) for name in missing)
    return _("Fill in first: %(fields)s.") % {"fields": labels} if missing else ""


def _state(shown):
    return shown.get_state_display()


@write
@requires(Right.KEEP_PARTNERSHIPS)
def area_new(request, public_id):
    shown = kept(request, public_id)
    text = " ".join(request.GET.get("q", "")[:100].split())
    found = queries.places(text) if text else []
    form = forms.AreaForm(request.POST or None, found=found)
    search = {
        "title": _("Where does the partnership work?"),
        "hint": _("Part of the name of a commune or county"),
        "q": text,
        "found": found,
    }
    return form_of(
        request,
        shown,
        form,
        lambda **data: services.add_area(shown, by=request.user, **data),
        title=_("Add an area"),
        done=_("The area is added."),
        search=search,
    )


@require_POST
@requires(Right.KEEP_PARTNERSHIPS)
def area_remove(request, public_id, pk):
    shown = kept(request, public_id)
    area = get_object_or_404(shown.areas, pk=pk)
    services.remove_area(area, by=request.user)
    messages.success(request, _("The area is removed."))
    return redirect(_page(shown))


# Members


@write
@requires(Right.KEEP_PARTNERSHIPS)
def member_new(request, public_id):
    shown = kept(request, public_id)
    seen = register.visible_organisations(request.user)
    search = search_of(request, seen, register.matching_organisations, _("Which organisation joins?"))
    search["hint"], search["add"] = _("Part of the name, NIP, REGON or KRS"), reverse("register:organisation-new")
    form = forms.MemberForm(request.POST or None, rows=seen, found=search["found"], initial={"valid_from": today()})
    return form_of(
        request,
        shown,
        form,
        lambda **data: services.add_member(shown, by=request.user, **data),
        title=_("Add a member"),
        done=_("The member is added."),
        search=search,
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def member_edit(request, public_id, pk):
    shown, member = _member(request, public_id, pk)
    form = forms.ChangeMemberForm(request.POST or None, membership=member)
    return form_of(
        request,
        shown,
        form,
        lambda **data: services.change_member(member, by=request.user, **data),
        title=_("Change the membership of %(member)s") % {"member": member.organisation},
        done=_("The membership is changed."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def member_end(request, public_id, pk):
    shown, member = _member(request, public_id, pk)
    left_open = list(commitments.open_of(member))
    form = forms.EndMemberForm(request.POST or None, initial={"valid_to": today()})
    return form_of(
        request,
        shown,
        form,
        lambda **data: services.end_member(member, by=request.user, **data),
        title=_("End the membership of %(member)s") % {"member": member.organisation},
        done=_("The end is noted."),
        note=_open_words(left_open),
    )


def _open_words(left_open):
    """What the member promised and has not done: it stays on the list, so somebody has to settle it."""
    words = "; ".join(f"{row} ({date_short(row.due_on)})" for row in left_open)
    return (
        _("This member has open commitments: %(list)s. Settle them, or they stay open.") % {"list": words}
        if words
        else ""
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def representative_new(request, public_id, pk):
    shown, member = _member(request, public_id, pk)
    seen = register.visible_people(request.user)
    search = search_of(request, seen, register.matching_people, _("Who represents the member?"))
    search["hint"], search["add"] = _("Part of the name, phone or e-mail"), reverse("register:person-new")
    initial = {"valid_from": max(today(), member.valid_from)}
    form = forms.RepresentativeForm(request.POST or None, rows=seen, found=search["found"], initial=initial)
    return form_of(
        request,
        shown,
        form,
        lambda **data: services.add_representative(member, by=request.user, **data),
        title=_("Add a representative of %(member)s") % {"member": member.organisation},
        done=_("The representative is added."),
        search=search,
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def representative_end(request, public_id, pk):
    shown = kept(request, public_id)
    rows = Representative.objects.filter(membership__partnership=shown, valid_to=None)
    person = get_object_or_404(rows.select_related("membership__partnership", "person"), pk=pk)
    return form_of(
        request,
        shown,
        EndForm(request.POST or None, initial={"valid_to": today()}),
        lambda **data: services.end_representative(person, by=request.user, **data),
        title=_("%(person)s no longer represents the member") % {"person": person},
        done=_("The end is noted."),
    )


# Views across partnerships


@read
@requires(Right.VIEW_PARTNERSHIPS)
def competences(request):
    """A matrix of competences and partners: who can do what, where."""
    form = forms.CompetenceFilter(request.GET)
    form.is_valid()
    said = _said(form)
    rows = queries.who_brings(request.user, **said)
    columns = sorted({c for row in rows for c in row["brings"].values()}, key=lambda c: str(c))
    if said["competence"]:
        columns = [c for c in columns if str(c.pk) == said["competence"]]
    context = {"form": form, "rows": rows, "columns": columns}
    return render(request, "partners/competences.html", context)


@read
@requires(Right.VIEW_PARTNERSHIPS)
def picture(request):
    """Who works with whom: a picture, and the same as a table."""
    ties = queries.ties(request.user)
    return render(request, "partners/network.html", {"picture": network.draw(ties), "rows": network.table(ties)})


# Panels


def panel(user, organisation):
    """On the page of an organisation: the partnerships that it is in or was in."""
    if not user.has_right(Right.VIEW_PARTNERSHIPS):
        return None
    rows = list(queries.of_organisation(user, organisation))
    for row in rows:
        row.now = row.valid_from <= today() and (row.valid_to is None or row.valid_to > today())
    return {"memberships": rows}


def case_panel(user, case):
    """On the page of a case: the partnerships of the client, None where there are none."""
    if case.organisation is None:
        return None
    shown = panel(user, case.organisation)
    return shown if shown and shown["memberships"] else None


# Parts


def _found(request, public_id):
    return get_object_or_404(queries.visible_partnerships(request.user), public_id=public_id)


def kept(request, public_id):
    shown = _found(request, public_id)
    if not queries.may_keep(request.user, shown):
        raise PermissionDenied(_("A partnership is kept by its own unit."))
    return shown


def _member(request, public_id, pk):
    shown = kept(request, public_id)
    rows = Membership.objects.filter(partnership=shown, valid_to=None)
    return shown, get_object_or_404(rows.select_related("organisation", "partnership"), pk=pk)


def _crumbs(*more):
    return [(_("Partnerships"), reverse("partners:list")), *more]


def _page(shown):
    return reverse("partners:partnership", args=[shown.public_id])


def form_of(request, shown, form, save, **words):
    back = _page(shown)
    return form_page(request, form, save, back=back, crumbs=_crumbs((shown.name, back)), **words)
