"""The catalogue of programmes in the office."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import programmes, queries
from trainings.enums import EVENT_TAG
from trainings.forms import ProgrammeFilter, ProgrammeForm
from trainings.models import Programme

write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"title": Order("sort"), "-title": Order("sort", descending=True)}
SHOWN = 50


@require_safe
@requires(Right.VIEW_TRAININGS)
def listing(request):
    form = ProgrammeFilter(request.GET)
    form.is_valid()
    rows = programmes.listed(**{name: form.cleaned_data.get(name, "") for name in form.fields})
    page = lists.page(request, rows, orders=ORDERS, default="title")
    context = {"page": page, "form": form, "may_keep": request.user.has_right(Right.KEEP_TRAININGS)}
    return render(request, "trainings/programmes.html", context)


@require_safe
@requires(Right.VIEW_TRAININGS)
def programme(request, pk):
    shown = get_object_or_404(Programme.objects.select_related("service_type"), pk=pk)
    made = list(queries.visible_events(request.user).filter(programme=shown).order_by("-starts_on", "-pk")[:SHOWN])
    for row in made:
        row.tag = EVENT_TAG[row.state]
    context = {"programme": shown, "events": made, "may_keep": request.user.has_right(Right.KEEP_TRAININGS)}
    return render(request, "trainings/programme.html", context)


@write
@requires(Right.KEEP_TRAININGS)
def programme_new(request):
    return _page(
        request,
        ProgrammeForm(request.POST or None),
        lambda **said: programmes.save(by=request.user, **said),
        back=reverse("trainings:programmes"),
        title=_("New programme"),
        done=_("The programme is in the catalogue."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def programme_edit(request, pk):
    shown = get_object_or_404(Programme, pk=pk)
    return _page(
        request,
        ProgrammeForm(request.POST or None, initial={name: getattr(shown, name) for name in programmes.FIELDS}),
        lambda **said: programmes.save(shown, by=request.user, **said),
        back=reverse("trainings:programme", args=[pk]),
        title=_("Change the programme"),
        done=_("The programme is changed. Events that were made of it stay as they are."),
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def programme_offer(request, pk):
    """Offer it no longer, or again: what the button said."""
    shown = get_object_or_404(Programme, pk=pk)
    service = programmes.offer_again if "again" in request.POST else programmes.retire
    try:
        service(shown, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Done."))
    return redirect("trainings:programme", pk)


def _page(request, form, save, **words):
    return form_page(request, form, save, crumbs=[(_("Programmes"), reverse("trainings:programmes"))], **words)
