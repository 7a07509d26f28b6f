"""Two rows of one person or organisation made one.

Everything that pointed to the row that goes points to the one that stays, whatever room it belongs to; the row that
goes stays as a tombstone that says into which. Its own history, journal entries and openings keep its key.
"""

from contextlib import ExitStack

import pghistory
import pgtrigger
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.kit import clock, registry
from centrum.kit.transitions import Refused, Stale, noun_of
from centrum.register import queries
from centrum.register.enums import IdentifierKind
from centrum.register.models import (
    Activity,
    Contact,
    Merge,
    Organisation,
    OrganisationUnit,
    Person,
    PersonSensitive,
    PersonUnit,
    StatusDuty,
    UndertakingLink,
)
from centrum.register.services import ORGANISATION_FIELDS, PERSON_FIELDS
from centrum.staff.enums import Right
from centrum.staff.permissions import require

NUMBERS = ("nip", "regon", "krs")  # of an organisation; unique, so the tombstone gives them up
FIELDS = {Person: PERSON_FIELDS, Organisation: ORGANISATION_FIELDS}


def chooseable(kept, gone):
    """Fields in which the two differ and the row that goes holds something."""
    return [
        name
        for name in FIELDS[type(kept)]
        if getattr(gone, name) not in (None, "") and getattr(gone, name) != getattr(kept, name)
    ]


def obstacles(kept, gone):
    """Sentences that say why the two can't be merged now; empty when they can."""
    found = []
    if isinstance(kept, Person):
        if kept.identifier_index and gone.identifier_index:  # unique, so they are two numbers
            found.append(_("The two have different numbers (PESEL or another): they are two people, or one is wrong."))
    else:
        for name in NUMBERS:
            mine, other = getattr(kept, name), getattr(gone, name)
            if mine and other:
                found.append(
                    _("The two have different numbers %(name)s: they are two organisations, or one is wrong.")
                    % {"name": name.upper()}
                )
    for rule in registry.merge_rules(kept._meta.label):
        found += rule.obstacles(kept, gone)
    return found


@transaction.atomic
def merge(kept, gone, *, by, reason, take=()):
    """Make `gone` one with `kept` and return `kept`; `take`: fields whose value comes from `gone`.

    Numbers that only `gone` has always come along. Raises PermissionDenied, Stale (one of them has been merged
    meanwhile), Refused (no reason, an obstacle, rows that exclude each other).
    """
    require(by, Right.MERGE)
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if kept.pk == gone.pk:
        raise Refused(_("A record can't be merged with itself."))
    model = type(kept)
    # FOR UPDATE also keeps others from pointing to them meanwhile; in the order of their keys against deadlock
    rows = model.objects.select_for_update(of=("self",)).filter(pk__in=(kept.pk, gone.pk)).order_by("pk")
    locked = {row.pk: row for row in rows}
    kept, gone = locked[kept.pk], locked[gone.pk]
    if kept.merged_into_id or gone.merged_into_id:
        raise Stale(_("One of the two records has been merged meanwhile."))
    found = obstacles(kept, gone)
    if found:
        raise Refused(found)
    taken = _take(kept, gone, take)
    with ExitStack() as unlocked:
        for rule in registry.merge_rules(model._meta.label):
            if rule.fold:
                rule.fold(kept, gone)
            for trigger in rule.unlock:
                unlocked.enter_context(pgtrigger.ignore(trigger))
        _fold_own(kept, gone)
        moved = repoint(kept, gone)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    Merge.objects.create(
        noun=noun_of(kept),
        kept_id=kept.pk,
        gone_id=gone.pk,
        reason=reason.strip(),
        taken=taken,
        moved=moved,
        by=by,
        at=clock.now(),
    )
    return kept


def _take(kept, gone, names):
    """Copy the chosen values and the missing numbers; the row that goes gives its numbers up first."""
    allowed = chooseable(kept, gone)
    taken = [name for name in allowed if name in names]
    if isinstance(kept, Person):
        if gone.identifier_index:
            if gone.identifier_kind == IdentifierKind.PESEL:  # it tells sex and date of birth, so the three go together
                taken += [name for name in ("sex", "birth_date") if name in allowed and name not in taken]
            trio = ("identifier_kind", "identifier_cipher", "identifier_index")
            values = {name: getattr(gone, name) for name in trio}
            gone.identifier_kind, gone.identifier_cipher, gone.identifier_index = IdentifierKind.NONE, None, None
            gone.save()
            for name, value in values.items():
                setattr(kept, name, value)
            taken.append("identifier")
    else:
        numbers = {name: getattr(gone, name) for name in NUMBERS if getattr(gone, name)}
        for name in numbers:
            setattr(gone, name, "")
        gone.save()
        for name, value in numbers.items():
            setattr(kept, name, value)
        taken += [name for name in numbers if name not in taken]
        taken = [name for name in taken if name not in NUMBERS or name in numbers]
    for name in taken:
        if name != "identifier" and name not in NUMBERS:
            setattr(kept, name, getattr(gone, name))
    kept.save()
    return sorted(taken)


def _fold_own(kept, gone):
    """Rows of the register of which each of the two has one of its own."""
    if isinstance(kept, Person):
        mine = PersonSensitive.objects.filter(person=kept).first()
        other = PersonSensitive.objects.filter(person=gone).first()
        if mine and other:
            names = [field.name for field in PersonSensitive._meta.concrete_fields if not field.primary_key]
            for name in names:
                setattr(mine, name, getattr(mine, name) or getattr(other, name))
            mine.save()
            other.delete()
        return
    mine, other = (StatusDuty.objects.filter(organisation=one).first() for one in (kept, gone))
    if mine and other:
        mine.job_created_on, mine.due_on = min((mine.job_created_on, mine.due_on), (other.job_created_on, other.due_on))
        mine.save()
        other.delete()
    between = Q(organisation=kept, other=gone) | Q(organisation=gone, other=kept)
    UndertakingLink.objects.filter(between).delete()  # nobody holds themselves
    if Contact.objects.filter(organisation=kept, main=True, valid_to=None).exists():
        Contact.objects.filter(organisation=gone, main=True, valid_to=None).update(main=False)
    versions = Activity.objects.filter(organisation=kept, main=True).values_list("version", flat=True)
    Activity.objects.filter(organisation=gone, main=True, version__in=list(versions)).update(main=False)


def references(model):
    """Fields of other tables that point to `model`, many-to-many included, histories left out."""
    relations = [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    return [
        relation.field
        for relation in relations
        if not issubclass(relation.related_model, pghistory.models.Event) and not relation.related_model._meta.proxy
    ]


def count_references(obj):
    """[(name of the table in words, how many rows point to `obj`)], without those of which there are none."""
    counted = [
        (field.model, field.model._base_manager.filter(**{field.name: obj}).count()) for field in references(type(obj))
    ]
    named = {proxy._meta.concrete_model: proxy for proxy in (PersonUnit, OrganisationUnit)}  # with names of their own
    return [(named.get(model, model)._meta.verbose_name_plural, number) for model, number in counted if number]


def repoint(kept, gone):
    """Let every row that points to `gone` point to `kept`; {label of the table: how many}.

    A row of which `kept` has the twin goes. Raises Refused with the rows that exclude each other.
    """
    moved, stuck = {}, []
    for field in references(type(kept)):
        rows = field.model._base_manager
        for row in rows.filter(**{field.name: gone}).order_by("pk"):
            try:
                with transaction.atomic():
                    rows.filter(pk=row.pk).update(**{field.name: kept})
            except IntegrityError:
                if _has_twin(row, field, kept):
                    row.delete()
                else:
                    stuck.append(f"{field.model._meta.verbose_name}: {row}")
                    continue
            label = field.model._meta.label
            moved[label] = moved.get(label, 0) + 1
    if stuck:
        raise Refused([_("Settle first what excludes each other: %(rows)s.") % {"rows": "; ".join(stuck)}])
    return moved


def _has_twin(row, field, kept):
    """Whether `kept` has a row that says the same; who wrote it down and when does not matter."""
    said = {
        other.name: getattr(row, other.attname)
        for other in row._meta.concrete_fields
        if not other.primary_key
        and other.name != field.name
        and not isinstance(other, models.DateTimeField)
        and not (other.is_relation and other.related_model._meta.label == "staff.User")
    }
    return type(row)._base_manager.filter(**said, **{field.name: kept}).exists()


def merges_into(obj):
    """What was merged into `obj`, newest first, with the tombstones: [(Merge, row that is gone)]."""
    made = list(Merge.objects.filter(noun=noun_of(obj), kept_id=obj.pk).select_related("by"))
    gone = type(obj).objects.in_bulk([merge.gone_id for merge in made])
    return [(merge, gone[merge.gone_id]) for merge in made]


def candidates(user, obj):
    """Records that `user` sees and that may be the same as `obj`."""
    if isinstance(obj, Person):
        alike = queries.similar_people(
            first_name=obj.first_name, last_name=obj.last_name, email=obj.email, phone=obj.phone
        )
        seen = queries.visible_people(user)
    else:
        alike = queries.similar_organisations(name=obj.name, nip=obj.nip, krs=obj.krs)
        seen = queries.visible_organisations(user)
    keys = [one.pk for one in alike if one.pk != obj.pk]
    found = seen.in_bulk(keys)
    return [found[key] for key in keys if key in found]
