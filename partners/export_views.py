"""Pages on which files of partnerships leave the house; the journal keeps who took them and what for."""

from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.kit import exports
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import requires
from partners import export_forms
from partners.profiles import Scope, Since
from partners.views import kept

write = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.KEEP_PARTNERSHIPS)
def files(request, public_id):
    shown = kept(request, public_id)
    form = export_forms.FilesForm(request.POST or None, profiles=exports.profiles("partnership"))
    if form.is_valid():
        said = form.cleaned_data
        return _download(request, said["profile"], Scope(shown), said["day"], said["reason"])
    back = reverse("partners:partnership", args=[shown.public_id])
    return _page(request, form, _("Files of the partnership"), back, (shown.name, back))


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.KEEP_PARTNERSHIPS)
def report(request):
    form = export_forms.ReportForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        return _download(request, "partnerships_report", Since(said["first"]), said["day"], said["reason"])
    return _page(request, form, _("Report for ROPS"), reverse("partners:list"))


def _download(request, name, scope, day, reason):
    made = exports.export(exports.find(name), project=scope, day=day, by=request.user, reason=reason)
    file_name = made.record.file_name
    return FileResponse(made.file, as_attachment=True, filename=file_name, content_type="text/csv; charset=utf-8")


def _page(request, form, title, back, *crumbs):
    context = {"form": form, "title": title, "back": back, "button": _("Export the file")}
    return render(
        request,
        "register/one_form.html",
        context | {"crumbs": [(_("Partnerships"), reverse("partners:list")), *crumbs]},
    )
