"""The targets of the Makefile say what is missing, and what to run."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "sh", "env", "cat", "cksum", "tr", "head", "base64", "rm", "touch", "test", "grep", "mkdir")


class Checkout:
    """A folder with our Makefile on a machine that has the tools above and what `has` adds: programs that do nothing."""

    def __init__(self, place: Path) -> None:
        self.place, self.tools = place / "checkout", place / "tools"
        self.place.mkdir()
        self.tools.mkdir()
        for name in TOOLS:
            if found := shutil.which(name):
                (self.tools / name).symlink_to(found)
        for name in ("Makefile", "requirements-dev.txt"):
            (self.place / name).write_bytes((ROOT / name).read_bytes())

    def program(self, path: Path, script: str = "exit 0") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def has(self, name: str, script: str = "exit 0") -> None:
        self.program(self.tools / name, script)

    def make(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [shutil.which("make"), *words],
            cwd=self.place,
            env={"PATH": str(self.tools)},
            capture_output=True,
            text=True,
            timeout=90,
        )

    def refusal(self, *words: str) -> str:
        done = self.make(*words)
        assert done.returncode != 0
        return done.stdout.splitlines()[-1]


@pytest.fixture
def machine(tmp_path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def installed(machine) -> Checkout:
    machine.has("python3")
    machine.program(machine.place / ".venv/bin/python", 'echo "$@" >> calls')
    return machine


def calls(machine: Checkout) -> list[str]:
    return (machine.place / "calls").read_text().splitlines()


@pytest.mark.parametrize("target", ["install", "demo", "serve", "test", "check"])
def test_without_python_every_target_names_its_package(machine, target):
    assert machine.refusal(target) == "Python is missing. Install it: apt-get install python3 python3-venv"


def test_without_venv_its_package_is_named(machine):
    machine.has("python3", 'case "$*" in *ensurepip*) exit 1;; esac')
    assert machine.refusal("install") == "venv is missing. Install it: apt-get install python3-venv"


def test_an_old_python_is_refused(machine):
    machine.has("python3", 'case "$*" in *version_info*) exit 1;; esac')
    assert machine.refusal("demo").startswith("Python 3.11 or newer is needed.")


def test_without_chromium_the_tests_do_not_start(installed):
    assert installed.refusal("test").endswith("Install it: apt-get install chromium-headless-shell")
    assert not [call for call in calls(installed) if "pytest" in call]


def test_without_gettext_the_checks_do_not_start(installed):
    assert installed.refusal("check").endswith("Install it: apt-get install gettext")


def test_packages_are_installed_with_their_hashes_and_only_when_they_change(installed):
    assert installed.make("install").returncode == 0
    assert any("--require-hashes -r requirements-dev.txt" in call for call in calls(installed))
    (installed.place / "calls").unlink()
    assert installed.make("demo").returncode == 0
    assert calls(installed) == ["manage.py demo"]
    (installed.place / "calls").unlink()
    with (installed.place / "requirements-dev.txt").open("a") as file:
        file.write("# another set\n")
    assert installed.make("demo").returncode == 0
    assert any("pip install" in call for call in calls(installed))
    assert len(list((installed.place / ".venv").glob(".installed-*"))) == 1


def test_cleaning_keeps_the_data(installed):
    for tool in ("find", "xargs"):
        (installed.tools / tool).symlink_to(shutil.which(tool))
    (installed.place / ".data/postgres/__pycache__").mkdir(parents=True)
    (installed.place / "config/__pycache__").mkdir(parents=True)
    (installed.place / "locale/fi").mkdir(parents=True)
    (installed.place / "locale/fi/django.mo").touch()
    assert installed.make("clean").returncode == 0
    left = {str(path.relative_to(installed.place)) for path in installed.place.rglob("*")}
    assert ".data/postgres/__pycache__" in left
    assert not left & {"config/__pycache__", "locale/fi/django.mo", ".venv"}


def test_help_names_every_target(installed):
    for tool in ("sed", "expand"):
        (installed.tools / tool).symlink_to(shutil.which(tool))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    said = installed.make().stdout
    assert [line.split()[0] for line in said.splitlines() if line and not line.startswith("PORT")] == sorted(
        phony, key=lambda name: said.index(f"{name} ")
    )
    assert {"install", "demo", "serve", "test", "check", "clean"} <= set(phony)
