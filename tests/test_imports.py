"""Imports point one way: network ← services ← meetings ← experts, and no app imports `config`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

FLOORS = ["network", "services", "meetings", "experts"]  # each may import those before it
ABOVE = ["config", "tests", "deploy"]


def imports_of(path: Path, package: str) -> Iterator[tuple[int, str]]:
    """(line, absolute name) of every import of the file: at the top, inside functions, under TYPE_CHECKING, by string."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            yield from ((node.lineno, one.value) for one in node.args if isinstance(one, ast.Constant))


def wrong_way(app: str, folder: Path) -> list[str]:
    """Imports of the app that point up, as `file:line imports name`."""
    allowed = FLOORS[: FLOORS.index(app) + 1]
    ours = {*FLOORS, *ABOVE}
    return sorted(
        {
            f"{path.relative_to(folder)}:{line} imports {name.split('.')[0]}"
            for path in folder.rglob("*.py")
            for line, name in imports_of(path, ".".join([app, *path.relative_to(folder).parent.parts]))
            if name.split(".")[0] in ours and name.split(".")[0] not in allowed
        }
    )


def apps() -> list[str]:
    return [app for app in FLOORS if (settings.BASE_DIR / app).is_dir()]


@pytest.mark.parametrize("app", apps())
def test_an_app_imports_only_what_is_below_it(app):
    assert wrong_way(app, settings.BASE_DIR / app) == []


def test_every_app_of_the_project_has_a_floor():
    own = {path.parent.name for path in settings.BASE_DIR.glob("*/apps.py")}
    assert own == {*apps(), "config"}
    assert {"network", "services", "meetings"} <= set(apps())


@pytest.mark.parametrize(
    "text",
    [
        "import services\n",
        "from services.models import Service\n",
        "def late():\n    from services import hours\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from config import settings\n",
        "from importlib import import_module\nimport_module('services.models')\n",
    ],
)
def test_an_import_that_points_up_is_found(text, tmp_path):
    (tmp_path / "inner.py").write_text(text)
    assert len(wrong_way("network", tmp_path)) == 1


def test_a_relative_import_is_taken_as_the_module_it_means(tmp_path):
    (tmp_path / "models").mkdir()
    file = tmp_path / "models" / "one.py"
    file.write_text("from ..hours import is_open\nfrom . import place\n")
    assert [name for _line, name in imports_of(file, "services.models")] == [
        "services.hours",
        "services.hours.is_open",
        "services.models",
        "services.models.place",
    ]
