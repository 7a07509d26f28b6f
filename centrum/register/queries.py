"""What is read of people and organisations; every read for a user begins at `visible_…`."""

import re

from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, Value

from centrum.kit import crypto, identifiers, registry
from centrum.kit.periods import in_force
from centrum.kit.search import MATCHES, PlFold, first_matching
from centrum.kit.validators import clean_text, validate_cell
from centrum.register.enums import IdentifierKind
from centrum.register.models import Commune, Organisation, Person, SampledPerson
from centrum.staff.enums import Right, Role
from centrum.staff.models import Unit
from centrum.staff.queries import seen_as, unit_scope

IDENTIFIER_PURPOSE = "person.identifier"
SIMILAR_LIMIT = 10
SPELT, NEAR = 6, 0.7  # letters of a name that is worth comparing; share of its trigrams that must be there
_NO_WORD = re.compile(r"[^\w@.+-]+")
# Words of a name that only tell the legal form: two names are not near to each other because they share these.
_COMMON = re.compile(
    r"\b(?:sp[oó][lł]dzielni[ae]|socjaln[ay]|fundacj[ai]|stowarzyszeni[ea]|ko[lł]o|gospody[nń]|wiejskich|ochotnicza|stra[zż]"
    r"|po[zż]arna|zak[lł]ad|warsztat|centrum|klub|aktywno[sś]ci|zawodowej|terapii|zaj[eę]ciowej|integracji|spo[lł]ecznej)\b",
    re.IGNORECASE,
)


def visible_people(user):
    """People of the user's units; of all units for the lead's wide roles; nobody without the right.

    An auditor sees those in a sample of theirs, and only on its days.
    """
    people = _visible(Person, user)
    return people.filter(pk__in=audited(user)) if user.role == Role.AUDITOR else people


def visible_organisations(user):
    """Organisations of the user's units; of all units for the lead's wide roles; none without the right.

    An auditor sees those that the people of the sample have cases for.
    """
    organisations = _visible(Organisation, user)
    if user.role != Role.AUDITOR:
        return organisations
    return organisations.filter(of_audited("organisations", user))


def audited(user):
    """Queryset of the primary keys of the people whom the auditor `user` may read today."""
    auditors = [one.pk for one in seen_as(user)]
    rows = SampledPerson.objects.filter(in_force(prefix="auditsample__"), auditsample__auditor__in=auditors)
    return rows.values("person")


def of_audited(what, user):
    """Q of the rows that belong to audited people, as the upper rooms know it: "organisations", "applications"."""
    reached = Q(pk__in=[])
    for reach in registry.audit_reaches():
        reached |= Q(pk__in=getattr(reach, what)(audited(user)))
    return reached


def _visible(model, user):
    if not user.has_right(Right.VIEW_CLIENTS):
        return model.objects.none()
    current = model.objects.filter(merged_into=None)
    scope = unit_scope(user)
    if scope is None:
        return current
    through = model.units.through
    link = through._meta.get_field(model._meta.model_name)
    return current.filter(Exists(through.objects.filter(**{link.name: OuterRef("pk")}, unit__in=scope)))


def clean_identifier(kind, value):
    """(text as stored, text as indexed) of an identifier; raises ValidationError in words for the user."""
    if kind == IdentifierKind.PESEL:
        stored = identifiers.clean_pesel(value)
        return stored, f"pesel:{stored}"
    stored = clean_text(value)
    validate_cell(stored)
    return stored, f"other:{identifiers.normalise_pesel(stored).upper()}"


def find_by_identifier(kind, value):
    """The person with this PESEL or other identifier, in whatever unit; None when nobody has it or it is no PESEL."""
    try:
        _stored, indexed = clean_identifier(kind, value)
    except ValidationError:
        return None
    index = crypto.blind_index(indexed, purpose=IDENTIFIER_PURPOSE)
    return Person.objects.filter(identifier_index=index).first()


def identifier_of(person):
    """The PESEL or other identifier in full, "" without one: for files and masks; people read it by a reveal."""
    if person.identifier_cipher is None:
        return ""
    return crypto.decrypt(person.identifier_cipher, purpose=IDENTIFIER_PURPOSE)


def masked_identifier(person):
    """`*******1359`; of a short identifier at most half is shown."""
    number = identifier_of(person)
    shown = min(4, len(number) // 2)
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def similar_people(*, first_name, last_name, email="", phone="", pesel=""):
    """Up to ten people of the whole register who may be the same: PESEL, e-mail, phone with surname, or name.

    The one with the PESEL comes first, those whose name is only spelt alike last. Callers show only those that the
    user may see.
    """
    name = f"{first_name} {last_name}".strip()
    alike = _words(name) if name else Q(pk=None)
    if email:
        alike |= Q(search__contains=_fold(email), email__iexact=email)
    if phone:
        alike |= _words(f"{last_name} {phone}")
    same = find_by_identifier(IdentifierKind.PESEL, pesel) if pesel else None
    return _alike(Person, [same] if same else [], alike, name if first_name and last_name else "")


def similar_organisations(*, name, nip="", krs="", email=""):
    """Up to ten organisations of the whole register with the same NIP, KRS or e-mail, or a name like this one."""
    same = Q(nip=nip) if nip else Q()
    same |= Q(krs=krs) if krs else Q()
    numbered = list(Organisation.objects.filter(same)) if same else []
    alike = _words(name) if name else Q(pk=None)
    if email:
        alike |= Q(search__contains=_fold(email), email__iexact=email)
    return _alike(Organisation, numbered, alike, name)


def _alike(model, first, alike, name):
    """`first`, then rows that match `alike`, then, while there is room, those whose name is spelt nearly so."""
    current = model.objects.filter(merged_into=None)
    found = list(first)
    found += [row for row in current.filter(alike).order_by("sort", "id")[:SIMILAR_LIMIT] if row not in found]
    text = _COMMON.sub(" ", _NO_WORD.sub(" ", name)).strip()
    if len(found) < SIMILAR_LIMIT and len(text) >= SPELT:
        near = current.filter(search__trigram_word_similar=_fold(text))
        near = near.annotate(nearness=TrigramWordSimilarity(_fold(text), "search")).filter(nearness__gte=NEAR)
        found += [row for row in near.order_by("-nearness", "sort", "id")[:SIMILAR_LIMIT] if row not in found]
    return found[:SIMILAR_LIMIT]


def _fold(text):
    return PlFold(Value(text))


def _words(text):
    """All words of `text` in any order, quotation marks aside."""
    found = Q()
    for word in _NO_WORD.sub(" ", text).split()[:8]:
        found &= Q(search__contains=_fold(word))
    return found


def matching_people(people, text, limit=MATCHES):
    """(those of `people` with the words of `text` in name, e-mail, phone or town, how many, whether there are more).

    A PESEL finds its person by the hash. No more than `limit` are looked at.
    """
    person = find_by_identifier(IdentifierKind.PESEL, text)
    if person is not None:
        found = people.filter(pk=person.pk)
        return found, found.count(), False
    return first_matching(people, plain_number(text), limit)


def matching_organisations(organisations, text, limit=MATCHES):
    """(those with `text` in name, NIP, REGON, KRS, e-mail, phone or town, how many, whether there are more)."""
    return first_matching(organisations, plain_number(text), limit)


def plain_number(text):
    """`text`, or its digits alone when it is a NIP, REGON, KRS or phone number written with spaces or dashes."""
    number = identifiers.normalise_nip(text)
    return number if re.fullmatch("[0-9]{7,14}", number) else text


def communes(on, chosen=None):
    """Communes in force on the day `on`, and the one that was `chosen` before."""
    return Commune.objects.filter(Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on)) | Q(pk=chosen))


def units(user):
    """Units by which `user` may narrow a list: those that they see."""
    scope = unit_scope(user)
    return Unit.objects.all() if scope is None else Unit.objects.filter(pk__in=scope)
