"""Contracts of trainers, rates of rooms, and the workload of a month."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import costs, people
from trainings import workload as loads
from trainings.cost_forms import ContractForm, MonthForm, RateForm
from trainings.models import Room

write = require_http_methods(["GET", "HEAD", "POST"])


@write
@requires(Right.KEEP_TRAININGS)
def contract_new(request, pk):
    trainer = _trainer(request, pk)
    return _contract(
        request,
        trainer,
        ContractForm(request.POST or None),
        lambda **said: costs.save_contract(trainer, by=request.user, **said),
        title=_("Add a contract: %(trainer)s") % {"trainer": trainer},
        done=_("The contract is noted."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def contract_edit(request, pk, contract):
    trainer = _trainer(request, pk)
    row = get_object_or_404(trainer.contracts, pk=contract)
    return _contract(
        request,
        trainer,
        ContractForm(request.POST or None, row=row),
        lambda **said: costs.save_contract(trainer, row, by=request.user, **said),
        title=_("Change the contract %(number)s") % {"number": row},
        done=_("The contract is changed."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def rate_new(request, pk, room):
    row = _room(pk, room)
    return _rate(
        request,
        RateForm(request.POST or None),
        lambda **said: costs.save_rate(row, by=request.user, **said),
        title=_("Add a rate: %(room)s") % {"room": row},
        done=_("The rate is noted."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def rate_edit(request, pk, room, rate):
    row = _room(pk, room)
    found = get_object_or_404(row.rates, pk=rate)
    return _rate(
        request,
        RateForm(request.POST or None, row=found),
        lambda **said: costs.save_rate(row, found, by=request.user, **said),
        title=_("Change the rate: %(room)s") % {"room": row},
        done=_("The rate is changed."),
    )


@require_safe
@requires(Right.VIEW_TRAININGS)
def workload(request):
    first = MonthForm(request.GET).first(clock.today())
    context = {
        **loads.month(request.user, first),
        "first": first,
        "before": f"{clock.months_later(first, -1):%Y-%m}",
        "after": f"{clock.months_later(first, 1):%Y-%m}",
    }
    return render(request, "trainings/workload.html", context)


def _trainer(request, pk):
    row = get_object_or_404(people.visible_trainers(request.user), pk=pk)
    if not people.may_keep(request.user, row):
        raise PermissionDenied(_("A trainer is kept by their own unit."))
    return row


def _room(pk, room):
    return get_object_or_404(Room.objects.select_related("venue"), venue=pk, pk=room)


def _contract(request, trainer, form, save, **words):
    back = reverse("trainings:trainer", args=[trainer.pk])
    crumbs = [(_("Trainers"), reverse("trainings:trainers")), (str(trainer), back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)


def _rate(request, form, save, **words):
    back = reverse("trainings:venues")
    crumbs = [(_("Training"), reverse("trainings:list")), (_("Venues"), back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)
