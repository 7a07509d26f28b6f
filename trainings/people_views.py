"""Trainers, and venues with their rooms, in the office."""

import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import costs, people
from trainings.forms import RoomForm, TrainerFilter, TrainerForm, VenueForm
from trainings.models import Venue

write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"name": Order("sort"), "-name": Order("sort", descending=True)}
TRAINER = ("first_name", "last_name", "email", "phone", "subjects")
VENUE = ("name", "address", "commune", "access")
SHOWN = 50


@require_safe
@requires(Right.VIEW_TRAININGS)
def trainers(request):
    form = TrainerFilter(request.GET)
    form.is_valid()
    page = lists.page(request, people.listed(request.user, **form.cleaned_data), orders=ORDERS, default="name")
    context = {"page": page, "form": form, "may_keep": request.user.has_right(Right.KEEP_TRAININGS)}
    return render(request, "trainings/trainers.html", context)


@require_safe
@requires(Right.VIEW_TRAININGS)
def trainer(request, pk):
    shown = get_object_or_404(people.visible_trainers(request.user), pk=pk)
    contracts = list(shown.contracts.all())
    for row, spent in costs.used_minutes(contracts).items():
        row.minutes, row.last_day = spent, row.valid_to and row.valid_to - datetime.timedelta(days=1)
    context = {
        "trainer": shown,
        "contracts": contracts,
        "sessions": people.sessions_of(request.user, shown)[:SHOWN],
        "may_keep": people.may_keep(request.user, shown),
    }
    return render(request, "trainings/trainer.html", context)


@write
@requires(Right.KEEP_TRAININGS)
def trainer_new(request):
    return _page(
        request,
        TrainerForm(request.POST or None),
        lambda **said: people.save_trainer(by=request.user, **said),
        back=reverse("trainings:trainers"),
        crumb=(_("Trainers"), reverse("trainings:trainers")),
        title=_("New trainer"),
        done=_("The trainer is noted."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def trainer_edit(request, pk):
    shown = get_object_or_404(people.visible_trainers(request.user), pk=pk)
    if not people.may_keep(request.user, shown):
        raise PermissionDenied(_("A trainer is kept by their own unit."))
    initial = {name: getattr(shown, name) for name in TRAINER} | {"retired": shown.retired_on is not None}
    return _page(
        request,
        TrainerForm(request.POST or None, initial=initial),
        lambda **said: people.save_trainer(shown, by=request.user, **said),
        back=reverse("trainings:trainer", args=[pk]),
        crumb=(_("Trainers"), reverse("trainings:trainers")),
        title=_("Change the trainer"),
        done=_("The trainer is changed."),
    )


@require_safe
@requires(Right.VIEW_TRAININGS)
def venues(request):
    context = {"venues": people.venues(), "may_keep": request.user.has_right(Right.KEEP_TRAININGS)}
    return render(request, "trainings/venues.html", context)


@write
@requires(Right.KEEP_TRAININGS)
def venue_new(request):
    return _venue_page(
        request,
        VenueForm(request.POST or None),
        lambda **said: people.save_venue(by=request.user, **said),
        title=_("New venue"),
        done=_("The venue is noted. Add its rooms."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def venue_edit(request, pk):
    shown = get_object_or_404(Venue, pk=pk)
    initial = {name: getattr(shown, name) for name in VENUE} | {"retired": shown.retired_on is not None}
    return _venue_page(
        request,
        VenueForm(request.POST or None, initial=initial),
        lambda **said: people.save_venue(shown, by=request.user, **said),
        title=_("Change the venue"),
        done=_("The venue is changed."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def room_new(request, pk):
    venue = get_object_or_404(Venue, pk=pk)
    return _venue_page(
        request,
        RoomForm(request.POST or None),
        lambda **said: people.save_room(venue, by=request.user, **said),
        title=_("Add a room: %(venue)s") % {"venue": venue},
        done=_("The room is added."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def room_edit(request, pk, room):
    venue = get_object_or_404(Venue, pk=pk)
    shown = get_object_or_404(venue.rooms, pk=room)
    return _venue_page(
        request,
        RoomForm(request.POST or None, initial={"name": shown.name, "seats": shown.seats}),
        lambda **said: people.save_room(venue, shown, by=request.user, **said),
        title=_("Change the room: %(room)s") % {"room": shown},
        done=_("The room is changed."),
    )


def _venue_page(request, form, save, **words):
    back = reverse("trainings:venues")
    return _page(request, form, save, back=back, crumb=(_("Venues"), back), **words)


def _page(request, form, save, *, crumb, **words):
    crumbs = [(_("Training"), reverse("trainings:list")), crumb]
    return form_page(request, form, save, crumbs=crumbs, **words)
