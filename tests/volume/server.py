"""The portal for the bench: the settings of the tests on the bench's own database."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]
application = get_wsgi_application()
