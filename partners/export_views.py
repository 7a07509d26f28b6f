"""Pages on which files of partnerships leave the house; the journal keeps who took them and what for."""

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
from partners.profiles import Scope
from partners.views import kept

write = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.KEEP_PARTNERSHIPS)
def files(request, public_id):
    shown = kept(request, public_id)
    form = FilesForm(request.POST or None, profiles=exports.profiles("partnership"))
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, said["profile"], Scope(shown), said["day"], said["reason"])
    back = reverse("partners:partnership", args=[shown.public_id])
    return _page(request, form, _("Files of the partnership"), back, (shown.name, back))


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.KEEP_PARTNERSHIPS)
def report(request):
    form = ReportForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, "partnerships_report", Since(said["first"]), said["day"], said["reason"])
    return _page(request, form, _("Report for ROPS"), reverse("partners:list"))


def _page(request, form, title, back, *crumbs):
    context = {"form": form, "title": title, "back": back, "button": _("Export the file")}
    return render(
        request,
        "register/one_form.html",
        context | {"crumbs": [(_("Partnerships"), reverse("partners:list")), *crumbs]},
    )
