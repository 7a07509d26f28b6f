"""The office's pages of the register of de minimis aid: the list, one entry with its calculation and certificate, what
is to be reported to SHRIMP, and the files."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, exports, files, lists
from centrum.kit.exports import Since
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.search import MATCHES
from centrum.kit.transitions import Refused, available, find, noun_of
from centrum.register.enterprise_views import form_page
from centrum.register.file_forms import ReportForm
from centrum.register.file_views import download
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import require, requires
from loans.deminimis import certificates, forms, queries, register, showing, shrimp
from loans.enums import AID_MOVES, AID_TAG, AidState
from loans.forms import NoFieldForm, ReasonForm
from loans.models import AidCertificate

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {
    "newest": Order("pk", descending=True),
    "oldest": Order("pk"),
    "-eur": Order("pln", descending=True),
    "eur": Order("pln"),
}
AT_ONCE = 50  # entries that are reported in one form


@read
@requires(Right.VIEW_LOANS)
def listing(request):
    form = forms.GrantFilter(request.GET)
    form.is_valid()
    rows, count, more = queries.listed(request.user, **form.chosen), None, False
    if text := form.cleaned_data.get("q"):
        rows, count, more = queries.search(rows, text)
    page = lists.page(request, queries.with_names(rows), orders=ORDERS, default="newest", count=count)
    for row in page.rows:
        _tagged(row)
    context = {
        "page": page,
        "form": form,
        "most": MATCHES if more else None,
        "to_report": queries.to_report(request.user).count(),
        "may_keep": request.user.has_right(Right.KEEP_LOANS),
        "may_export": request.user.has_right(Right.VIEW_LEDGER),
    }
    return render(request, "loans/deminimis/grants.html", context)


def _tagged(row):
    row.tag, row.of_what = AID_TAG[row.state], certificates.of_what(row)
    row.waits = queries.waits(row)
    row.late = row.waits and row.report_by < clock.today()
    return row


@read
@requires(Right.VIEW_LOANS)
def grant(request, public_id):
    row = _tagged(get_object_or_404(queries.shown(request.user), public_id=public_id))
    changes = StateChange.objects.filter(noun=noun_of(row), object_id=row.pk).exclude(action="confirm")
    context = {
        "grant": row,
        "facts": showing.facts(row.calculation),
        "parts": showing.parts(row.calculation),
        "certificate": AidCertificate.objects.filter(grant=row).select_related("by").first(),
        "moves": _moves(row, request.user),
        "own": row.state == AidState.PREPARED and row.prepared_by_id == request.user.pk,
        "corrections": row.corrections.order_by("pk"),
        "changes": [(AidState(change.target).label, change) for change in changes.select_related("by").order_by("pk")],
        "may_correct": row.state == AidState.GRANTED and request.user.has_right(Right.KEEP_LOANS),
        "may_report": row.waits and request.user.has_right(Right.KEEP_LOANS),
        **_together(row, request.user),
    }
    return render(request, "loans/deminimis/grant.html", context)


def _together(row, user):
    """Of the single undertaking of that day those whom the user sees, and how many more."""
    keys = {one["id"] for one in row.undertaking} | {row.organisation_id}
    seen = set(queries.organisations(user).filter(pk__in=keys).values_list("pk", flat=True))
    together = [one for one in row.undertaking if one["id"] in seen or one["id"] == row.organisation_id]
    return {
        "sees_organisation": row.organisation_id in seen,
        "together": together,
        "hidden": len(row.undertaking) - len(together),
    }


def _moves(row, user):
    """Steps that the user may make now; nobody confirms what they noted, a correction has a form of its own, and what
    falls through does so with its agreement."""
    steps = [step for step in available(row, user) if step.action not in ("correct", "fall_through")]
    return [step for step in steps if step.action != "confirm" or row.prepared_by_id != user.pk]


@never_cache
@read
@requires(Right.VIEW_LOANS)
def certificate(request, public_id):
    row = get_object_or_404(queries.visible_grants(request.user), public_id=public_id)
    paper = get_object_or_404(AidCertificate.objects.select_related("file"), grant=row)
    return files.send(paper.file, inline=True)


@write
@requires(Right.VIEW_LOANS)
def move(request, public_id, action):
    """Confirm, drop or cancel an entry; a correction is prepared by who keeps loans."""
    if action not in [step.action for step in AID_MOVES]:
        raise Http404
    step = find(AID_MOVES, action)
    require(request.user, Right.KEEP_LOANS if action == "correct" else step.right)
    row = get_object_or_404(queries.shown(request.user), public_id=public_id)
    back = reverse("loans:aid-grant", args=[row.public_id])
    if row.state not in step.sources:
        words = _("This step can't be made in the state “%(state)s”.") % {"state": row.get_state_display()}
        messages.error(request, words)
        return redirect(back)
    sent = request.POST if request.method == "POST" else None
    form, service, done = {
        "confirm": lambda: (NoFieldForm(sent), register.confirm, _("The aid is granted, with its certificate.")),
        "drop": lambda: (ReasonForm(sent), register.drop, _("The entry is dropped.")),
        "cancel": lambda: (ReasonForm(sent), register.cancel, _("The entry is cancelled. Tell SHRIMP in time.")),
        "correct": lambda: (
            forms.CorrectionForm(sent, initial={"nominal": row.nominal}),
            register.correct,
            _("The correction waits for somebody else to confirm it."),
        ),
    }[action]()
    return form_page(
        request,
        form,
        lambda **said: service(row, by=request.user, **said),
        title=_("%(step)s: aid of %(day)s") % {"step": step.label, "day": row},
        button=step.label,
        done=done,
        back=back,
        crumbs=[(_("De minimis aid"), reverse("loans:aid")), (row.organisation.name, back)],
    )


@write
@requires(Right.KEEP_LOANS)
def report(request):
    """Note the numbers that SHRIMP gave, of several entries at once."""
    rows = queries.with_names(queries.to_report(request.user)).order_by("report_by", "pk")
    grants = [_tagged(row) for row in rows[:AT_ONCE]]
    form = forms.ReportedForm(request.POST or None, grants=grants)
    if form.is_valid():
        told = [one for one in grants if one.pk in form.numbers]
        try:
            done = shrimp.report(
                told, by=request.user, reported_on=form.cleaned_data["reported_on"], numbers=form.numbers
            )
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            words = ngettext(
                "%(count)d entry is noted as reported.", "%(count)d entries are noted as reported.", len(done)
            )
            messages.success(request, words % {"count": len(done)})
            return redirect("loans:aid-report")
    return render(request, "loans/deminimis/report.html", {"form": form, "most": AT_ONCE if rows[AT_ONCE:] else None})


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.VIEW_LEDGER)
def export(request):
    """Files of the register of a period."""
    form = ReportForm(request.POST or None, profiles=exports.profiles("aid"))
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, said["profile"], Since(said["first"]), said["day"], said["reason"])
    back = reverse("loans:aid")
    context = {"form": form, "title": _("Files of de minimis aid"), "back": back, "button": _("Export the file")}
    return render(request, "register/one_form.html", context | {"crumbs": [(_("De minimis aid"), back)]})
