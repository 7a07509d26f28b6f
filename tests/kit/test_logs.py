"""What a line of the log tells, and above all what it does not."""

import json
import logging
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit.logs import JsonFormatter, mask_path

PESEL = "44051401359"
EMAIL = "anna.nowak@example.pl"
TOKEN = "eyJpZCI6MX0:1tKx9P:dGhpcyBpcyBhIHNpZ25hdHVyZQ"


def line(message, *args, error=None, **extra):
    record = logging.getLogger("centrum.intake").makeRecord(
        "centrum.intake", logging.ERROR, "x.py", 1, message, args, error, extra=extra
    )
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text), text


def raised(call):
    try:
        call()
    except Exception:
        return sys.exc_info()
    raise AssertionError("nothing was raised")


def test_a_line_tells_time_level_logger_message_and_numbers():
    told, _text = line("%s rows imported", 12, rows=12, ratio=0.5, project="FELB.06.10-IZ.00-0007/24")
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "ERROR",
        "logger": "centrum.intake",
        "message": "%s rows imported",
        "rows": 12,
        "ratio": 0.5,
        "project": "FELB.06.10-IZ.00-0007/24",
    }


def test_arguments_and_unknown_texts_are_left_out():
    told, text = line("%s applied", EMAIL, email=EMAIL, person={"pesel": PESEL}, body=b"x")
    assert EMAIL not in text
    assert PESEL not in text
    assert sorted(told) == ["level", "logger", "message", "time"]


def test_numbers_and_addresses_written_into_a_message_are_masked():
    told, _text = line(f"Person {PESEL} wrote from {EMAIL} to us")
    assert told["message"] == "Person * wrote from * to us"


def test_the_request_is_told_by_method_and_masked_path_only(rf):
    request = rf.post(f"/karta/{TOKEN}/?email={EMAIL}", {"pesel": PESEL})
    told, text = line("Bad request", request=request, status_code=400)
    assert (told["method"], told["path"], told["status_code"]) == ("POST", "/karta/*/", 400)
    assert "?" not in text
    assert PESEL not in text


def test_an_exception_is_told_by_type_and_place_without_what_it_quotes():
    def fail():
        secret = PESEL
        raise ValueError(f"bad number {secret}")

    told, text = line("Failed", error=raised(fail))
    (error,) = told["exception"]
    assert error["type"] == "builtins.ValueError"
    assert error["frames"][-1].startswith("tests/kit/test_logs.py:")
    assert error["frames"][-1].endswith(" fail")
    assert "text" not in error
    assert PESEL not in text


def test_exceptions_that_speak_of_code_keep_their_text():
    def fail():
        raise ImproperlyConfigured("DATA_KEY must be 32 bytes")

    told, _text = line("Failed", error=raised(fail))
    assert told["exception"][0]["text"] == "DATA_KEY must be 32 bytes"


@pytest.mark.django_db
def test_a_refusal_of_the_database_names_the_constraint_and_not_the_row():
    def fail():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE logged (email text CONSTRAINT logged_email UNIQUE)")
            cursor.execute("INSERT INTO logged VALUES (%s), (%s)", [EMAIL, EMAIL])

    error = raised(fail)
    assert error[0] is IntegrityError
    told, text = line("Failed", error=error)
    assert [(cause["type"], cause.get("sqlstate"), cause.get("constraint")) for cause in told["exception"]] == [
        ("django.db.utils.IntegrityError", None, None),
        ("psycopg2.errors.UniqueViolation", "23505", "logged_email"),
    ]
    assert EMAIL not in text


@given(st.text(), st.text())
def test_any_text_makes_one_line_of_json(message, project):
    line(message, project=project)


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/wnioski/wsparcie/", "/wnioski/wsparcie/"),
        ("/deklaracja-dostepnosci-strony/", "/deklaracja-dostepnosci-strony/"),
        ("/sprawy/123/uslugi/4/", "/sprawy/123/uslugi/4/"),
        ("/wnioski/4f7c0a52-91cb-4a0e-9d5e-0b1b7e0f2a11/", "/wnioski/*/"),
        (f"/karta/{TOKEN}/potwierdz/", "/karta/*/potwierdz/"),
        (f"/osoby/{PESEL}", "/osoby/*"),
        (f"/osoby/{EMAIL}/", "/osoby/*/"),
        (f"/szukaj/?q={PESEL}", "/szukaj/"),
    ],
)
def test_paths_are_masked(path, masked):
    assert mask_path(path) == masked
