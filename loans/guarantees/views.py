"""The list of guarantees and the pages of one."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from centrum.kit import lists, registry
from centrum.kit.lists import Order
from centrum.kit.polish import percent
from centrum.kit.search import MATCHES
from centrum.register.queries import visible_organisations, visible_people
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans.enums import GUARANTEE_TAG
from loans.guarantees import panels, queries, recourse
from loans.guarantees.forms import GuaranteeFilter

read = require_safe
# the pages of a guarantee after the first one
PARTS = {
    "recourse": gettext_lazy("Recourse"),
    "ledger": pgettext_lazy("of a guarantee", "Ledger and history"),
}
ORDERS = {
    "newest": Order("pk", descending=True),
    "oldest": Order("pk"),
    "-stake": Order("stake", descending=True),
    "stake": Order("stake"),
}


@read
@requires(Right.VIEW_LOANS)
def listing(request):
    form = GuaranteeFilter(request.GET, user=request.user)
    form.is_valid()
    rows, count, more = queries.listed(request.user, **form.chosen), None, False
    if text := form.cleaned_data.get("q"):
        rows, count, more = queries.search(rows, text)
    else:
        count = rows[: lists.COUNT_UP_TO + 1].count()
    page = lists.page(request, queries.with_names(rows), orders=ORDERS, default="newest", count=count)
    panels.tagged(page.rows)
    context = {
        "page": page,
        "form": form,
        "most": MATCHES if more else None,
        "may_export": request.user.has_right(Right.VIEW_LEDGER),
    }
    return render(request, "loans/guarantees/guarantees.html", context)


@read
@requires(Right.VIEW_LOANS)
def guarantee(request, public_id):
    shown = get_object_or_404(queries.shown(request.user), public_id=public_id)
    context = {
        "guarantee": shown,
        "tag": GUARANTEE_TAG[shown.state],
        "cover": percent(shown.cover),
        "fee": percent(shown.fee),
        "sees_organisation": visible_organisations(request.user).filter(pk=shown.organisation_id).exists(),
        "sees_person": visible_people(request.user).filter(pk=shown.person_id).exists(),
        "panels": registry.panels("guarantee", request.user, shown),
        "parts": _parts(shown, ""),
    }
    return render(request, "loans/guarantees/guarantee.html", context)


@read
@requires(Right.VIEW_LOANS)
def part(request, public_id, name):
    """A further page of a guarantee, one of PARTS, with the panels that register for it."""
    shown = get_object_or_404(queries.shown(request.user), public_id=public_id)
    context = {
        "guarantee": shown,
        "tag": GUARANTEE_TAG[shown.state],
        "title": PARTS[name],
        "panels": registry.panels(f"guarantee-{name}", request.user, shown),
        "parts": _parts(shown, name),
    }
    return render(request, "loans/guarantees/guarantee_part.html", context)


def _parts(shown, name):
    """[(url, title, whether it is shown)] of all pages of a guarantee; the claim once there is one."""
    main = (reverse("loans:guarantee", args=[shown.public_id]), _("Guarantee"), not name)
    known = [one for one in PARTS if one != "recourse" or shown.state in recourse.AFTER_PAYMENT or one == name]
    others = [(reverse(f"loans:guarantee-{one}", args=[shown.public_id]), PARTS[one], one == name) for one in known]
    return [main, *others]
