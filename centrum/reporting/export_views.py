"""The page on which files leave the house, and the list of those that did."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.kit import exports, lists
from centrum.kit.models import ExportRecord
from centrum.reporting.export_forms import ExportForm
from centrum.reporting.queries import visible_projects
from centrum.staff.fresh import needs_fresh_sign_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_fresh_sign_in
def export_page(request):
    """Ask which file, of what project and day, and why; answer with the file, or with what keeps it back."""
    user = request.user
    allowed = [profile for profile in exports.profiles() if user.has_right(profile.right)]
    if not allowed:
        raise PermissionDenied(_("Your role does not include exporting files."))
    choice = {"profiles": allowed, "projects": visible_projects(user)}
    unsafe = None
    if request.method == "POST":
        form = ExportForm(request.POST, **choice)
        if form.is_valid():
            try:
                return _download(form.cleaned_data, by=user)
            except exports.Unsafe as refusal:
                unsafe = refusal.cells
        elif form.has_error("project", "invalid_choice"):
            raise Http404
        elif form.has_error("profile", "invalid_choice"):
            if exports.find(request.POST["profile"]) is None:
                raise Http404
            raise PermissionDenied(_("Your role does not include exporting this file."))
    else:
        form = ExportForm(
            initial={name: request.GET[name] for name in ("profile", "project") if name in request.GET}, **choice
        )
    context = {"form": form, "unsafe": unsafe, "shown_faults": exports.SHOWN_FAULTS, "page": _records(request, allowed)}
    return render(request, "reporting/export.html", context, status=422 if unsafe else 200)


def _download(asked, *, by):
    made = exports.export(
        exports.find(asked["profile"]), project=asked["project"], day=asked["day"], by=by, reason=asked["reason"]
    )
    return FileResponse(
        made.file, as_attachment=True, filename=made.record.file_name, content_type="text/csv; charset=utf-8"
    )


def _records(request, allowed):
    """Files of these kinds that left from the projects in which the user works, the newest first."""
    records = ExportRecord.objects.select_related("by").filter(
        profile__in=[profile.name for profile in allowed],
        scope__in=visible_projects(request.user).values("number"),
    )
    page = lists.page(request, records, orders={"new": lists.Order("pk", descending=True)}, default="new")
    labels = {profile.name: profile.label for profile in allowed}
    for record in page.rows:
        record.profile_label = labels[record.profile]
    return page
