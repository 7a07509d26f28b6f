"""Numbers of cases and papers: `WS/2026/0001`, without gaps per series and year."""

from django.db import connection, transaction

from centrum.kit.clock import today


def next_number(series, *, year=None):
    """Take the next number of `series` in `year` (default: of today).

    The series row stays locked until the caller's transaction ends, so a rollback leaves no gap
    and two callers never get one number. Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("next_number() needs the transaction that uses the number")
    year = year or today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_numberseries (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = kit_numberseries.last + 1 RETURNING last",
            [series, year],
        )
        return f"{series}/{year}/{cursor.fetchone()[0]:04d}"
