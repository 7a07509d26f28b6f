"""Places that a lower room offers and upper rooms fill in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class MenuItem:
    """An entry of the back office's rail, for all without a `right`; `count(user)`: how many things wait there."""

    group: str
    label: str
    url_name: str
    right: str
    order: int
    count: Callable | None = None


@dataclass(frozen=True)
class NavItem:
    """An entry of the public navigation."""

    label: str
    url_name: str
    order: int


@dataclass(frozen=True)
class Offer:
    """What the Centrum offers, a card of the home page."""

    title: str
    text: str
    url_name: str
    order: int


@dataclass(frozen=True)
class Panel:
    """A part of a page of a lower room: `context(user, obj)` gives what `template` needs, None hides it."""

    place: str
    template: str
    context: Callable
    order: int


@dataclass(frozen=True)
class Finder:
    """One kind of hit of the search on every page: `find(user, text, limit)` → list of Hit."""

    label: str
    right: str
    order: int
    find: Callable


@dataclass(frozen=True)
class Hit:
    title: str
    text: str
    url: str


_entries = {kind: [] for kind in (MenuItem, NavItem, Offer, Panel, Finder)}


def register(*entries):
    for entry in entries:
        _entries[type(entry)].append(entry)


def _ordered(kind):
    return sorted(_entries[kind], key=lambda entry: entry.order)


def menu():
    return _ordered(MenuItem)


def nav():
    return _ordered(NavItem)


def offers():
    return _ordered(Offer)


def finders():
    return _ordered(Finder)


def panels(place, user, obj):
    """[(template, context)] of the panels that `user` sees at `place` for `obj`."""
    made = [(p.template, p.context(user, obj)) for p in _ordered(Panel) if p.place == place]
    return [{"template": template, "panel": context} for template, context in made if context is not None]
