"""Pages of the files of an application: the applicant adds and removes them, the office opens them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from centrum.intake import access, attachments, completion, completion_views, links, queries
from centrum.intake.enums import EDITABLE
from centrum.intake.forms import AttachForm
from centrum.intake.status_views import pdf_copy
from centrum.intake.views import draft_context
from centrum.kit import files
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

# The applicant


@access.public("GET", "HEAD", "POST")
def attach(request, public_id):
    """One form a rule: what is there, and room for more."""
    draft = access.to_edit(request, public_id)
    if draft.state not in EDITABLE:
        return access.too_late(request, draft)
    if completion.is_late(draft):
        return completion_views.late(request, draft)
    rules = attachments.open_rules(draft)
    if not rules:
        raise Http404
    sent = None
    if request.method == "POST":
        rule = attachments.rule_of(draft, request.POST.get("rule", ""))
        sent = AttachForm(request.POST, request.FILES, rule=rule)
        if sent.is_valid():
            try:
                attachments.add(draft, rule=rule, uploads=sent.cleaned_data["file"])
            except Stale:
                return access.too_late(request, draft)
            except ValidationError as error:
                sent.add_error("file", error.messages)
            else:
                messages.success(request, _("The file is saved."))
                return redirect("intake:attach", public_id)
    rows = [row for row in attachments.by_rule(draft) if row["rule"] in rules]
    for row in rows:
        row["form"] = sent if sent and sent.rule == row["rule"] else AttachForm(rule=row["rule"])
    context = {**draft_context(draft, "attach"), "rows": rows, "form": sent}
    return render(request, "intake/attach.html", context)


def _file(application, file_id):
    return get_object_or_404(attachments.of(application), file__public_id=file_id)


@access.public("POST")
def detach(request, public_id, file_id):
    draft = access.to_edit(request, public_id)
    if draft.state not in EDITABLE:
        return access.too_late(request, draft)
    attachment = _file(draft, file_id)
    try:
        attachments.remove(attachment)
    except Stale:
        return access.too_late(request, draft)
    except Refused as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The file is removed."))
    return redirect("intake:attach", public_id)


@access.public("GET", "HEAD")
def own_file(request, public_id, file_id):
    """A file, for the browser that may edit the application it belongs to."""
    return files.send(_file(access.to_edit(request, public_id), file_id).file)


# The office


def _visible(request, public_id):
    return get_object_or_404(queries.visible_applications(request.user), public_id=public_id)


@requires(Right.VIEW_CLIENTS)
@never_cache
@require_safe
def office_file(request, public_id, file_id):
    return files.send(_file(_visible(request, public_id), file_id).file)


@requires(Right.VIEW_CLIENTS)
@never_cache
@require_safe
def office_copy(request, public_id):
    """The application as PDF."""
    return pdf_copy(_visible(request, public_id))


@requires(Right.EDIT_CLIENTS)
@require_POST
def close_links(request, public_id):
    """Close every secret link of the application."""
    application = _visible(request, public_id)
    links.close(application, by=request.user)
    messages.success(request, _("All links to this application are closed."))
    return redirect("inbox:application", public_id)
