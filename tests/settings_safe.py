"""Read centrum.settings in a process of its own, with nothing in the environment but what is given."""

import json
import os
import subprocess
import sys
from pathlib import Path

NAMES = [
    "DEBUG",
    "DEMO",
    "ALLOWED_HOSTS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
]
SCRIPT = """
import json, sys
from django.core.exceptions import ImproperlyConfigured
try:
    from centrum import settings
except ImproperlyConfigured as error:
    print(json.dumps({"error": str(error)}))
else:
    print(json.dumps({"error": "", **{name: getattr(settings, name) for name in json.loads(sys.argv[1])}}))
"""


def read(environment):
    """{name: value} of the settings that guard the house, or {"error": text}."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(NAMES)],
        cwd=Path(__file__).resolve().parent.parent,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
