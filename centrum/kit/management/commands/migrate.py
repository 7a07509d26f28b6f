"""Django's own `migrate`, without making historical models anew that no SQL depends on.

Django renders a model and all that are related to it after each operation, also for a constraint, an index or a
trigger: with some three hundred models, kept history among them, that is nine tenths of minutes. The tables come out
the same.
"""

from contextlib import contextmanager

from django.core.management.commands import migrate
from django.db import migrations
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# render their own model alone
_OWN = (migrations.AddField, migrations.CreateModel)
# render none
_NONE = (
    migrations.AddConstraint,
    migrations.AddIndex,
    migrations.AlterConstraint,
    migrations.RemoveConstraint,
    migrations.RemoveIndex,
    AddTrigger,
    RemoveTrigger,
)
# look at what points to a column, so they need all models whole
_ALL = (
    migrations.AlterField,
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
)


class Command(migrate.Command):
    def handle(self, *args, **options):
        if options["app_label"]:  # one room, perhaps back: as Django does it
            return super().handle(*args, **options)
        with _less_rendering():
            return super().handle(*args, **options)


@contextmanager
def _less_rendering():
    usual = {operation: operation.state_forwards for operation in (*_OWN, *_NONE, *_ALL)}
    for operation, method in usual.items():
        operation.state_forwards = _whole(method) if operation in _ALL else _quick(method, operation in _OWN)
    try:
        yield
    finally:
        for operation, method in usual.items():
            operation.state_forwards = method


def _whole(usual):
    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # rendered anew, all of them, by whoever asks
        usual(self, app_label, state)

    return state_forwards


def _quick(usual, own):
    def state_forwards(self, app_label, state):
        def reload_model(app, name, **_options):
            if "apps" not in state.__dict__:
                return  # nobody has asked for models yet
            state.is_delayed = True  # functions of migrations and signals get all of them whole
            if own:
                state.apps.unregister_model(app, name)
                state.apps.render_multiple([state.models[app, name]])

        state.reload_model = reload_model
        try:
            usual(self, app_label, state)
        finally:
            del state.reload_model

    return state_forwards
