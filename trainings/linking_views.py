"""Linking an enrolment to the register: the person, the organisation, the case."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from centrum.kit.transitions import Refused
from centrum.register import queries as register
from centrum.register.tie_views import search_of
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import enrolments
from trainings.participant_forms import CaseForm, OrganisationForm, PersonForm
from trainings.participant_views import address, kept_row, page_with_form

write = require_http_methods(["GET", "HEAD", "POST"])


@write
@requires(Right.KEEP_TRAININGS)
def person(request, public_id, enrolment):
    """The people who may be meant come first; a search finds any other."""
    row = kept_row(request, public_id, enrolment)
    visible = register.visible_people(request.user)
    search = search_of(request, visible, register.matching_people, _("Which person of the register is it?"))
    search["hint"], search["add"] = _("Part of the name, phone or e-mail"), reverse("register:person-new")
    found = search["found"] if search["q"] else enrolments.suggested_people(request.user, row)
    search["found"] = found
    return page_with_form(
        request,
        row,
        PersonForm(request.POST or None, rows=visible, found=found),
        lambda person: enrolments.link_person(row, by=request.user, person=person),
        title=_("Link %(person)s to the register") % {"person": row},
        done=_("The person of the register is linked."),
        search=search,
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def person_new(request, public_id, enrolment):
    row = kept_row(request, public_id, enrolment)
    return _try(
        request,
        row,
        lambda: enrolments.add_person(row, by=request.user),
        _("%(person)s is in the register now and linked.") % {"person": row},
    )


@write
@requires(Right.KEEP_TRAININGS)
def organisation(request, public_id, enrolment):
    row = kept_row(request, public_id, enrolment)
    visible = register.visible_organisations(request.user)
    search = search_of(request, visible, register.matching_organisations, _("From which organisation is the person?"))
    search["hint"] = _("Part of the name, NIP, REGON or KRS")
    search["add"] = reverse("register:organisation-new")
    found = search["found"] if search["q"] else enrolments.suggested_organisations(request.user, row)
    search["found"] = found
    return page_with_form(
        request,
        row,
        OrganisationForm(request.POST or None, rows=visible, found=found),
        lambda organisation: enrolments.link_organisation(row, by=request.user, organisation=organisation),
        title=_("Link %(person)s to an organisation") % {"person": row},
        done=_("The organisation is linked."),
        search=search,
    )


@write
@requires(Right.KEEP_TRAININGS)
def case(request, public_id, enrolment):
    row = kept_row(request, public_id, enrolment)
    cases = enrolments.open_cases(request.user, row.person, row.organisation).select_related("project")
    nothing = _("There is no open case of this person or organisation that you see.")
    return page_with_form(
        request,
        row,
        CaseForm(request.POST or None, rows=cases, found=list(cases)),
        lambda case: enrolments.link_case(row, by=request.user, case=case),
        title=_("In which case do the hours of %(person)s count?") % {"person": row},
        done=_("The case is linked."),
        note="" if cases else nothing,
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def suggested(request, public_id, enrolment, what, key):
    """One click on what was suggested: a person, organisation or case that the user sees."""
    row = kept_row(request, public_id, enrolment)
    rows = {
        "osoba": (register.visible_people, enrolments.link_person, "person"),
        "organizacja": (register.visible_organisations, enrolments.link_organisation, "organisation"),
    }
    if what not in rows:
        raise Http404
    visible, link, name = rows[what]
    found = get_object_or_404(visible(request.user), public_id=key)
    return _try(request, row, lambda: link(row, by=request.user, **{name: found}), _("%(it)s: linked.") % {"it": found})


@require_POST
@requires(Right.KEEP_TRAININGS)
def unlink(request, public_id, enrolment, what):
    row = kept_row(request, public_id, enrolment)
    names = {"osoba": "person", "organizacja": "organisation", "sprawa": "case"}
    if what not in names:
        raise Http404
    return _try(
        request, row, lambda: enrolments.unlink(row, by=request.user, what=names[what]), _("The link is taken off.")
    )


def _try(request, row, do, done):
    try:
        do()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect(address(row))
