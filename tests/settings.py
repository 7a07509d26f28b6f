"""Settings of the tests: keys known to all and good for nothing else, plain HTTP, mail kept in memory."""

import os

os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ.setdefault("DATA_KEY", "dGVzdHMtb25seS1rZXktMzItYnl0ZXMtbG9uZy0hISE=")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")
os.environ.setdefault("SECURE_SSL_REDIRECT", "0")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("EMAIL_URL", "memorymail://")

from centrum.settings import *  # noqa: F403
from centrum.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample_kind"]  # a kind of application that only the tests have

TEST_DATABASE = "_".join(filter(None, ("test_centrum", os.environ.get("TEST_DB_SUFFIX"))))
DATABASES["default"]["TEST"] = {"NAME": TEST_DATABASE}
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"  # the next run starts anew

# the manifest of static files exists only after collectstatic, and whitenoise would warn of the missing folder
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MIDDLEWARE = [m for m in MIDDLEWARE if "whitenoise" not in m]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECOND_FACTOR_REQUIRED = False  # a test of the second factor asks for it
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
