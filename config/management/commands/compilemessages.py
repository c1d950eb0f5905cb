import os
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles the translations that have changed. Unlike Django's own command it needs no gettext programs."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                compiled = source.with_suffix(".mo")
                if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                    continue
                unfinished = compiled.with_name(f"{compiled.name}.{os.getpid()}")
                polib.pofile(str(source)).save_as_mofile(str(unfinished))
                unfinished.rename(compiled)  # whoever reads at this moment sees the old one or the new one, whole
                if options["verbosity"] > 0:
                    self.stdout.write(f"Compiled {source}")
