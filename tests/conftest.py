"""Keys of the tests, and what every test may ask for."""

import os

# Known to all and good for nothing else; must stand before Django reads its settings.
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ.setdefault("DATA_KEY", "dGVzdHMtb25seS1rZXktMzItYnl0ZXMtbG9uZy0hISE=")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")
os.environ.setdefault("SECURE_SSL_REDIRECT", "0")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("EMAIL_URL", "memorymail://")

import pytest
from django.conf import settings as django_settings


def pytest_configure(config):
    suffix = os.environ.get("TEST_DB_SUFFIX")
    if suffix:
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_centrum_{suffix}"
    # the manifest of static files exists only after collectstatic
    django_settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # whitenoise would warn of the missing folder
    django_settings.MIDDLEWARE = [m for m in django_settings.MIDDLEWARE if "whitenoise" not in m]


@pytest.fixture(autouse=True)
def polish():
    """Every test begins in Polish, whatever the one before has switched to."""
    from django.utils import translation

    with translation.override("pl"):
        yield
