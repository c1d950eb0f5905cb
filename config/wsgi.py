"""WSGI entry point for gunicorn."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from network.versions import release  # noqa: E402

if not (settings.SECRET_KEY_GIVEN or settings.TESTING):
    raise ImproperlyConfigured("SECRET_KEY is not set. Set it, or start the portal with `make serve` or `make demo`.")

release()  # worked out once, before workers are made
