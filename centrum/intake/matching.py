"""Who of the register an application speaks of: likely rows, differences field by field, and what acceptance writes.

A kind of application says it by `Kind.matching`, a tuple of Match; nothing here knows a kind.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import kinds
from centrum.kit.transitions import Refused
from centrum.register import queries, services
from centrum.register.models import Organisation, Person


@dataclass(frozen=True)
class Noun:
    """A table of the register. `similar(**values)` finds likely rows, `numbers` are fields that no two rows share."""

    model: type
    visible: Callable
    similar: Callable
    like: tuple  # fields that `similar` takes
    create: Callable
    update: Callable
    new: str
    url: str
    numbers: tuple = ()


PERSON = Noun(
    model=Person,
    visible=queries.visible_people,
    similar=queries.similar_people,
    like=("first_name", "last_name", "email", "phone"),
    create=services.create_person,
    update=services.update_person,
    new=gettext_lazy("Enter as a new person"),
    url="register:person",
)
ORGANISATION = Noun(
    model=Organisation,
    visible=queries.visible_organisations,
    similar=queries.similar_organisations,
    like=("name", "nip", "krs", "email"),
    create=services.create_organisation,
    update=services.update_organisation,
    new=gettext_lazy("Enter as a new organisation"),
    url="register:organisation",
    numbers=("nip", "krs"),
)


@dataclass(frozen=True)
class Match:
    """One row of the register that an application speaks of; `name` is the argument of Kind.accept that takes it.

    `pairs`: (field of the answers, field of the register); `fixed`: what a new row has besides.
    """

    name: str
    noun: Noun
    question: str
    pairs: tuple
    fixed: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Difference:
    """A field as the applicant typed it beside what the register holds.

    `word` and `tag` say how they compare; `missing`: the register holds nothing. `key` names the field together with
    what it held when it was shown, so that a later change of the register is not overwritten unseen.
    """

    name: str
    label: str
    typed: str
    held: str
    word: str
    tag: str
    takeable: bool
    missing: bool
    key: str


@dataclass(frozen=True)
class Candidate:
    row: object
    differences: list
    same_number: bool

    @property
    def differing(self):
        return [difference for difference in self.differences if difference.takeable]

    @property
    def agreeing(self):
        return [difference for difference in self.differences if not difference.takeable]


@dataclass(frozen=True)
class Comparison:
    """What a user is shown of one Match. `hidden`: a row with the same number belongs to units that they don't see."""

    match: Match
    candidates: list
    hidden: bool

    @property
    def may_be_new(self):
        return not self.hidden and not any(candidate.same_number for candidate in self.candidates)


def compare(application, user):
    """[Comparison] of the application's kind; rows that `user` does not see are left out."""
    kind = kinds.of(application)
    return [_compare(match, kind.answers_of(application), user) for match in kind.matching]


def _compare(match, answers, user):
    noun, values = match.noun, typed(match, answers)
    similar = [
        row for row in noun.similar(**{name: values.get(name) or "" for name in noun.like}) if not row.merged_into_id
    ]
    seen = set(noun.visible(user).filter(pk__in=[row.pk for row in similar]).values_list("pk", flat=True))
    same = {row.pk for row in similar if any(values.get(n) and values[n] == getattr(row, n) for n in noun.numbers)}
    shown = [row for row in similar if row.pk in (same or seen) and row.pk in seen]
    related = [ours for _theirs, ours in match.pairs if noun.model._meta.get_field(ours).is_relation]
    prefetch_related_objects(shown, *related)
    candidates = [Candidate(row, differences(match, answers, row), row.pk in same) for row in shown]
    return Comparison(match, candidates, hidden=bool(same - seen))


def typed(match, answers):
    """{field of the register: what the applicant typed}."""
    return {ours: getattr(answers, theirs) for theirs, ours in match.pairs}


def differences(match, answers, row):
    """[Difference] of every pair, in the order of the declaration."""
    return [_difference(answers, theirs, row, ours) for theirs, ours in match.pairs]


def _difference(answers, theirs, row, ours):
    said, held = kinds.in_words(answers, theirs), kinds.in_words(row, ours)
    said, held = ("" if value is None else str(value) for value in (said, held))
    if not said:
        word, tag = (_("not given"), "quiet")
    elif not held:
        word, tag = (_("missing in the register"), "info")
    elif _plain(said) == _plain(held):
        word, tag = (_("the same"), "ok")
    else:
        word, tag = (_("different"), "wait")
    return Difference(
        name=ours,
        label=row._meta.get_field(ours).verbose_name,
        typed=said,
        held=held,
        word=word,
        tag=tag,
        takeable=tag in ("info", "wait"),
        missing=tag == "info",
        key=f"{ours}.{zlib.crc32(held.encode()):08x}",
    )


def _plain(text):
    return " ".join(text.split()).casefold()


def hidden_text():
    """What is said instead of the data of a row that belongs to another unit."""
    return _("Somebody with this number is served by another unit. Ask the lead to accept the application.")


def write(application, *, by, unit, rows, take):
    """Make new rows of the register where `rows` holds None, and write what was chosen into the others.

    `rows`: {match: row or None}, `take`: {match: fields of the register that become what the applicant typed}.
    Returns {match: row}. Raises Refused when a number belongs to another row, naming the field.
    """
    kind = kinds.of(application)
    answers = kind.answers_of(application)
    return {match.name: _write(match, answers, by, unit, rows.get(match.name), take) for match in kind.matching}


def _write(match, answers, by, unit, row, take):
    values, noun = typed(match, answers), match.noun
    if row is None:
        return noun.create(by=by, unit=unit, **values, **match.fixed)
    if not noun.visible(by).filter(pk=row.pk).exists():
        raise Refused({match.name: hidden_text()})
    chosen = {name: values[name] for name in take.get(match.name, ())}
    return noun.update(row, by=by, **chosen) if chosen else row
