"""Samples for auditors: the list, a new one, and its people."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.search import is_searchable
from centrum.register import audits, queries
from centrum.register.audit_forms import ChangeSampleForm, NumbersForm, PersonSearchForm, SampleForm
from centrum.staff.enums import PERIOD_TAG, Right
from centrum.staff.permissions import requires

NEWEST_FIRST = {"newest": Order("pk", descending=True)}
FOUND = 20
write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Right.KEEP_SAMPLES)
def samples(request):
    rows = audits.visible_samples(request.user).annotate(size=Count("people"))
    page = lists.page(request, rows, orders=NEWEST_FIRST, default="newest")
    for row in page.rows:
        row.tag = PERIOD_TAG[row.state]
    return render(request, "register/audit_samples.html", {"page": page})


@write
@requires(Right.KEEP_SAMPLES)
def sample_new(request):
    form = SampleForm(request.POST or None)
    if form.is_valid():
        data = dict(form.cleaned_data)
        people, unknown = audits.people_of_numbers(request.user, data.pop("numbers"))
        if unknown:
            form.add_error("numbers", _unknown(unknown))
        else:
            made = _saved(form, audits.make_sample, by=request.user, people=people, **data)
            if made:
                messages.success(request, _("The sample is made. Add people, or look whom it holds."))
                return redirect("register:audit-sample", made.pk)
    return render(request, "register/audit_sample_form.html", {"form": form})


@require_safe
@requires(Right.KEEP_SAMPLES)
def sample(request, pk):
    return _sample_page(request, _sample(request, pk))


@write
@requires(Right.KEEP_SAMPLES)
def sample_edit(request, pk):
    shown = _sample(request, pk)
    initial = {"purpose": shown.purpose, "first_day": shown.valid_from, "last_day": shown.last_day}
    form = ChangeSampleForm(request.POST or None, initial=initial)
    if form.is_valid() and _saved(form, audits.change_sample, shown, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("register:audit-sample", pk)
    return render(request, "register/audit_sample_form.html", {"form": form, "sample": shown})


@require_POST
@requires(Right.KEEP_SAMPLES)
def sample_numbers(request, pk):
    """Add the people of the cases and applications whose numbers were pasted."""
    shown = _sample(request, pk)
    form = NumbersForm(request.POST)
    if form.is_valid():
        people, unknown = audits.people_of_numbers(request.user, form.cleaned_data["numbers"])
        if unknown:
            form.add_error("numbers", _unknown(unknown))
        elif _saved(form, audits.change_sample, shown, by=request.user, add=people):
            count = ngettext("%(count)d person is added.", "%(count)d people are added.", len(people))
            messages.success(request, count % {"count": len(people)})
            return redirect("register:audit-sample", pk)
    return _sample_page(request, shown, numbers=form)


@require_POST
@requires(Right.KEEP_SAMPLES)
def sample_person(request, pk):
    """Add or take out one person."""
    shown = _sample(request, pk)
    person = get_object_or_404(queries.visible_people(request.user), public_id=_uuid(request.POST.get("person")))
    change = {"remove" if "remove" in request.POST else "add": [person.pk]}
    audits.change_sample(shown, by=request.user, **change)
    messages.success(request, _("Saved."))
    return redirect("register:audit-sample", pk)


def _sample_page(request, shown, numbers=None):
    search = PersonSearchForm(request.GET)
    text = search.cleaned_data["q"].strip() if search.is_valid() else ""
    found = []
    if is_searchable(text):
        rows, *_rest = queries.matching_people(queries.visible_people(request.user), text)
        found = rows.exclude(audit_samples=shown).order_by("sort", "id")[:FOUND]
    page = lists.page(request, shown.people.all(), orders={"name": Order("sort")}, default="name")
    shown.tag = PERIOD_TAG[shown.state]
    context = {
        "sample": shown,
        "page": page,
        "search": search,
        "searched": bool(text),
        "found": found,
        "numbers": numbers or NumbersForm(),
        "form": numbers,
    }
    return render(request, "register/audit_sample.html", context)


def _sample(request, pk):
    return get_object_or_404(audits.visible_samples(request.user), pk=pk)


def _uuid(text):
    """The UUID as text, None when it is none, which no row has."""
    try:
        return uuid.UUID(text)
    except (TypeError, ValueError):
        return None


def _unknown(numbers):
    return _("Nobody was found for: %(numbers)s. Check the numbers or take them out.") % {"numbers": ", ".join(numbers)}


def _saved(form, service, *args, **values):
    """What `service` returns, None after its refusal has become errors of `form`."""
    try:
        return service(*args, **values)
    except ValidationError as refusal:
        for name, texts in refusal.message_dict.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        return None
