"""Bad input gets a kind page instead of a 500; every change of a row knows who made it and where."""

import codecs
import uuid
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import author
from centrum.kit.logs import mask_path

# A client that is still sending when the answer comes sees a broken connection, not the page: up to so many
# bytes are read and thrown away first.
_DRAIN_BYTES = 64_000_000


class RejectBadInput:
    """Answer 400 (413 when too large) with `400.html` to bytes that no form of ours can hold.

    PostgreSQL refuses NUL in text, and Django replaces unreadable bytes silently; both are stopped here, in
    the path, the query and the fields, before a view sees them. Stands before the sessions, so it needs
    no database. The template gets `title` and `message`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            _must_be_modest(request)
            readable = _is_readable(request)
        except RequestDataTooBig:
            _drain(request)
            return _page(
                request,
                413,
                _("You sent too much at once"),
                _("Go back to the form, shorten the longest text and send it again. Nothing was saved."),
            )
        except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
            readable = False
        if not readable:
            return _page(
                request,
                400,
                _("We could not read what was sent"),
                _("Go back to the form, delete unusual characters and send it again. Nothing was saved."),
            )
        return self.get_response(request)


def chosen_language(request) -> str:
    """Return the language that the visitor chose on the page (cookie), Polish until then.

    The browser's own list is not asked: many people in Poland have a telephone set to another language.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class Language:
    """Speak the chosen language and say so in Content-Language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.LANGUAGE_CODE = chosen_language(request)
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class History:
    """Tell the history of rows who changes them, at which address and in which request; a GET changes none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self.get_response(request)
        with author(user=request.user.pk, url=mask_path(request.path), request=str(uuid.uuid4())):
            return self.get_response(request)


def _must_be_modest(request) -> None:
    """Refuse a body by its announced length, before its files are written down. Raises RequestDataTooBig."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
        raise RequestDataTooBig


def _is_readable(request) -> bool:
    """Tell whether path, query and fields are UTF-8 without NUL. Raises what Django raises on parsing."""
    if not _is_utf8(request.content_params.get("charset", "utf-8")):
        return False
    # Django has read the path already and left what it could not as %FF.
    sent = [unquote_to_bytes(request.path_info)]
    sent.append(unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1")))
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        sent.append(unquote_to_bytes(request.body))
    if not all(_is_text(data) for data in sent):
        return False
    # Parsed now, so that too many fields are refused here and not in a view.
    values = [*request.GET.lists(), *request.POST.lists()]
    if request.content_type == "multipart/form-data":
        # Its parser has put U+FFFD where it could not read.
        return not any("\x00" in text or "\ufffd" in text for name, texts in values for text in (name, *texts))
    return True


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode()
    except UnicodeDecodeError:
        return False


def _is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name == "utf-8"
    except LookupError:
        return False


def _drain(request) -> None:
    left = _DRAIN_BYTES
    try:
        while left > 0 and (chunk := request.read(65_536)):
            left -= len(chunk)
    except UnreadablePostError:
        return  # the client has gone; nobody waits for the page


def _page(request, status, title, message):
    # The language is set further in; here the request is asked itself.
    with translation.override(chosen_language(request)):
        return render(request, "400.html", {"title": title, "message": message}, status=status)
