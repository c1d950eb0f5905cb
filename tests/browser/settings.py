"""The portal's own settings as they are in production, for the server that the browser tests look at.

Three things differ: a database that is made for one run, static files collected to a folder of that run, and
addresses for pages that are otherwise seen only when something breaks.
"""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import DATABASES

ROOT_URLCONF = "tests.browser.urls"
STATIC_ROOT = Path(os.environ["BROWSER_TEST_FOLDER"]) / "static"  # the same for all portals of a run
DATABASES["default"]["TEST"]["NAME"] += "_browser"
