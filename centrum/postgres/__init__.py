"""PostgreSQL of the project's own, for a machine without one: no account, no port, no administrator.

`settings` names it for Django; connecting starts it (`base`), `make stop` ends it (`server`).
With DATABASE_URL none of this is used.
"""

from pathlib import Path

from centrum.postgres.server import NAME, PORT, USER, Server


def settings(base_dir: Path) -> dict:
    """The DATABASES entry of the server in `base_dir`; only looks, starts and writes nothing."""
    return {
        "ENGINE": "centrum.postgres",
        "NAME": NAME,
        "USER": USER,
        "HOST": str(Server.of(base_dir).sockets),
        "PORT": PORT,
        "PROJECT": str(base_dir),  # read by `base`, unknown to Django
    }
