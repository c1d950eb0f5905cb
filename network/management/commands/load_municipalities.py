import csv
import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from network.models import Municipality, WellbeingCounty

COLUMNS = ("code", "name", "name_sv", "name_en", "name_in", "county")
NEEDED = {"code", "name", "county"}


class Line(NamedTuple):
    """One municipality of the file, with the number of its line."""

    number: int
    values: dict[str, str]


class Command(BaseCommand):
    help = (
        f"Add or change municipalities from a CSV file (UTF-8) with the columns {', '.join(COLUMNS)}; "
        "name_sv, name_en and name_in may be missing. All of it or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        columns, lines = self._read(path)
        with transaction.atomic():
            existing = {one.code: one for one in Municipality.objects.select_for_update().order_by()}
            counties = set(WellbeingCounty.objects.values_list("code", flat=True))
            problems = [f"{path.name}: line {number}: {reason}" for number, reason in problems_of(lines, counties)]
            if problems:
                raise CommandError("\n".join([*problems, f"{len(problems)} problems; nothing was changed."]))
            created, changed = save(lines, columns, existing)
        unchanged = len(lines) - created - changed
        self.stdout.write(f"municipalities: {created} created, {changed} changed, {unchanged} unchanged")

    def _read(self, path: Path) -> tuple[set[str], list[Line]]:
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path.name}: the file is not UTF-8: byte {error.start + 1} cannot be read") from error
        head = text.partition("\n")[0]
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True)
        try:
            header = [name.strip() for name in next(rows, [])]
            self._check_header(path, header)
            lines = [Line(rows.line_num, cells(header, row)) for row in rows if any(cell.strip() for cell in row)]
        except csv.Error as error:
            raise CommandError(f"{path.name}: line {rows.line_num}: the file is not CSV: {error}") from error
        return set(header), lines

    def _check_header(self, path: Path, header: list[str]) -> None:
        reasons = [f"the column {name} is missing" for name in COLUMNS if name in NEEDED and name not in header]
        reasons += [f"there is no column {name[:40]!r}" for name in header if name not in COLUMNS]
        reasons += [f"the column {name} is there twice" for name in COLUMNS if header.count(name) > 1]
        if reasons:
            raise CommandError("\n".join(f"{path.name}: line 1: {reason}" for reason in reasons))


def cells(header: list[str], row: list[str]) -> dict[str, str]:
    """By column; a cell too many stands under an empty name."""
    found = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
    return found | ({"": row[len(header)]} if len(row) > len(header) else {})


def problems_of(lines: list[Line], counties: set[str]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for number, values in lines:
        code = values.get("code", "")
        if not re.fullmatch(r"\d{3}", code, re.ASCII):
            yield number, f"code: {code[:40]!r} is not three figures, such as 005"
        elif first.setdefault(code, number) != number:
            yield number, f"code: {code} is there twice, first on line {first[code]}"
        if not values.get("name"):
            yield number, "name: is empty"
        if values.get("county", "") not in counties:
            yield number, f"county: there is no wellbeing services county {values.get('county', '')[:40]!r}"
        for column, text in values.items():
            if column.startswith("name") and len(text) > 100:
                yield number, f"{column}: is {len(text)} characters long; at most 100 fit"
            if "\0" in text:
                yield number, f"{column}: has a NUL character"
        if "" in values:
            yield number, "there are more cells than columns"


def save(lines: list[Line], columns: set[str], existing: dict[str, Municipality]) -> tuple[int, int]:
    """How many were created and changed. Columns that the file does not have stay as they are."""
    new, changed = [], []
    for _number, values in lines:
        wanted = {"county_id" if name == "county" else name: values.get(name, "") for name in columns}
        one = existing.get(values["code"])
        if one is None:
            new.append(Municipality(**wanted))
        elif any(getattr(one, attr) != value for attr, value in wanted.items()):
            for attr, value in wanted.items():
                setattr(one, attr, value)
            changed.append(one)
    Municipality.objects.bulk_create(new)
    if changed:
        Municipality.objects.bulk_update(changed, ["name", "name_sv", "name_en", "name_in", "county"])
    return len(new), len(changed)
