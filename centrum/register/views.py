"""Lists, pages and forms of organisations and people; openings of protected data."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import lists, registry
from centrum.kit.identifiers import format_nip
from centrum.kit.lists import Order
from centrum.kit.polish import date_short
from centrum.kit.search import MATCHES
from centrum.kit.transitions import Refused
from centrum.register import at_risk, queries, services
from centrum.register.enums import NOT_PES, Citizenship, Education
from centrum.register.forms import (
    OrganisationFilter,
    OrganisationForm,
    PersonFilter,
    PersonForm,
    ReasonForm,
    SensitiveForm,
    ShareForm,
)
from centrum.register.models import Organisation, Person, PersonSensitive
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import require, requires

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"name": Order("sort"), "-name": Order("sort", descending=True), "newest": Order("pk", descending=True)}


@read
@requires(Right.VIEW_CLIENTS)
def organisations(request):
    rows = queries.visible_organisations(request.user)
    return _list(request, OrganisationFilter(request.GET, rows, user=request.user), "register/organisations.html")


@read
@requires(Right.VIEW_CLIENTS)
def people(request):
    rows = queries.visible_people(request.user)
    return _list(request, PersonFilter(request.GET, rows, user=request.user), "register/people.html")


def _list(request, filters, template):
    rows = filters.qs  # searches, and so knows how many there are
    page = lists.page(request, rows, orders=ORDERS, default="name", count=filters.found)
    return render(
        request,
        template,
        {
            "page": page,
            "filters": filters,
            "most": MATCHES if filters.partial else None,
            "may_add": request.user.has_right(Right.EDIT_CLIENTS),
        },
    )


@read
@requires(Right.VIEW_CLIENTS)
def organisation(request, public_id):
    joined = _joined(Organisation, queries.visible_organisations(request.user), public_id)
    if joined:
        return redirect("register:organisation", joined.public_id)
    organisation = _organisation(request, public_id)
    facts = [
        {"label": _("PES type"), "value": organisation.get_pes_type_display()},
        {"label": _("Legal form"), "value": organisation.get_legal_form_display()},
        {"label": "NIP", "value": format_nip(organisation.nip)},
        {"label": "REGON", "value": organisation.regon},
        {"label": "KRS", "value": organisation.krs},
        {"label": _("Commune"), "value": organisation.commune},
    ]
    return render(
        request,
        "register/organisation.html",
        {"organisation": organisation, "facts": facts, "is_pes": organisation.pes_type not in NOT_PES}
        | _client_page(request, "organisation", organisation),
    )


@read
@requires(Right.VIEW_CLIENTS)
def person(request, public_id):
    joined = _joined(Person, queries.visible_people(request.user), public_id)
    if joined:
        return redirect("register:person", joined.public_id)
    person = _person(request, public_id)
    facts = [
        {"label": _("Date of birth"), "value": person.birth_date and date_short(person.birth_date)},
        {"label": _("Sex"), "value": person.get_sex_display()},
        {"label": _("Citizenship"), "value": dict(Citizenship.choices).get(person.citizenship)},
        {"label": _("Education"), "value": dict(Education.choices).get(person.education)},
        {"label": _("Commune"), "value": person.commune},
    ]
    return render(
        request,
        "register/person.html",
        {
            "person": person,
            "facts": facts,
            "identifier": queries.masked_identifier(person),
            "may_reveal_identifier": request.user.has_right(Right.REVEAL_IDENTIFIER),
            "may_see_sensitive": _may_any(request.user, Right.EDIT_CLIENTS, Right.REVEAL_SENSITIVE),
        }
        | _client_page(request, "person", person),
    )


def _client_page(request, place, client):
    """What the pages of both kinds of client share: panels of the upper rooms, units, what the user may do."""
    return {
        "client": client,
        "panels": registry.panels(place, request.user, client),
        "units": client.units.all(),
        "share": ShareForm(client=client) if _may_share(request.user) else None,
        "may_edit": request.user.has_right(Right.EDIT_CLIENTS),
    }


@write
@requires(Right.EDIT_CLIENTS)
def organisation_new(request):
    form = OrganisationForm(request.POST or None)
    similar = []
    if form.is_valid():
        data = form.cleaned_data
        similar = queries.similar_organisations(
            name=data["name"], nip=data["nip"], krs=data["krs"], email=data["email"]
        )
        if not similar or "anyway" in request.POST:
            made = _saved(
                form, services.create_organisation, by=request.user, unit=request.user.unit, **form.cleaned_data
            )
            if made:
                messages.success(request, _("The organisation is in the register."))
                return redirect("register:organisation", made.public_id)
    seen = queries.visible_organisations(request.user)
    return render(
        request,
        "register/organisation_form.html",
        {"form": form, "similar_url": reverse("register:organisations-similar")} | _similar(similar, seen),
    )


@write
@requires(Right.EDIT_CLIENTS)
def organisation_edit(request, public_id):
    organisation = _organisation(request, public_id)
    form = OrganisationForm(request.POST or None, instance=organisation)
    if form.is_valid() and _saved(
        form, services.update_organisation, organisation, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return redirect("register:organisation", public_id)
    return render(request, "register/organisation_form.html", {"form": form, "organisation": organisation})


@write
@requires(Right.EDIT_CLIENTS)
def person_new(request):
    form = PersonForm(request.POST or None)
    similar = []
    if form.is_valid():
        data = form.cleaned_data
        similar = queries.similar_people(
            first_name=data["first_name"],
            last_name=data["last_name"],
            email=data["email"],
            phone=data["phone"],
            pesel=data["identifier"],
        )
        if not similar or "anyway" in request.POST:
            made = _saved(form, services.create_person, by=request.user, unit=request.user.unit, **form.values())
            if made:
                messages.success(request, _("The person is in the register."))
                return redirect("register:person", made.public_id)
    seen = queries.visible_people(request.user)
    return render(
        request,
        "register/person_form.html",
        {"form": form, "similar_url": reverse("register:people-similar")} | _similar(similar, seen),
    )


@write
@requires(Right.EDIT_CLIENTS)
def person_edit(request, public_id):
    person = _person(request, public_id)
    form = PersonForm(request.POST or None, instance=person)
    if form.is_valid() and _saved(form, services.update_person, person, by=request.user, **form.values()):
        messages.success(request, _("Saved."))
        return redirect("register:person", public_id)
    return render(request, "register/person_form.html", {"form": form, "person": person})


def _similar(similar, visible):
    """Similar records: those that the user sees, and how many other units have."""
    seen = set(visible.filter(pk__in=[record.pk for record in similar]).values_list("pk", flat=True)) if similar else ()
    shown = [record for record in similar if record.pk in seen]
    return {"similar": shown, "similar_elsewhere": len(similar) - len(shown)}


def _saved(form, service, *args, **values):
    """What `service` returns, None after its refusal has become errors of `form`."""
    try:
        return service(*args, **values)
    except Refused as refusal:
        form.add_error(None, refusal)
        return None


@never_cache
@write
@requires(Right.REVEAL_IDENTIFIER)
@needs_fresh_sign_in
def person_identifier(request, public_id):
    """Shows the number once, in answer to the POST that gives the reason."""
    person = _person(request, public_id)
    form = ReasonForm(request.POST or None)
    number = None
    if form.is_valid():
        number = _saved(form, services.reveal_identifier, person, by=request.user, **form.cleaned_data)
    return render(request, "register/person_identifier.html", {"person": person, "form": form, "number": number})


@never_cache
@write
@needs_fresh_sign_in
def person_sensitive(request, public_id):
    """Which questions were answered; the answers themselves once, in answer to the POST that gives the reason."""
    if not _may_any(request.user, Right.EDIT_CLIENTS, Right.REVEAL_SENSITIVE) or request.method == "POST":
        require(request.user, Right.REVEAL_SENSITIVE)
    person = _person(request, public_id)
    form = ReasonForm(request.POST or None)
    opened = proofs = None
    if form.is_valid():
        opened, proofs = _saved(form, at_risk.reveal, person, by=request.user, **form.cleaned_data) or (None, None)
    known = opened or PersonSensitive.objects.filter(person=person).first() or PersonSensitive(person=person)
    answers = [
        {
            "label": PersonSensitive._meta.get_field(name).verbose_name,
            "answered": bool(getattr(known, name)),
            "answer": getattr(known, f"get_{name}_display")() if opened else None,
        }
        for name in services.SENSITIVE_FIELDS
    ]
    return render(
        request,
        "register/person_sensitive.html",
        {
            "person": person,
            "form": form,
            "answers": answers,
            "opened": opened,
            "proofs": proofs,
            "may_reveal": request.user.has_right(Right.REVEAL_SENSITIVE),
            "may_edit": request.user.has_right(Right.EDIT_CLIENTS),
        },
    )


@write
@requires(Right.EDIT_CLIENTS)
def person_sensitive_edit(request, public_id):
    person = _person(request, public_id)
    form = SensitiveForm(request.POST or None)
    if form.is_valid():
        services.save_sensitive(person, by=request.user, **form.values())
        messages.success(request, _("The answers are saved."))
        return redirect("register:person-sensitive", public_id)
    return render(request, "register/person_sensitive_form.html", {"person": person, "form": form})


@require_http_methods(["POST"])
@requires(Right.DECIDE)
def organisation_share(request, public_id):
    return _share(request, _organisation(request, public_id), "register:organisation")


@require_http_methods(["POST"])
@requires(Right.DECIDE)
def person_share(request, public_id):
    return _share(request, _person(request, public_id), "register:person")


def _share(request, client, page):
    if not _may_share(request.user):
        raise PermissionDenied(_("Clients are shared between units by the coordinators of the lead."))
    form = ShareForm(request.POST, client=client)
    if form.is_valid():
        services.share(client, unit=form.cleaned_data["unit"])
        messages.success(request, _("The unit %(unit)s now sees this client.") % form.cleaned_data)
    else:
        messages.error(request, _("Choose a unit that does not serve this client yet."))
    return redirect(page, client.public_id)


def _may_share(user):
    return user.sees_all_units and user.has_right(Right.DECIDE)


def _may_any(user, *rights):
    return any(user.has_right(right) for right in rights)


def _joined(model, visible, public_id):
    """The record into which the one of an old address was merged, if the user sees it."""
    gone = model.objects.filter(public_id=public_id, merged_into__isnull=False).values("merged_into")
    return visible.filter(pk__in=gone).first()


def _organisation(request, public_id):
    found = queries.visible_organisations(request.user).select_related("commune")
    return get_object_or_404(found, public_id=public_id)


def _person(request, public_id):
    return get_object_or_404(queries.visible_people(request.user).select_related("commune"), public_id=public_id)
