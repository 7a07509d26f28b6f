"""The part of the bench about de minimis aid: the room of an undertaking of many members and entries."""

import datetime
import itertools
import statistics
import time
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrum.kit import clock
from centrum.register.enums import LinkKind
from centrum.register.models import UndertakingLink
from loans.deminimis import room
from loans.enums import StatementSource
from tests.factories import aid, base, loans
from tests.volume import submitting

# the links of the day from one organisation on, the newest SUDOP statement of each, and the sum of three years
_BARE = """
    WITH RECURSIVE tied(id) AS (
        SELECT %(of)s::bigint UNION
        SELECT CASE WHEN l.organisation_id = tied.id THEN l.other_id ELSE l.organisation_id END
        FROM tied JOIN register_undertakinglink l ON tied.id IN (l.organisation_id, l.other_id)
        WHERE l.valid_from <= %(on)s AND (l.valid_to IS NULL OR l.valid_to > %(on)s)
    ), newest AS (
        SELECT DISTINCT ON (organisation_id) id FROM loans_aidstatement
        WHERE organisation_id IN (SELECT id FROM tied) AND source = 'sudop' AND as_of <= %(on)s
        ORDER BY organisation_id, as_of DESC, id DESC
    )
    SELECT sum(eur) FROM loans_aidstatementrow
    WHERE statement_id IN (SELECT id FROM newest) AND granted_on BETWEEN %(since)s AND %(on)s
"""


def room_part(say, size):
    """The room of an undertaking of 50 links with 1,000 entries beside the bare sum of the same rows.

    `say(name, value, unit)`; `size["aid"]`: (links, entries, runs).
    """
    links, entries, runs = size["aid"]
    today, by = clock.today(), loans.officer()
    members = [base.organisation() for _number in range(links + 1)]
    UndertakingLink.objects.bulk_create(
        UndertakingLink(
            organisation=one,
            other=other,
            kind=LinkKind.MAJORITY,
            valid_from=today - datetime.timedelta(days=900),
            source="bench",
            noted_by=by,
        )
        for one, other in itertools.pairwise(members)
    )
    for number, member in enumerate(members):
        days = [today - datetime.timedelta(days=n % 1_400) for n in range(number, entries, links + 1)]
        aid.stated(member, StatementSource.SUDOP, [(day, "123.45") for day in days], as_of=today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE loans_aidstatement, loans_aidstatementrow, register_undertakinglink")
    values = {"of": members[0].pk, "on": today, "since": clock.months_later(today, -36)}

    def ours():
        return room.of(members[0], today, Decimal(100)).used

    def bare():
        with connection.cursor() as cursor:
            cursor.execute(_BARE, values)
            return cursor.fetchone()[0]

    if ours() != bare():
        raise RuntimeError(f"the room says {ours()}, the bare sum {bare()}")
    with CaptureQueriesContext(connection) as asked:
        ours()
    own, other = ([_taken(one) for _n in range(runs)] for one in (ours, bare))
    say("aid_room.members", len(members), "organisations")
    say("aid_room.entries", entries, "entries")
    say("aid_room.queries", len(asked), "queries")
    say("aid_room.p50", statistics.median(own) * 1000, "ms")
    say("aid_room.p95", submitting.p95(own) * 1000, "ms")
    say("aid_room.postgresql.p95", submitting.p95(other) * 1000, "ms")
    say("aid_room.ratio", statistics.median(own) / statistics.median(other), "×")


def _taken(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
