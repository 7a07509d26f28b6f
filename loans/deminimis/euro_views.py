"""The office's page of rates of the euro: typed or imported by one person, confirmed by another."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans.deminimis import euro, forms
from loans.models import EurRate

ORDERS = {"newest": Order("day", descending=True), "oldest": Order("day")}


@require_safe
@requires(Right.KEEP_RATES)
def rates(request):
    page = lists.page(request, euro.all_rates(), orders=ORDERS, default="newest")
    context = {"page": page, "missing": euro.missing_days(), "imports": euro.waiting_files()}
    return render(request, "loans/deminimis/euro.html", context)


def _form(request, form, save, **words):
    back = reverse("loans:eur-rates")
    crumbs = [(_("Rates of the NBP"), reverse("loans:rates")), (_("Rates of the euro"), back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.KEEP_RATES)
def new(request):
    return _form(
        request,
        forms.EurRateForm(request.POST or None),
        lambda **said: euro.enter(by=request.user, **said),
        title=_("A rate of the euro"),
        done=_("The rate is entered. Somebody else has to confirm it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.KEEP_RATES)
def take_in(request):
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return _form(
        request,
        forms.EurFileForm(*sent),
        lambda file: euro.take_in(file, by=request.user),
        title=_("Import a file of the NBP"),
        button=_("Import"),
        done=_("The file is read. Somebody else has to confirm what is new in it."),
    )


@require_POST
@requires(Right.KEEP_RATES)
def one(request, pk, action):
    """Confirm a rate or take it back."""
    services = {
        "potwierdzenie": (euro.confirm, _("The rate is confirmed.")),
        "cofniecie": (euro.drop, _("The rate is taken back.")),
    }
    if action not in services:
        raise Http404
    service, words = services[action]
    row = get_object_or_404(EurRate, pk=pk)
    return _done(request, lambda: service(row, by=request.user), lambda _found: words)


@require_POST
@requires(Right.KEEP_RATES)
def whole_file(request, file_id, action):
    """The same with all rates of an import."""

    def confirmed(count):
        words = ngettext("%(count)d rate is confirmed.", "%(count)d rates are confirmed.", count)
        return words % {"count": count}

    services = {
        "potwierdzenie": (euro.confirm_file, confirmed),
        "cofniecie": (euro.drop_file, lambda _found: _("The import is taken back.")),
    }
    if action not in services:
        raise Http404
    service, words = services[action]
    return _done(request, lambda: service(file_id, by=request.user), words)


def _done(request, step, words):
    try:
        found = step()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, words(found))
    return redirect("loans:eur-rates")
