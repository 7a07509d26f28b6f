"""The office's pages of the de minimis aid of one organisation: what room is left, statements, aid noted by hand."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, files
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans.deminimis import forms, panels, queries, register, statements
from loans.enums import AID_TAG
from loans.models import AidGrant, AidStatement

SHOWN = 200  # entries of the organisation, the newest
write = require_http_methods(["GET", "HEAD", "POST"])


def _seen(request, public_id):
    return get_object_or_404(queries.organisations(request.user), public_id=public_id)


@require_safe
@requires(Right.VIEW_LOANS)
def organisation(request, public_id):
    row = _seen(request, public_id)
    grants = AidGrant.objects.filter(organisation=row)
    grants = list(queries.with_names(grants).order_by("-granted_on", "-pk")[:SHOWN])
    for one in grants:
        one.tag = AID_TAG[one.state]
    context = {
        "organisation": row,
        "panel": panels.room_of(request.user, row),
        "grants": grants,
        "statements": list(queries.statements_of(row)),
        "may_keep": request.user.has_right(Right.KEEP_LOANS),
    }
    return render(request, "loans/deminimis/organisation.html", context)


def _form(request, row, form, save, **words):
    back = reverse("loans:aid-of", args=[row.public_id])
    crumbs = [(_("De minimis aid"), reverse("loans:aid")), (row.name, back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)


@write
@requires(Right.KEEP_LOANS)
def note(request, public_id):
    row = _seen(request, public_id)
    return _form(
        request,
        row,
        forms.NoteForm(request.POST or None, initial={"granted_on": clock.today()}),
        lambda **said: register.note(row, by=request.user, **said),
        title=_("Note aid by hand"),
        done=_("The aid is noted. Somebody else has to confirm it."),
    )


@write
@requires(Right.KEEP_LOANS)
def statement_new(request, public_id):
    row = _seen(request, public_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return _form(
        request,
        row,
        forms.StatementForm(*sent),
        lambda **said: statements.keep(row, by=request.user, **said),
        title=_("What the applicant or SUDOP says"),
        done=_("The statement is kept and counts from now on."),
    )


@never_cache
@require_safe
@requires(Right.VIEW_LOANS)
def statement_file(request, public_id, pk):
    rows = AidStatement.objects.filter(organisation=_seen(request, public_id)).exclude(file=None)
    return files.send(get_object_or_404(rows.select_related("file"), pk=pk).file)
