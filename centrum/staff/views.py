"""The first page, search, outbox and journal."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from centrum.kit import lists, outbox, registry
from centrum.kit.lists import Order
from centrum.kit.search import SHORTEST, is_searchable
from centrum.staff import journal, queries
from centrum.staff.enums import Right
from centrum.staff.forms import JournalFilter, OutboxFilter, RowsFilter
from centrum.staff.permissions import requires

SEARCH_LIMIT = 10
NEWEST_FIRST = {"newest": Order("pk", descending=True)}


@require_safe
def home(request):
    """My day: what waits, by the counts of the menu, and the panels of the other rooms."""
    panels = registry.panels("home", request.user, None)
    return render(request, "staff/home.html", {"panels": panels})


@require_safe
def search(request):
    text = " ".join(request.GET.get("q", "")[:200].split())
    found = []
    if is_searchable(text):
        finders = [finder for finder in registry.finders() if request.user.has_right(finder.right)]
        found = [(finder.label, finder.find(request.user, text, SEARCH_LIMIT)) for finder in finders]
    return render(
        request,
        "staff/search.html",
        {
            "text": text,
            "too_short": text and not is_searchable(text),
            "shortest": SHORTEST,
            "found": [{"label": label, "hits": hits} for label, hits in found if hits],
            "limit": SEARCH_LIMIT,
        },
    )


@require_safe
@requires(Right.VIEW_OUTBOX)
def outbox_list(request):
    form = OutboxFilter(request.GET)
    rows = queries.visible_messages(request.user)
    if form.is_valid():
        rows = queries.filter_messages(rows, **form.cleaned_data)
    page = lists.page(request, rows, orders=NEWEST_FIRST, default="newest")
    everything = queries.reads_outbox(request.user)
    return render(request, "staff/outbox.html", {"page": page, "filters": form, "everything": everything})


@require_safe
@requires(Right.VIEW_OUTBOX)
def outbox_message(request, public_id):
    message = get_object_or_404(queries.visible_messages(request.user), public_id=public_id)
    return render(request, "staff/outbox_message.html", {"message": message, "text": outbox.for_staff(message)})


JOURNAL_TABS = {
    "changes": _("Changes of state"),
    "openings": _("Openings of protected data"),
    "exports": _("Exports"),
    "rows": _("History of rows"),
}


@require_safe
@requires(Right.VIEW_JOURNAL)
def journal_page(request):
    tab = request.GET.get("tab")
    tab = tab if tab in JOURNAL_TABS else "changes"
    form = (RowsFilter if tab == "rows" else JournalFilter)(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = journal.rows(tab, table=chosen.get("table"))
    rows = journal.narrowed(rows, user=chosen.get("user"), since=chosen.get("since"), until=chosen.get("until"))
    page = lists.page(request, rows, orders=NEWEST_FIRST, default="newest")
    return render(
        request,
        "staff/journal.html",
        {
            "page": page,
            "filters": form,
            "tab": tab,
            "tabs": [{"name": name, "label": label} for name, label in JOURNAL_TABS.items()],
            "label": JOURNAL_TABS[tab],
            "lines": journal.lines(tab, page.rows, request.user),
        },
    )
