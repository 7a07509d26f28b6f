"""Merging doubled records: choosing the other one, both side by side, the question while typing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit.polish import date_short
from centrum.kit.search import is_searchable
from centrum.kit.transitions import Refused
from centrum.register import merging, queries
from centrum.register.enums import Citizenship, Education
from centrum.register.forms import OrganisationForm, PersonForm, ReasonForm
from centrum.register.models import Person
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

FOUND = 10
CODED = {"citizenship": Citizenship, "education": Education}  # kept as codes of SM EFS

PEOPLE = {
    "name": "person",
    "visible": queries.visible_people,
    "find": queries.matching_people,
    "list": "register:people",
    "list_label": gettext_lazy("People"),
}
ORGANISATIONS = {
    "name": "organisation",
    "visible": queries.visible_organisations,
    "find": queries.matching_organisations,
    "list": "register:organisations",
    "list_label": gettext_lazy("Organisations"),
}


@require_safe
@requires(Right.MERGE)
def choose(request, public_id, noun):
    """Which record is the same as this one: those that look alike, and a search."""
    seen = noun["visible"](request.user)
    record = get_object_or_404(seen, public_id=public_id)
    text = " ".join(request.GET.get("q", "")[:200].split())
    if is_searchable(text):
        rows, _count, _more = noun["find"](seen.exclude(pk=record.pk), text, FOUND)
        found = rows.order_by("sort", "id")
    else:
        found = merging.candidates(request.user, record)
    return render(
        request,
        "register/merge_choose.html",
        {
            "record": record,
            "found": found,
            "text": text,
            "noun": noun,
            "with_url": f"register:{noun['name']}-merge-with",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.MERGE)
def merge(request, public_id, gone_id, noun):
    """Both records side by side; the one of the first address stays."""
    seen = noun["visible"](request.user).select_related("commune")
    kept = get_object_or_404(seen, public_id=public_id)
    gone = get_object_or_404(seen, public_id=gone_id)
    if kept.pk == gone.pk:
        raise Http404
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = _("How do you know that the two are the same?")
    if form.is_valid():
        take = request.POST.getlist("take")
        try:
            merging.merge(kept, gone, by=request.user, take=take, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The two records are one now."))
            return redirect(f"register:{noun['name']}", kept.public_id)
    return render(
        request,
        "register/merge.html",
        {
            "kept": kept,
            "gone": gone,
            "rows": _side_by_side(kept, gone, request.POST.getlist("take") if request.method == "POST" else None),
            "obstacles": merging.obstacles(kept, gone),
            "moves": merging.count_references(gone),
            "form": form,
            "noun": noun,
        },
    )


def _side_by_side(kept, gone, chosen):
    """One row a field that either fills: both values, whether they differ, whether the other may be taken."""
    may_take = merging.chooseable(kept, gone)
    rows = []
    if isinstance(kept, Person):
        masks = [queries.masked_identifier(one) for one in (kept, gone)]
        if any(masks):
            rows.append(_row("identifier", _("PESEL or other identifier"), *masks, moves=not masks[0] and masks[1]))
    for name in merging.FIELDS[type(kept)]:
        values = [_in_words(one, name) for one in (kept, gone)]
        if not any(values):
            continue
        number = name in merging.NUMBERS
        row = _row(name, kept._meta.get_field(name).verbose_name, *values, moves=number and not values[0])
        if name in may_take and not number:
            row["may_take"] = True
            row["taken"] = name in chosen if chosen is not None else not values[0]
        rows.append(row)
    return rows


def _row(name, label, kept, gone, *, moves):
    return {"name": name, "label": label, "kept": kept, "gone": gone, "differ": kept != gone, "moves": bool(moves)}


def _in_words(record, name):
    value = getattr(record, name)
    if name == "birth_date":
        return date_short(value) if value else ""
    if name in CODED:
        return str(dict(CODED[name].choices).get(value, value))
    in_words = getattr(record, f"get_{name}_display", None)
    return str((in_words() if in_words else value) or "")


@require_http_methods(["POST"])
@requires(Right.EDIT_CLIENTS)
def similar_people(request):
    """Part of a page: people who may be the one being typed. By POST, so that no number stands in an address."""
    typed = _typed(PersonForm(request.POST))
    alike = []
    if typed.get("identifier") or typed.get("email") or (typed.get("first_name") and typed.get("last_name")):
        alike = queries.similar_people(
            first_name=typed.get("first_name", ""),
            last_name=typed.get("last_name", ""),
            email=typed.get("email", ""),
            phone=typed.get("phone", ""),
            pesel=typed.get("identifier", ""),
        )
    return _similar(request, alike, queries.visible_people(request.user), "register:person")


@require_http_methods(["POST"])
@requires(Right.EDIT_CLIENTS)
def similar_organisations(request):
    typed = _typed(OrganisationForm(request.POST))
    alike = []
    if typed.get("nip") or typed.get("krs") or is_searchable(typed.get("name", "")) or typed.get("email"):
        alike = queries.similar_organisations(
            name=typed.get("name", ""), nip=typed.get("nip", ""), krs=typed.get("krs", ""), email=typed.get("email", "")
        )
    return _similar(request, alike, queries.visible_organisations(request.user), "register:organisation")


def _typed(form):
    """The fields that are readable so far; a half-typed form is no error."""
    form.is_valid()
    return form.cleaned_data


def _similar(request, alike, visible, page):
    keys = [record.pk for record in alike]
    seen = visible.in_bulk(keys)
    shown = [seen[key] for key in keys if key in seen]
    context = {"similar": shown, "similar_elsewhere": len(alike) - len(shown), "page": page}
    return render(request, "register/_similar.html", context)


def panel(user, record):
    """What was merged into a record, and the way to merge it, for its page."""
    merged = merging.merges_into(record)
    may_merge = user.has_right(Right.MERGE)
    if not merged and not may_merge:
        return None
    url = reverse(f"register:{record._meta.model_name}-merge", args=[record.public_id])
    return {"merged": merged, "may_merge": may_merge, "url": url}
