"""Django's own `migrate`, without making historical models anew that no SQL depends on.

Django renders a model and all that are related to it after each operation, also for a constraint, an index or a
trigger: with some three hundred models, kept history among them, that is nine tenths of minutes. The tables come out
the same.
"""

from contextlib import contextmanager

from django.core.management.commands import migrate
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterConstraint,
    CreateModel,
    RemoveConstraint,
    RemoveIndex,
)
from pgtrigger.migrations import AddTrigger, RemoveTrigger

_OF_COLUMNS = (AddField, CreateModel)
_OF_OPTIONS = (AddConstraint, AddIndex, AddTrigger, AlterConstraint, RemoveConstraint, RemoveIndex, RemoveTrigger)


class Command(migrate.Command):
    def handle(self, *args, **options):
        if options["app_label"]:  # one room, perhaps back: as Django does it
            return super().handle(*args, **options)
        with _less_rendering():
            return super().handle(*args, **options)


@contextmanager
def _less_rendering():
    """A new table and a new column render their own model alone, the other operations none."""
    usual = {operation: operation.state_forwards for operation in (*_OF_COLUMNS, *_OF_OPTIONS)}

    def state_forwards(self, app_label, state):
        def render(app, name, **_options):
            if isinstance(self, _OF_COLUMNS):
                state.apps.unregister_model(app, name)
                state.apps.render_multiple([state.models[app, name]])

        state.reload_model = render
        usual[type(self)](self, app_label, state)
        del state.reload_model

    for operation in usual:
        operation.state_forwards = state_forwards
    try:
        yield
    finally:
        for operation, method in usual.items():
            operation.state_forwards = method
