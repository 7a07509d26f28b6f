"""Every insert, update and delete of a tracked row is kept by a database trigger (django-pghistory)."""

import pghistory


def history(*exclude):
    """Class decorator: keep all columns but the named ones; bulk and raw SQL writes are seen too."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude)
    )
