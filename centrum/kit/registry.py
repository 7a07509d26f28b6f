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
class MergeRule:
    """What a room has to say when two rows of `model` (a label such as "register.Person") become one.

    `obstacles(kept, gone)` → sentences, each of which forbids it; `fold(kept, gone)` settles what a plain change of
    the foreign keys can't, before it; `unlock`: names of triggers that would refuse the change of a foreign key.
    """

    model: str
    obstacles: Callable
    fold: Callable | None = None
    unlock: tuple = ()


@dataclass(frozen=True)
class AuditReach:
    """What of an upper room belongs to audited people: `organisations(people)` and `applications(people)` →
    querysets of primary keys; `people(user, number)` → those of a visible case or paper with that number."""

    organisations: Callable
    applications: Callable
    people: Callable


@dataclass(frozen=True)
class JournalTab:
    """A part of the journal: `model` is its append-only table with `by` and `at`, `lines(rows, reader)` its words."""

    name: str
    label: str
    model: str
    lines: Callable


@dataclass(frozen=True)
class DossierSection:
    """What a room holds on a person: `collect(person)` → rows, each {label: value} (see `kit.dossier`).

    `tables`: labels of the models whose rows it tells, so that a test can say which are told nowhere.
    """

    label: str
    order: int
    collect: Callable
    tables: tuple = ()


@dataclass(frozen=True)
class Story:
    """What a wing adds to the demo: `tell(demo)`, after the rooms below have told theirs (portal.demo.build)."""

    order: int
    tell: Callable


@dataclass(frozen=True)
class Hit:
    title: str
    text: str
    url: str


_PLACES = (MenuItem, NavItem, Offer, Panel, Finder, MergeRule, AuditReach, JournalTab, DossierSection, Story)
_entries = {kind: [] for kind in _PLACES}


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


def dossier_sections():
    return _ordered(DossierSection)


def dossier(person):
    """[{section, rows}] of everything that the rooms hold on a person, in a fixed order."""
    return [{"section": str(section.label), "rows": section.collect(person)} for section in dossier_sections()]


def panels(place, user, obj):
    """[(template, context)] of the panels that `user` sees at `place` for `obj`."""
    made = [(p.template, p.context(user, obj)) for p in _ordered(Panel) if p.place == place]
    return [{"template": template, "panel": context} for template, context in made if context is not None]


def merge_rules(model):
    return [rule for rule in _entries[MergeRule] if rule.model == model]


def audit_reaches():
    return _entries[AuditReach]


def stories():
    return _ordered(Story)


def journal_tabs():
    return _entries[JournalTab]
