"""Every insert, update and delete of a tracked row is kept by a database trigger (django-pghistory), with its author.

A tracked table takes no change whose author is unknown: a request names its user (middleware), everything else
opens `author(...)` around its work.
"""

from contextlib import contextmanager

import pghistory
import pgtrigger


@contextmanager
def author(*, user=None, url="", command="", **more):
    """Who changes rows inside; `user` is a primary key, None for the public or a command. Also a decorator.

    A thread needs its own. Within another it adds to what that one says.
    """
    known = {"url": url, "command": command, **more}
    with pghistory.context(user=user, **{name: value for name, value in known.items() if value}):
        yield


def history(*exclude):
    """Class decorator: keep all columns but the named ones; bulk and raw SQL writes are seen too."""
    track = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude)
    )

    def decorate(model):
        model = track(model)
        pgtrigger.register(_known_author())(model)
        return model

    return decorate


def _known_author():
    return pgtrigger.Trigger(
        name="known_author",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Statement,
        func="""
            IF COALESCE(current_setting('pghistory.context_metadata', TRUE), '') = '' THEN
                RAISE EXCEPTION 'Who changes % is not known', TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        """,
    )
