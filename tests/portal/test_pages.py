"""The public pages open to everybody, say what the law asks for and invent nothing."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

PAGES = {
    "portal:home": "/",
    "portal:contact": "/kontakt/",
    "portal:privacy": "/prywatnosc/",
    "portal:accessibility": "/dostepnosc/",
    "portal:site-map": "/mapa-strony/",
}
# ids of the official template of the accessibility statement
STATEMENT_IDS = {
    "a11y-podmiot",
    "a11y-url",
    "a11y-data-publikacja",
    "a11y-data-aktualizacja",
    "a11y-status",
    "a11y-data-sporzadzenie",
    "a11y-data-przeglad",
    "a11y-osoba",
    "a11y-email",
    "a11y-telefon",
    "a11y-procedura",
    "a11y-architektura",
    "a11y-aplikacje",
}
pytestmark = pytest.mark.django_db


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("name", "address"), PAGES.items())
def test_opens_without_a_session_at_its_polish_address(client, name, address):
    assert reverse(name) == address
    html = page(client, address)
    assert html.count("<h1>") == 1
    assert '<html lang="pl">' in html


@pytest.mark.parametrize("address", PAGES.values())
def test_has_no_inline_code_and_asks_no_outside_host(client, address):
    html = page(client, address)
    assert re.findall(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", html) == []
    assert [url for url in re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', html) if url[:1] != "/"] == []


@pytest.mark.parametrize("address", [*PAGES.values(), "/robots.txt"])
def test_takes_no_post(client, address):
    assert client.post(address).status_code == 405


def test_language_is_kept_after_the_switch(client):
    response = client.post(reverse("set_language"), {"language": "en", "next": "/kontakt/"})
    assert (response.status_code, response["Location"]) == (302, "/kontakt/")
    html = page(client, "/kontakt/")
    assert '<html lang="en">' in html
    assert re.findall(r'name="language" value="(\w+)"', html) == ["pl"]


def test_navigation_marks_the_page_it_is_on(client):
    html = page(client, "/kontakt/")
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', html) == ["/kontakt/"]


def test_contact_shows_what_is_set_and_no_more(client, settings):
    assert re.findall(r'href="(?:mailto|tel):[^"]+"', page(client, "/kontakt/")) == []
    settings.CONTACT = {**settings.CONTACT, "email": "biuro@example.org", "phone": "+48 95 000 00 00"}
    for address in ("/kontakt/", "/prywatnosc/", "/dostepnosc/"):
        assert re.findall(r'href="((?:mailto|tel):[^"]+)"', page(client, address)) == [
            "mailto:biuro@example.org",
            "tel:+48950000000",
        ]


def test_accessibility_statement_can_be_read_by_machines(client):
    html = page(client, "/dostepnosc/")
    assert set(re.findall(r'id="(a11y-[^"]+)"', html)) == STATEMENT_IDS
    assert re.findall(r'<a id="a11y-url" href="([^"]+)"', html) == ["http://testserver/"]


def test_robots_read_the_public_pages_only(client, settings):
    closed = [reverse("staff:home"), reverse("staff:sign-in"), reverse("intake:find")]
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines == ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    settings.DEMO = True
    assert client.get("/robots.txt").content.decode().splitlines() == ["User-agent: *", "Disallow: /"]


def test_demo_says_so(client, settings):
    banner = '<div class="demo"'
    assert page(client, "/").count(banner) == 0
    settings.DEMO = True
    assert page(client, "/").count(banner) == 1


def test_unknown_address_is_answered_kindly(client):
    response = client.get("/kontakt/nie-ma/")
    assert response.status_code == 404
    assert response.content.decode().count("<h1>") == 1


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html"])
def test_error_pages_need_neither_context_nor_database(template, django_assert_num_queries):
    with django_assert_num_queries(0), translation.override("en"):
        html = render_to_string(template)
    assert '<html lang="en">' in html
    assert html.count("<h1>") == 1
