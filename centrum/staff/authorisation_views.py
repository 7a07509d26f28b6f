"""One's own account; who is authorised to process personal data; who stands in for whom."""

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import lists, registry
from centrum.kit.lists import Order
from centrum.staff import documents, queries, services
from centrum.staff.authorisation_forms import AuthorisationFilter, DelegationForm, EndForm, IssueForm
from centrum.staff.enums import PERIOD_TAG, PeriodState, Right
from centrum.staff.permissions import requires

write = require_http_methods(["GET", "HEAD", "POST"])
NEWEST_FIRST = {"newest": Order("pk", descending=True)}
SHOWN = 20


@require_safe
def account(request):
    """The signed-in user's own papers and stand-ins, and what other parts of the room put here."""
    user = request.user
    own = queries.authorisations().filter(user=user)[:SHOWN]
    context = {
        "authorisations": _tagged(own),
        "panels": registry.panels("account", user, user),
        "facts": [
            {"label": _("E-mail"), "value": user.email},
            {"label": _("Role"), "value": user.get_role_display()},
            {"label": _("Unit"), "value": user.unit},
            {"label": _("Job title"), "value": user.job},
        ],
    }
    return render(request, "staff/account.html", context)


# Authorisations


@require_safe
@requires(Right.VIEW_AUTHORISATIONS)
def authorisations(request):
    """Active accounts that can open nobody's data come first, then every authorisation, the newest first."""
    form = AuthorisationFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = lists.page(
        request,
        queries.filter_authorisations(queries.authorisations(), **chosen),
        orders=NEWEST_FIRST,
        default="newest",
    )
    _tagged(page.rows)
    context = {
        "page": page,
        "filters": form,
        "without": queries.unauthorised(),
        "may_issue": request.user.has_right(Right.ADMINISTER),
    }
    return render(request, "staff/authorisations.html", context)


@write
@requires(Right.ADMINISTER)
def authorisation_new(request):
    initial = {"user": request.GET["user"]} if request.GET.get("user", "").isdecimal() else {}
    form = IssueForm(request.POST or None, by=request.user, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        made = _saved(
            form,
            services.authorise,
            data["user"],
            by=request.user,
            scope=data["scope"],
            valid_from=data["valid_from"],
            valid_to=data["last_day"] and data["last_day"] + datetime.timedelta(days=1),
        )
        if made:
            messages.success(
                request, _("Authorisation %(number)s is issued. Print it to be signed.") % {"number": made}
            )
            return redirect("staff:authorisations")
    return render(request, "staff/authorisation_form.html", {"form": form})


@write
@requires(Right.ADMINISTER)
def authorisation_end(request, pk):
    shown = _authorisation(request, pk)
    form = EndForm(request.POST or None)
    if form.is_valid() and _saved(form, services.end_authorisation, shown, by=request.user, **form.cleaned_data):
        messages.success(request, _("The end of authorisation %(number)s is set.") % {"number": shown})
        return redirect("staff:authorisations")
    return render(request, "staff/authorisation_end.html", {"form": form, "authorisation": shown})


@require_safe
def authorisation_paper(request, pk):
    """The authorisation as PDF, to be signed; everybody may print their own."""
    shown = _authorisation(request, pk)
    name = f"upowaznienie-{shown.number.replace('/', '-')}.pdf"
    return HttpResponse(
        documents.authorisation(shown),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )


def _authorisation(request, pk):
    return get_object_or_404(queries.visible_authorisations(request.user), pk=pk)


# Standing in


@require_safe
def delegations(request):
    """Those that the user may see; who sets them for others sees all."""
    page = lists.page(request, queries.visible_delegations(request.user), orders=NEWEST_FIRST, default="newest")
    for row in _tagged(page.rows):
        open_still = row.state in (PeriodState.IN_FORCE, PeriodState.TO_COME)
        row.may_call_off = open_still and (row.absent_id == request.user.pk or request.user.has_right(Right.DELEGATE))
    return render(request, "staff/delegations.html", {"page": page})


@write
def delegation_new(request):
    user = request.user
    form = DelegationForm(request.POST or None, by=user, for_others=user.has_right(Right.DELEGATE))
    if form.is_valid():
        made = _saved(form, services.delegate, by=user, **{"absent": user, **form.cleaned_data})
        if made:
            messages.success(
                request,
                _("%(deputy)s stands in for %(absent)s.")
                % {
                    "deputy": made.deputy,
                    "absent": made.absent,
                },
            )
            return redirect("staff:delegations")
    return render(request, "staff/delegation_form.html", {"form": form})


@require_POST
def delegation_call_off(request, pk):
    shown = get_object_or_404(queries.visible_delegations(request.user), pk=pk)
    try:
        services.call_off_delegation(shown, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request,
            _("Called off: %(deputy)s no longer stands in for %(absent)s.")
            % {
                "deputy": shown.deputy,
                "absent": shown.absent,
            },
        )
    return redirect("staff:delegations")


def _tagged(rows):
    for row in rows:
        row.tag = PERIOD_TAG[row.state]
    return rows


def _saved(form, service, *args, **values):
    """What `service` returns, None after its refusal has become errors of `form`."""
    try:
        return service(*args, **values)
    except ValidationError as refused:
        errors = refused.message_dict if hasattr(refused, "error_dict") else {None: refused.messages}
        for name, texts in errors.items():
            for text in texts:
                form.add_error(_field(form, name), text)
        return None


def _field(form, name):
    """Where the form asks for the column `name`; None: above the form."""
    asked = {"valid_to": "last_day"}.get(name, name)
    return asked if asked in form.fields else None
