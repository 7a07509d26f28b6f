"""What of the de minimis ceiling a single undertaking has used and what is left, on a day, as each source tells it.

Three sources: what the members declared, what SUDOP showed of them, and our own register. Of each member a source
counts the rows of its newest statement and what we granted that it can't know: what was entered after it was made, and
of SUDOP what was not reported by its day. Of a member without a statement it counts what we granted. The source that
tells the most counts (see loans/aid.py for the window of three years). A few queries, however many members and entries.
All amounts in EUR.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from centrum.kit import clock, parameters
from centrum.kit.polish import date_short, eur
from centrum.kit.transitions import Refused
from centrum.register import ties
from centrum.register.models import Organisation
from loans import aid
from loans.enums import AidState, GuaranteeState, LoanState, StatementSource
from loans.models import AidGrant, AidStatement, AidStatementRow, DecisionAid

ZERO = Decimal("0.00")
OWN = "own"
LABELS = {OWN: pgettext_lazy("aid", "our register"), **dict(StatementSource.choices)}
_BEFORE_SIGNATURE = Q(decision__loan__state__in=[LoanState.APPROVED, LoanState.DRAWN]) | Q(
    decision__guarantee__state__in=[GuaranteeState.APPROVED, GuaranteeState.PROMISED, GuaranteeState.DRAWN]
)


@dataclass(frozen=True)
class Source:
    """What one source tells: `entries` [(day, EUR)] of all members, `used` of them on the day, and of how many members
    it has a statement."""

    code: str
    entries: list
    used: Decimal
    statements: int

    @property
    def label(self):
        return LABELS[self.code]


@dataclass(frozen=True)
class Standing:
    """The room of a single undertaking on a day; `pending`: approved and not signed yet, counted in every source;
    `room`: an aid.Room of the new aid."""

    on: object
    members: list
    ceiling: Decimal
    sources: list
    pending: Decimal
    room: aid.Room

    @property
    def used(self):
        return self.room.used

    @property
    def left(self):
        return self.room.left

    @property
    def told_by(self):
        """The source that tells the most."""
        return max(self.sources, key=lambda source: source.used)

    @property
    def percent(self):
        """How much of the ceiling is used, from 0 to 100, for a bar."""
        return min(int(self.room.used * 100 / self.ceiling), 100)

    def snapshot(self):
        """Who belongs together, for the register."""
        return [{"id": one.pk, "name": one.name, "nip": one.nip} for one in self.members]


def of(organisation, on=None, new=ZERO, *, pending=False, without=None):
    """The Standing of an organisation with all that make one undertaking with it on a day (today), for `new` aid.

    `pending`: count what is approved and not signed yet. `without`: the entry of the register, or the decision, that
    `new` takes the place of.
    """
    on = on or clock.today()
    members = sorted(ties.linked(organisation, on), key=lambda one: one.pk)
    keys = [one.pk for one in members]
    ceiling = aid.rounded(parameters.value("de-minimis-ceiling-eur", on))
    own = _own(keys, without)
    statements = _statements(keys)
    waiting = _pending(keys, without) if pending else ZERO
    sources = []
    for code in (OWN, *StatementSource.values):
        told = {} if code == OWN else statements[code]
        if code != OWN and not told:
            continue
        entries = list(_entries(keys, own, told, code))
        sources.append(Source(code, entries, aid.used(entries, on), len(told)))
    histories = [[*source.entries, *([(on, waiting)] if waiting else [])] for source in sources]
    return Standing(on, members, ceiling, sources, waiting, aid.room_of_all(histories, on, new, ceiling))


def _own(keys, without):
    """{organisation: [(day, EUR, instant of the entry, day of its report or None)]} of our register; of a correction
    the instant and the report of what it corrects first."""
    columns = ("pk", "organisation_id", "granted_on", "eur", "confirmed_at", "reported_on", "corrects_id", "state")
    rows = AidGrant.objects.filter(organisation__in=keys, state__in=[AidState.GRANTED, AidState.CORRECTED])
    rows = {row[0]: row[1:] for row in rows.order_by().values_list(*columns)}
    left_out = without.pk if isinstance(without, AidGrant) else None
    found = defaultdict(list)
    for pk, (key, day, value, entered, reported, corrects, state) in rows.items():
        if state == AidState.CORRECTED or pk == left_out:
            continue
        while corrects in rows:
            _key, _day, _value, entered, before, corrects, _state = rows[corrects]
            reported = before or reported
        found[key].append((day, value, entered, reported))
    return found


def _statements(keys):
    """{source: {organisation: (day, instant, [(day, EUR)])}} of the newest statements."""
    newest = AidStatement.objects.filter(organisation__in=keys)
    newest = newest.order_by("organisation_id", "source", "-as_of", "-id").distinct("organisation_id", "source")
    heads = list(newest.values_list("pk", "organisation_id", "source", "as_of", "at"))
    rows = defaultdict(list)
    if heads:
        told = AidStatementRow.objects.filter(statement__in=[head[0] for head in heads]).order_by()
        for key, *row in told.values_list("statement_id", "granted_on", "eur"):
            rows[key].append(tuple(row))
    found = {source: {} for source in StatementSource.values}
    for key, organisation, source, as_of, at in heads:
        found[source][organisation] = (as_of, at, rows[key])
    return found


def _entries(keys, own, told, code):
    for key in keys:
        if key not in told:
            yield from ((day, value) for day, value, _entered, _reported in own[key])
            continue
        as_of, at, rows = told[key]
        yield from rows
        for day, value, entered, reported in own[key]:
            unknown = entered >= at or day > as_of
            if unknown or (code == StatementSource.SUDOP and (reported is None or reported > as_of)):
                yield day, value


def _pending(keys, without):
    """EUR of what is approved for the members and not signed yet."""
    rows = DecisionAid.objects.filter(_BEFORE_SIGNATURE, decision__organisation__in=keys)
    if without is not None and not isinstance(without, AidGrant):
        rows = rows.exclude(decision=without.pk)
    return sum(rows.order_by().values_list("eur", flat=True), ZERO)


# For who grants


def lock(organisation, on):
    """Lock the organisations of a single undertaking in the order of their keys, so that of two who grant at once the
    second one sees what the first has granted. A link that came in between is locked as well."""
    locked = set()
    while True:
        keys = {one.pk for one in ties.linked(organisation, on)}
        if keys <= locked:
            return
        rows = Organisation._base_manager.select_for_update(of=("self",), no_key=True)
        list(rows.filter(pk__in=keys | locked).order_by("pk").values_list("pk"))
        locked |= keys


def must_fit(organisation, on, new, *, pending=False, without=None):
    """The Standing in which `new` EUR of a day fit. Raises Refused with what is used, left, and the first day on which
    it would fit. Whoever goes on to grant holds the lock."""
    found = of(organisation, on, new, pending=pending, without=without)
    if not found.room.fits:
        raise Refused(refusal(found, new))
    return found


def refusal(standing, new):
    """Why `new` EUR do not fit, in words."""
    words = _(
        "This is %(new)s of de minimis aid, and %(left)s are left of %(ceiling)s: %(used)s were used in three years."
    ) % {
        "new": eur(new),
        "left": eur(standing.left),
        "ceiling": eur(standing.ceiling),
        "used": eur(standing.used),
    }
    if standing.room.first_fits is None:
        when = _("It never fits: it is more than the whole ceiling.")
    else:
        when = _("It would fit from %(day)s on, if nothing else is granted until then.")
        when %= {"day": date_short(standing.room.first_fits)}
    return f"{words} {when}"
