"""The portal's own settings as they are in production, for the servers that the benchmark looks at.

Three things differ: a database of its own for each size of the catalogue, the address of the floor, and a count of
queries for a request that asks for it.
"""

import os

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASE_URL, DATABASES, MIDDLEWARE, TEMPLATES

if DATABASE_URL:
    raise SystemExit("The benchmark fills databases of its own on the embedded server. Unset DATABASE_URL.")
ROOT_URLCONF = "bench.urls"
DATABASES["default"]["NAME"] = f"portal_bench_{os.environ.get('BENCH_SERVICES', '1000')}"
MIDDLEWARE.insert(0, "bench.floor.CountQueriesMiddleware")
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "bench" / "templates"]}]
