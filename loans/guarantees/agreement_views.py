"""The office's pages of the agreement of a guarantee, of its papers and fees; parts that its other pages share."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, files
from centrum.kit.models import StoredFile
from centrum.kit.polish import money
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans.agreement_forms import PaperForm
from loans.enums import GUARANTEE_MOVES, GuaranteeState
from loans.forms import NoFieldForm, ReasonForm
from loans.guarantees import agreements, fees, forms, papers
from loans.guarantees.queries import visible

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
_SOURCES = {move.action: move.sources for move in GUARANTEE_MOVES}


# Steps


@write
@requires(Right.KEEP_LOANS)
def promise(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in _SOURCES["promise"]:
        return _too_late(request, guarantee)
    return of_guarantee(
        request,
        guarantee,
        NoFieldForm(request.POST if request.method == "POST" else None),
        lambda: agreements.promise(guarantee, by=request.user),
        title=_("Issue the promise"),
        button=_("Issue the promise"),
        done=_("The promise is issued. Its paper is below."),
    )


@write
@requires(Right.KEEP_LOANS)
def draw(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in _SOURCES["draw"]:
        return _too_late(request, guarantee)
    return of_guarantee(
        request,
        guarantee,
        forms.DrawForm(request.POST or None, initial={"drawn_on": clock.today()}),
        lambda **said: agreements.draw(guarantee, by=request.user, **said),
        title=_("Draw up the agreement and the declaration"),
        button=_("Draw up both"),
        done=_("The agreement and the declaration to the lender are drawn up. The papers are below."),
    )


@write
@requires(Right.KEEP_LOANS)
def sign(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in _SOURCES["sign"]:
        return _too_late(request, guarantee)
    return of_guarantee(
        request,
        guarantee,
        forms.SignForm(request.POST or None, request.FILES or None, initial={"signed_on": guarantee.drawn_on}),
        lambda **said: agreements.sign(guarantee, by=request.user, **said),
        title=_("The agreement and the declaration are signed"),
        button=_("Note the signing"),
        done=_("The signing is noted."),
    )


@write
@requires(Right.KEEP_LOANS)
def activate(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in _SOURCES["activate"]:
        return _too_late(request, guarantee)
    words = _("At most %(credit)s, paid out by %(day)s and no earlier than the signing.")
    said = {"credit": money(guarantee.credit), "day": f"{guarantee.sign_by:%d.%m.%Y}"}
    return of_guarantee(
        request,
        guarantee,
        forms.ActivateForm(request.POST or None, initial={"paid_out": guarantee.credit}),
        lambda **said: agreements.activate(guarantee, by=request.user, **said),
        title=_("The credit is paid out"),
        button=_("Put the guarantee in force"),
        done=_("The guarantee is in force."),
        note=words % said,
    )


@write
@requires(Right.KEEP_LOANS)
def lapse(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in _SOURCES["lapse"]:
        return _too_late(request, guarantee)
    return of_guarantee(
        request,
        guarantee,
        ReasonForm(request.POST or None),
        lambda **said: agreements.lapse(guarantee, by=request.user, **said),
        title=_("Let it lapse"),
        button=_("Let it lapse"),
        done=_("The guarantee has lapsed. The limit that it took is free again."),
        note=_("What was promised is free again. There is no way back."),
    )


@write
@requires(Right.KEEP_LOANS)
def release(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in _SOURCES["release"]:
        return _too_late(request, guarantee)
    return of_guarantee(
        request,
        guarantee,
        forms.ReleaseForm(request.POST or None, request.FILES or None, initial={"ended_on": clock.today()}),
        lambda **said: agreements.release(guarantee, by=request.user, **said),
        title=_("Release the guarantee"),
        button=_("Release"),
        done=_("The guarantee is released."),
        note=_("Nothing is guaranteed any more. There is no way back."),
    )


# Papers and fees


@never_cache
@read
@requires(Right.VIEW_LOANS)
def paper(request, public_id, file_id):
    guarantee = seen(request, public_id)
    found = get_object_or_404(StoredFile, guarantee_paper__guarantee=guarantee, public_id=file_id)
    return files.send(found, inline=True)


@write
@requires(Right.KEEP_LOANS)
def paper_new(request, public_id):
    guarantee = seen(request, public_id)
    return of_guarantee(
        request,
        guarantee,
        PaperForm(request.POST or None, request.FILES or None),
        lambda **said: papers.add(guarantee, by=request.user, **said),
        title=_("Add a paper"),
        done=_("The paper is kept."),
    )


@write
@requires(Right.PAY_LOANS)
def fee(request, public_id, nr):
    guarantee = seen(request, public_id)
    found = get_object_or_404(guarantee.fees, nr=nr)
    if found.paid_on or found.waived_on:
        return step_refused(request, guarantee, _("This fee is paid or given up already."))
    return of_guarantee(
        request,
        guarantee,
        forms.FeeForm(request.POST or None, initial={"paid_on": clock.today()}),
        lambda **said: fees.pay(found, by=request.user, **said),
        title=_("Fee of the year %(year)d: %(amount)s") % {"year": found.nr, "amount": money(found.amount)},
        button=_("Note the payment"),
        done=_("The payment of the fee is noted."),
    )


@write
@requires(Right.DECIDE_LOANS)
def fee_waive(request, public_id, nr):
    guarantee = seen(request, public_id)
    found = get_object_or_404(guarantee.fees, nr=nr)
    if found.paid_on or found.waived_on:
        return step_refused(request, guarantee, _("This fee is paid or given up already."))
    return of_guarantee(
        request,
        guarantee,
        ReasonForm(request.POST or None),
        lambda **said: fees.waive(found, by=request.user, **said),
        title=_("Give up the fee of the year %(year)d: %(amount)s") % {"year": found.nr, "amount": money(found.amount)},
        button=_("Give it up"),
        done=_("The fee is given up."),
        note=_("It is not due any more. There is no way back."),
    )


@write
@requires(Right.PAY_LOANS)
def unpay(request, public_id, nr):
    guarantee = seen(request, public_id)
    found = get_object_or_404(guarantee.fees, nr=nr)
    if not found.paid_on:
        return step_refused(request, guarantee, _("This fee is not paid."))
    said = {"year": found.nr, "amount": money(found.amount)}
    return of_guarantee(
        request,
        guarantee,
        ReasonForm(request.POST or None),
        lambda **more: fees.unpay(found, by=request.user, **more),
        title=_("Take back the payment of the fee of the year %(year)d: %(amount)s") % said,
        button=_("Take it back"),
        done=_("The payment is taken back. The fee is to be paid again."),
    )


# Panels


def panel(user, guarantee):
    """How the agreement stands and what comes next."""
    may_keep = user.has_right(Right.KEEP_LOANS)
    may = [action for action, sources in _SOURCES.items() if may_keep and guarantee.state in sources]
    required = guarantee.securities.filter(state="required").exists()
    return {
        "guarantee": guarantee,
        "warning": agreements.warning(guarantee),
        "may_promise": "promise" in may,
        "may_draw": "draw" in may,
        "may_sign": "sign" in may,
        "may_activate": "activate" in may and not required,
        "may_lapse": "lapse" in may,
        "may_release": "release" in may,
        "waits_for_securities": guarantee.state == GuaranteeState.SIGNED and required,
        "paid_back": guarantee.state == GuaranteeState.ACTIVE and not guarantee.exposure,
    }


def papers_panel(user, guarantee):
    return {
        "guarantee": guarantee,
        "papers": papers.papers_of(guarantee),
        "may_keep": user.has_right(Right.KEEP_LOANS),
    }


def fees_panel(user, guarantee):
    """The fees with what of them is earned, and whether the payment of each may be taken back."""
    rows = list(guarantee.fees.select_related("entry").order_by("-nr"))
    if not rows and not guarantee.activated_on:
        return None
    may = {"may_pay": user.has_right(Right.PAY_LOANS), "may_waive": user.has_right(Right.DECIDE_LOANS)}
    for row in rows:
        row.may_take_back = bool(may["may_pay"] and row.paid_on and not row.earned and row.entry.by_id != user.pk)
    return {"guarantee": guarantee, "fees": rows, **may}


# Parts


def seen(request, public_id):
    """The guarantee of an address, among those that the user sees."""
    rows = visible(request.user).select_related("lender", "organisation", "fund", "decision")
    return get_object_or_404(rows, public_id=public_id)


def page(guarantee, part=""):
    """The address of a guarantee, or of one of its further pages (views.PARTS)."""
    return reverse(f"loans:guarantee-{part}" if part else "loans:guarantee", args=[guarantee.public_id])


def of_guarantee(request, guarantee, form, save, *, part="", **words):
    """A form of a guarantee; afterwards back to its page."""
    back = words.pop("back", None) or page(guarantee, part)
    crumbs = [(f"{guarantee.number} {guarantee.organisation}", page(guarantee))]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)


def _too_late(request, guarantee):
    words = _("This step can't be made in the state “%(state)s”.") % {"state": guarantee.get_state_display()}
    return step_refused(request, guarantee, words)


def step_refused(request, guarantee, words, part=""):
    messages.warning(request, words)
    return redirect(page(guarantee, part))
