"""Visitors who fill in and send applications at once, through a real server on 127.0.0.1."""

import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from contextlib import contextmanager
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import URLError
from urllib.parse import urlencode

from centrum.cases.applications import PERSON
from tests.factories.intake import person_pages

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
WORKERS = 2


class Visitor:
    """A browser without pictures: cookies, and the hidden fields of the page it is on."""

    def __init__(self, base):
        self.base = base
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path, data=None):
        """(address where it led, page); raises URLError for an error page."""
        body = urlencode(data).encode() if data is not None else None
        with self.browser.open(f"{self.base}{path}", body, timeout=60) as answer:
            return answer.url.removeprefix(self.base), answer.read().decode()

    def fill(self, path, **typed):
        """Open a form and send it with its hidden fields."""
        _address, page = self.open(path)
        return self.open(path, self.hidden(page) | typed)

    @staticmethod
    def hidden(page):
        return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def journey(base, number, twice):
    """Fill in and send one application; seconds of the last click. `twice`: that click is a double one."""
    visitor = Visitor(base)
    draft, _page = visitor.fill(f"/wnioski/{PERSON.path}/")
    for slug, typed in person_pages(email=f"bench{number}-{uuid.uuid4().hex[:8]}@example.org").items():
        visitor.fill(f"{draft}{slug}/", **typed)
    send = f"{draft}wyslij/"
    _address, page = visitor.open(send)
    data = visitor.hidden(page) | {"read": "on"}
    start = time.perf_counter()
    if twice:
        other = threading.Thread(target=visitor.open, args=(send, data))
        other.start()
    address, _page = visitor.open(send, data)
    taken = time.perf_counter() - start
    if twice:
        other.join()
    if not address.endswith("/potwierdzenie/"):
        raise RuntimeError(f"the application ended at {address}")
    return taken


def run(database, clients, lasting):
    """(seconds of each last click, seconds in all) of `clients` visitors who go on for `lasting` seconds."""
    with served(database) as base:
        return _visit(base, clients, lasting)


def enrol_at_once(database, event, clients):
    """Seconds of the last click of each of `clients` visitors who enrol in `event` in one moment."""
    with served(database) as base:
        ready = [_filled_in(base, event, number) for number in range(clients)]
        return _click_at_once(ready)


@contextmanager
def served(database):
    """The address of a server on the database, ended afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "tests.volume.server", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--timeout", "60", "--log-level", "warning", "--no-control-socket"]
    server = subprocess.Popen(command, env={**os.environ, "BENCH_DATABASE": database})
    try:
        _wait_for(base)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=30)


def _filled_in(base, event, number):
    """(visitor, address, data) of somebody whose enrolment waits for the last click."""
    visitor = Visitor(base)
    first, _page = visitor.fill(f"/szkolenia/{event.public_id}/zapisy/", who="person")
    home = first.rsplit("/", 2)[0] + "/"
    typed = {"first_name": "Łucja", "last_name": f"Źródlak{number}", "email": f"bench{number}@example.org", "phone": ""}
    visitor.fill(f"{home}kim-jestes/", **typed)
    visitor.fill(f"{home}potrzeby/", has_needs="no", diet="", other="")
    send = f"{home}wyslij/"
    _address, page = visitor.open(send)
    return visitor, send, visitor.hidden(page) | {"read": "on"}


def _click_at_once(ready):
    times, errors, together = [], [], threading.Barrier(len(ready))

    def click(visitor, send, data):
        try:
            together.wait(timeout=30)
            start = time.perf_counter()
            address, _page = visitor.open(send, data)
            times.append(time.perf_counter() - start)
            if not address.endswith("/potwierdzenie/"):
                errors.append(RuntimeError(f"the enrolment ended at {address}"))
        except Exception as error:  # told by the bench, which then fails
            errors.append(error)

    threads = [threading.Thread(target=click, args=one) for one in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return times


def _wait_for(base):
    until = time.monotonic() + 60
    while True:
        try:
            Visitor(base).open("/wnioski/")
            return
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _visit(base, clients, lasting):
    times, errors = [], []
    until = time.monotonic() + lasting

    def visit(number):
        count = 0
        while time.monotonic() < until and not errors:
            try:
                times.append(journey(base, number, twice=count % 3 == 0))
            except Exception as error:  # told by the bench, which then fails
                errors.append(error)
            count += 1

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(clients)]
    start = time.monotonic()
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    if errors:
        raise errors[0]
    return times, time.monotonic() - start


def p95(times):
    return statistics.quantiles(times, n=20)[-1]
