"""Django's PostgreSQL backend that starts its server, or revives it, when a connection fails."""

from pathlib import Path

from django.db.backends.postgresql import base

from centrum.postgres.server import Server


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        """Connect; if nobody answers, see that the server runs and try once more."""
        try:
            return super().get_new_connection(conn_params)
        except base.Database.OperationalError:
            Server.of(Path(self.settings_dict["PROJECT"])).ensure()
            return super().get_new_connection(conn_params)
