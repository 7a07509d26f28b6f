"""Bad bytes through the whole stack, and the history as the triggers of the database see it."""

import json
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse

from centrum.kit.middleware import History

NOWHERE = "/nie-ma-takiej-strony/"  # what is let through ends as 404
FORM = "application/x-www-form-urlencoded"


def multipart(*, name=b"name", value=b"Anna"):
    return b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n--x--\r\n' % (name, value)


@pytest.mark.parametrize("address", ["/%00/", "/a%00b", "/%ff/", "/%ed%a0%80/", "/?q=%00", "/?q=%ff", "/?%00=1"])
@pytest.mark.django_db
def test_unreadable_addresses_get_the_kind_page(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert response.templates[0].name == "400.html"


@pytest.mark.parametrize("body", [b"name=%00", b"name=a\x00", b"name=%ff", b"n%00=1", b"name=\xb3\xf3d\xbc"])
@pytest.mark.django_db
def test_unreadable_fields_get_the_kind_page(client, body):
    assert client.post(NOWHERE, body, content_type=FORM).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        multipart(value=b"a\x00b"),
        multipart(value=b"\xb3\xf3d\xbc"),
        multipart(name=b"a\x00b"),
    ],
)
@pytest.mark.django_db
def test_unreadable_multipart_fields_get_the_kind_page(client, body):
    assert client.post(NOWHERE, body, content_type="multipart/form-data; boundary=x").status_code == 400


@pytest.mark.django_db
def test_a_multipart_body_without_boundary_gets_the_kind_page(client):
    assert client.generic("POST", NOWHERE, multipart(), content_type="multipart/form-data").status_code == 400


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-2", "rot13", "nonsense"])
@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=x"])
@pytest.mark.django_db
def test_other_encodings_get_the_kind_page(client, content_type, charset):
    response = client.generic("POST", NOWHERE, multipart(), content_type=f"{content_type}; charset={charset}")
    assert response.status_code == 400


@pytest.mark.django_db
def test_polish_letters_pass(client):
    assert client.get("/żółć/?q=zażółć%20gęślą+jaźń&q=�").status_code == 404
    assert client.post(NOWHERE, {"name": "Zażółć"}).status_code == 404
    for charset in ("utf-8", "UTF-8"):
        assert client.post(NOWHERE, "name=%C5%BB", content_type=f"{FORM}; charset={charset}").status_code == 404
    assert client.post(NOWHERE, b"\x00\xff", content_type="application/octet-stream").status_code == 404


@pytest.mark.django_db
def test_more_than_a_form_may_hold_gets_the_kind_page(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
    for content_type in (FORM, "multipart/form-data; boundary=x"):
        body = b"name=" + b"a" * 10_000_000 if content_type == FORM else multipart(value=b"a" * 10_000_000)
        response = client.post(NOWHERE, body, content_type=content_type)
        assert response.status_code == 413
        assert response.templates[0].name == "400.html"


@pytest.mark.django_db
def test_thousands_of_fields_get_the_kind_page(client):
    many = "&".join(f"a{number}=1" for number in range(1001))
    assert client.get(f"{NOWHERE}?{many}").status_code == 400
    assert client.post(NOWHERE, many, content_type=FORM).status_code == 400


@pytest.mark.django_db
def test_the_page_speaks_the_chosen_language(client):
    assert '<html lang="pl">' in client.get("/%00", headers={"accept-language": "en"}).content.decode()
    client.cookies["django_language"] = "en"
    response = client.get("/%00")
    assert "We could not read what was sent" in response.content.decode()
    assert '<html lang="en">' in response.content.decode()


def told_to_triggers(request):
    """The context that a trigger would write for a change made in `request`."""
    with connection.cursor() as cursor:
        # pghistory sets it with any statement that does not begin as a plain read
        cursor.execute("WITH one AS (SELECT 1) SELECT current_setting('pghistory.context_metadata', true)")
        return HttpResponse(cursor.fetchone()[0] or "")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.django_db
@pytest.mark.nobody
def test_history_knows_who_where_and_in_which_request(rf, method):
    request = getattr(rf, method)("/wnioski/4f7c0a52-91cb-4a0e-9d5e-0b1b7e0f2a11/?pesel=44051401359")
    request.user = get_user_model()(pk=7)
    told = [json.loads(History(told_to_triggers)(request).content) for _twice in range(2)]
    assert len({str(uuid.UUID(context.pop("request"))) for context in told}) == 2
    assert told == [{"user": 7, "url": "/wnioski/*/"}] * 2


@pytest.mark.django_db
@pytest.mark.nobody
def test_history_knows_a_visitor_by_address_alone(rf):
    request = rf.post("/wnioski/wsparcie/")
    request.user = AnonymousUser()
    told = json.loads(History(told_to_triggers)(request).content)
    assert {**told, "request": ""} == {"user": None, "url": "/wnioski/wsparcie/", "request": ""}


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.django_db
@pytest.mark.nobody
def test_reading_leaves_no_history(rf, method):
    assert History(told_to_triggers)(getattr(rf, method)("/")).content == b""
