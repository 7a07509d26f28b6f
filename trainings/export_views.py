"""Pages on which files of training events leave the house; the journal keeps who took them and what for."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.kit import exports
from centrum.kit.exports import Since
from centrum.register.file_forms import FilesForm, ReportForm
from centrum.register.file_views import download
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import requires
from trainings.event_profiles import Scope
from trainings.pages import kept

write = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.KEEP_TRAININGS)
def report(request):
    """Files over the events of a period."""
    profiles = [*exports.profiles("trainings"), *exports.profiles("training_costs")]
    return _report(request, ReportForm(request.POST or None, profiles=profiles), _("Files of training events"))


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.PAY_TRAININGS)
def cost_report(request):
    """The file of costs alone, for those who pay."""
    profiles = exports.profiles("training_costs")
    return _report(request, ReportForm(request.POST or None, profiles=profiles), _("File of the costs of training"))


def _report(request, form, title):
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, said["profile"], Since(said["first"]), said["day"], said["reason"])
    return _page(request, form, title, reverse("trainings:list"))


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.KEEP_TRAININGS)
def files(request, public_id):
    """Files of one event."""
    event = kept(request, public_id)
    form = FilesForm(request.POST or None, profiles=exports.profiles("training"))
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, said["profile"], Scope(event), said["day"], said["reason"])
    back = reverse("trainings:event", args=[event.public_id])
    return _page(request, form, _("Files of the event"), back, (event.title, back))


def _page(request, form, title, back, *crumbs):
    context = {"form": form, "title": title, "back": back, "button": _("Export the file")}
    crumbs = [(_("Training"), reverse("trainings:list")), *crumbs]
    return render(request, "register/one_form.html", context | {"crumbs": crumbs})
