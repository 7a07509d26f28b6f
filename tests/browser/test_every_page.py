"""Every page that a link leads to, as each kind of visitor: axe finds nothing, nothing overflows, nothing breaks."""

from collections import deque
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from django.urls.exceptions import Resolver404

AXE = Axe()
NARROW = 320
MAY_STAY_EMPTY = {"miejsca-pracy", "zobowiazania", "pomoc"}  # tables of applications for loans and guarantees
# no part of the page is still to come, and what came has taken its place
AT_REST = (
    "() => !document.querySelector('[hx-trigger=load], .htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
)
# papers that a browser saves or shows in a viewer of its own
FILES = {
    "calls:protocol",
    "cases:service-card",
    "robots",
    "staff:authorisation-paper",
    "inbox:copy",
    "inbox:file",
    "intake:copy",
    "intake:file",
    "lending:calculator-file",
    "loans:aid-certificate",
    "loans:aid-statement-file",
    "loans:guarantee-paper",
    "loans:guarantee-report-file",
    "loans:guarantee-report-template",
    "loans:order-file",
    "own-loan:balance",
    "loans:paper",
    "loans:settlement-document-file",
    "loans:statement-file",
    "trainings:attendance-sheet",
    "trainings:certificate-paper",
    "trainings:certificates-papers",
    "events:own-certificate",
    "trainings:survey-links",
    "trainings:survey-sheet",
    "partners:meeting-attendance-pdf",
    "partners:meeting-calendar",
    "partners:meeting-minutes-pdf",
    "partnerships:invitation-calendar",
    "events:feed",
    "events:event-calendar",
    "events:own-calendar",
    "partners:agreement-file",
}


def view_name(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def crawl(page, starts, per_view):
    """(path with query, view name, response) of pages reached by links, so many of each view."""
    queue, seen, counts = deque(starts), set(), {}
    while queue:
        address = queue.popleft()
        parts = urlsplit(address)
        name = view_name(parts.path)
        if name is None or name in FILES or address in seen or counts.get(name, 0) >= per_view:
            continue
        seen.add(address)
        counts[name] = counts.get(name, 0) + 1
        response = page.goto(address)
        if not response.headers.get("content-type", "").startswith("text/html"):
            continue
        page.wait_for_function(AT_REST)
        yield address, name, response
        for link in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
            target = urlsplit(link)
            if target.netloc == urlsplit(page.url).netloc:
                queue.append(target.path + (f"?{target.query}" if target.query else ""))


def too_wide(page):
    """What is wrong when the page has to be moved sideways in its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"wider than a window of {page.viewport_size['width']} px by {wide} px"] if wide > 0 else []


def faults(page):
    violations = AXE.run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:160]}" for v in violations for node in v["nodes"]] + too_wide(page)


def in_a_narrow_window(page):
    """The same page as a phone shows it: what axe finds hangs on the page far more than on the width."""
    usual = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": usual["height"]})
    found = too_wide(page)
    page.set_viewport_size(usual)
    return found


@pytest.mark.parametrize(
    # what the staff see of a view differs too little to look at two of it
    ("account", "starts", "per_view"),
    [
        (None, ["/", "/wnioski/", "/biuro/logowanie/"], 2),
        ("kierownik", ["/biuro/"], 1),
        ("doradca", ["/biuro/"], 1),
        ("administrator", ["/biuro/", "/admin/"], 1),
    ],
)
def test_pages_are_whole_for_everybody(visitor, account, starts, per_view):
    page = visitor(account)
    noise = []
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    wrong = {}
    for address, name, response in crawl(page, starts, per_view):
        problems = [] if response.ok else [f"status {response.status}"]
        problems += noise  # before axe, which itself offends the content security policy
        problems += in_a_narrow_window(page) + faults(page)
        noise.clear()
        if problems:
            wrong[f"{name} {address}"] = problems
    assert not wrong, "\n".join(f"{where}: {p}" for where, problems in wrong.items() for p in problems)


@pytest.mark.parametrize("path", ["wsparcie/osoba", "wsparcie/grupa", "wsparcie/organizacja", "pozyczka", "poreczenie"])
def test_pages_with_errors_are_whole_too(visitor, path):
    """Every page of a form sent empty: the summary has the focus, links to its fields, and axe finds nothing."""
    page = visitor()
    page.goto(f"/wnioski/{path}/")
    page.locator("main form button.b1").click()
    page.wait_for_load_state()
    draft = "/".join(urlsplit(page.url).path.split("/")[:3])
    steps = set(page.eval_on_selector_all(f"main a[href^='{draft}/']", "links => links.map(a => a.pathname)"))
    seen = []
    for step in sorted(steps):
        page.goto(step)
        if page.locator("main form button.b1").count() == 0 or "pozniej" in step:
            continue
        page.locator("main form button.b1").first.click()
        page.wait_for_load_state()
        if urlsplit(page.url).path != step:  # its rows are tried by its own room
            assert step.rstrip("/").rsplit("/", 1)[-1] in MAY_STAY_EMPTY, step
            assert page.goto(step).ok and in_a_narrow_window(page) + faults(page) == [], step
            continue
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert", step
        first = page.locator("[role=alert] a").first
        first.click()
        focused = page.evaluate("document.activeElement.name || document.activeElement.id")
        assert focused in first.get_attribute("href") or f"#{focused}" in first.get_attribute("href"), step
        assert in_a_narrow_window(page) + faults(page) == [], step
        seen.append(step)
    assert len(seen) >= 3
