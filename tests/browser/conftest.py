"""The portal with its demo in a real Chromium. The whole folder shares one server, one database, one browser."""

import os
import shutil

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from centrum.portal.demo import build

# Playwright's sync API keeps an event loop in this thread, which Django would take for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium"
)


@pytest.fixture(scope="package")
def portal(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """Address of a running portal filled with the demo, on a database of its own that other tests never see."""
    names = connection.settings_dict["TEST"]
    usual = names["NAME"]
    names["NAME"] = f"{usual or 'test_centrum'}_browser"
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        build.build()
        server = LiveServer("127.0.0.1:0")
        yield server.url
        server.stop()
        teardown_databases(databases, verbosity=0)
    names["NAME"] = usual


@pytest.fixture(scope="package")
def chromium():
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, portal):
    """Open a browser window as somebody: `visitor("doradca", width=375, scripts=False)` → page."""
    contexts = []

    def open_window(account=None, *, width=1280, scripts=True, **options):
        context = chromium.new_context(
            base_url=portal, viewport={"width": width, "height": 900}, java_script_enabled=scripts, **options
        )
        contexts.append(context)
        page = context.new_page()
        if account:
            page.goto("/biuro/logowanie/")
            page.fill("input[name=username]", f"{account}@demo.example")
            page.fill("input[name=password]", build.PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/biuro/")
        return page

    yield open_window
    for context in contexts:
        context.close()
