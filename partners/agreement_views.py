"""Pages and forms of the agreements of a partnership; its own unit sees and keeps them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import files
from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused, Stale, available, find, noun_of
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from partners import agreement_forms as forms
from partners import agreements, queries
from partners.enums import AGREEMENT_MOVES, AGREEMENT_TAG, AgreementState
from partners.views import kept

write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Right.VIEW_PARTNERSHIPS)
def agreement(request, public_id, pk):
    rows = agreements.visible_agreements(request.user).filter(partnership__public_id=public_id, pk=pk)
    shown = next(iter(agreements.told(rows)), None)
    if shown is None:
        raise Http404
    may_keep = queries.may_keep(request.user, shown.partnership)
    is_draft = shown.state == AgreementState.DRAFT
    context = {
        "agreement": shown,
        "partnership": shown.partnership,
        "tag": AGREEMENT_TAG[shown.state],
        "moves": available(shown, request.user) if may_keep else [],
        "may_change": may_keep and is_draft,
        "versions": agreements.versions_of(shown),
        "signatories": agreements.signatories_of(shown),
        "shares": agreements.shares_of(shown),
        "annexes": list(shown.annexes.order_by("pk")),
        "steps": _steps(shown),
    }
    return render(request, "partners/agreement.html", context)


def _steps(shown):
    names = dict(shown._meta.get_field("state").choices)
    rows = list(
        StateChange.objects.filter(noun=noun_of(shown), object_id=shown.pk).select_related("by").order_by("-pk")
    )
    for row in rows:
        row.words = names[row.target]
    return rows


@never_cache
@require_safe
@requires(Right.VIEW_PARTNERSHIPS)
def agreement_file(request, public_id, pk, file_id):
    """The signed file, or that of a version."""
    row = get_object_or_404(agreements.visible_agreements(request.user), partnership__public_id=public_id, pk=pk)
    return files.send(get_object_or_404(agreements.files_of(row), public_id=file_id))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def agreement_new(request, public_id):
    partnership = kept(request, public_id)
    form = forms.AgreementForm(request.POST or None, partnership=partnership)
    if form.is_valid():
        try:
            made = agreements.draft(partnership, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The agreement is noted as a draft."))
            return redirect("partners:agreement", public_id, made.pk)
    context = {"form": form, "title": _("Add an agreement"), "back": _page(partnership), "crumbs": _crumbs(partnership)}
    return render(request, "register/one_form.html", context)


@write
@requires(Right.KEEP_PARTNERSHIPS)
def agreement_edit(request, public_id, pk):
    row = _kept(request, public_id, pk)
    initial = {name: getattr(row, name) for name in agreements.FIELDS}
    form = forms.AgreementForm(request.POST or None, initial=initial, partnership=row.partnership, agreement=row)
    return _form_of(
        request,
        row,
        form,
        lambda **data: agreements.change(row, by=request.user, **data),
        title=_("Change the agreement"),
        done=_("The agreement is changed."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def agreement_version(request, public_id, pk):
    row = _kept(request, public_id, pk)
    return _form_of(
        request,
        row,
        forms.VersionForm(request.POST or None, request.FILES or None),
        lambda **data: agreements.add_version(row, by=request.user, **data),
        title=_("Add a version"),
        done=_("The version is kept."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def agreement_signatory(request, public_id, pk):
    row = _kept(request, public_id, pk)
    form = forms.SignatoryForm(request.POST or None, agreement=row)
    nobody = not form.fields["representative"].queryset.exists()
    return _form_of(
        request,
        row,
        form,
        lambda **data: agreements.add_signatory(row, by=request.user, **data),
        title=_("Add a signatory"),
        done=_("The signatory is added."),
        note=_("No other member has a representative with power to sign on the day of signing.") if nobody else "",
    )


@require_POST
@requires(Right.KEEP_PARTNERSHIPS)
def agreement_signatory_remove(request, public_id, pk, signatory):
    row = _kept(request, public_id, pk)
    try:
        agreements.remove_signatory(get_object_or_404(row.signatories, pk=signatory), by=request.user)
    except Stale as stale:
        messages.error(request, " ".join(stale.messages))
    else:
        messages.success(request, _("The signatory is removed."))
    return redirect(_own(row))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def agreement_shares(request, public_id, pk):
    row = _kept(request, public_id, pk)
    return _form_of(
        request,
        row,
        forms.SharesForm(request.POST or None, agreement=row),
        lambda **data: agreements.set_shares(row, by=request.user, **data),
        title=_("Who pays what"),
        done=_("The shares are noted."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def agreement_move(request, public_id, pk, action):
    row = _kept(request, public_id, pk)
    if action not in [move.action for move in AGREEMENT_MOVES]:
        raise Http404
    move = find(AGREEMENT_MOVES, action)
    if row.state not in move.sources:
        state = row.get_state_display()
        messages.warning(request, _("This step can't be made in the state “%(state)s”.") % {"state": state})
        return redirect(_own(row))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return _form_of(
        request,
        row,
        forms.MoveForm(*sent, agreement=row, move=move),
        lambda **data: agreements.step(row, action, by=request.user, **data),
        title=move.label,
        button=move.label,
        done=_("The state of the agreement is changed."),
    )


# Parts


def _kept(request, public_id, pk):
    partnership = kept(request, public_id)
    rows = partnership.agreements.select_related("partnership__unit", "amends")
    return get_object_or_404(rows, pk=pk)


def _page(partnership):
    return reverse("partners:partnership", args=[partnership.public_id])


def _own(row):
    return reverse("partners:agreement", args=[row.partnership.public_id, row.pk])


def _crumbs(partnership, *more):
    return [(_("Partnerships"), reverse("partners:list")), (partnership.name, _page(partnership)), *more]


def _form_of(request, row, form, save, **words):
    back = _own(row)
    if "button" not in words and row.state != AgreementState.DRAFT:
        words["note"] = _("Only a draft is changed. What is signed is changed by an annex.")
    return form_page(request, form, save, back=back, crumbs=_crumbs(row.partnership, (row.number, back)), **words)
