"""Where a request comes from: the address, and the browser in words that a person recognises."""

import ipaddress
from dataclasses import dataclass

from django.conf import settings

# The first that fits: browsers also name those that they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Origin:
    """`address`: IPv4 or IPv6 as text, None where it is not known; `browser`: e.g. "Firefox, Windows", may be empty."""

    address: str | None = None
    browser: str = ""


def of(request):
    """Return the Origin of `request`; the proxy in front is believed only where BEHIND_PROXY says that there is one."""
    sent = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        sent = request.META.get("HTTP_X_FORWARDED_FOR", sent).rpartition(",")[2]  # the one that our proxy has added
    return Origin(_address(sent), _browser(request.META.get("HTTP_USER_AGENT", "")))


def network(address):
    """(first, last) address of what one visitor may have: the IPv4 address itself, the /64 of an IPv6 one."""
    whole = ipaddress.ip_network((address, 64 if ":" in address else 32), strict=False)
    return str(whole[0]), str(whole[-1])


def _address(text):
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.IPv6Address(int(address)))  # a zone (%eth0) is of that machine only


def _browser(agent):
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))
