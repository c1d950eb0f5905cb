import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services.exchange.dumping import dump_text


class Command(BaseCommand):
    help = "Write organisations and services to an exchange file (docs/catalogue-format.md). People are never in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", metavar="FILE", help="where to write; - (the default) is the screen"
        )
        parser.add_argument(
            "--public", action="store_true",
            help="leave out drafts, archived listings, members-only contacts, confidential places and whom to consult",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        text = dump_text(public=options["public"])
        if options["file"] == "-":
            self.stdout.write(text, ending="")
            return
        try:
            write_whole(Path(options["file"]), text, mode=0o644 if options["public"] else 0o600)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror or error}") from error


def write_whole(path: Path, text: str, mode: int) -> None:
    """The old file or the new one, never a half. A full dump has confidential addresses: only its owner may read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
