"""Settings come from the environment and are safe when it says nothing. Each case reads them in a process of its own."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

SHOW = """
import json
from django.conf import settings
names = [name for name in dir(settings) if name.isupper()]
print(json.dumps({name: getattr(settings, name) for name in names}, default=lambda value: type(value).__name__))
"""


def clean_environment() -> dict[str, str]:
    """What a process gets from the system: no variable of the portal, none that only tests set."""
    kept = {name: value for name, value in os.environ.items() if name not in {*VARIABLES, "DJANGO_ALLOW_ASYNC_UNSAFE"}}
    return {**kept, "DJANGO_SETTINGS_MODULE": "config.settings"}


def read(code: str = SHOW, folder: Path = ROOT, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**clean_environment(), **variables},
        capture_output=True,
        text=True,
        timeout=90,
    )


def settings_of(folder: Path = ROOT, **variables: str) -> dict:
    done = read(folder=folder, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal_of(code: str = SHOW, **variables: str) -> str:
    done = read(code, **variables)
    assert done.returncode != 0
    return done.stderr.splitlines()[-1]


COOKIES = ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE")


def test_https_decides_secure_cookies_hsts_and_redirect():
    found = settings_of(SITE_URL="https://portal.example.org", SECRET_KEY="s" * 50)
    assert [found[f"{cookie}_SECURE"] for cookie in COOKIES] == [True] * 3
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["ALLOWED_HOSTS"] == ["portal.example.org"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://portal.example.org"]


def test_http_on_this_machine_works_without_them():
    found = settings_of()
    assert [found[f"{cookie}_SECURE"] for cookie in COOKIES] == [False] * 3
    assert found["SECURE_SSL_REDIRECT"] is False
    assert found["SECURE_HSTS_SECONDS"] == 0
    assert "127.0.0.1" in found["ALLOWED_HOSTS"]


def test_nothing_set_is_safe():
    found = settings_of()
    assert found["DEBUG"] is False
    assert found["DEMO"] is False
    assert [found[f"{cookie}_HTTPONLY"] for cookie in COOKIES] == [True] * 3
    assert found["X_FRAME_OPTIONS"] == "DENY"
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in found["MIDDLEWARE"]
    assert "unsafe" not in json.dumps(found["CONTENT_SECURITY_POLICY"])
    assert found["SECURE_PROXY_SSL_HEADER"] is None


def test_without_a_secret_each_process_has_another():
    assert settings_of()["SECRET_KEY"] != settings_of()["SECRET_KEY"]


@pytest.mark.parametrize("server", ["import config.wsgi", "import runpy; runpy.run_module('config.wsgi')"])
def test_without_a_secret_no_page_is_served(server):
    assert "SECRET_KEY is not set" in refusal_of(server)


def test_with_a_secret_the_server_starts():
    assert read("import config.wsgi; config.wsgi.application", SECRET_KEY="s" * 50).returncode == 0


@pytest.mark.parametrize("address", ["portal.example.org", "ftp://portal.example.org", "https://"])
def test_an_address_of_the_site_without_scheme_or_host_is_refused(address):
    assert "SITE_URL must be an http or https address" in refusal_of(SITE_URL=address)


@pytest.mark.parametrize("more", ["/portal", "/portal/", "?a=b", "#a"])
def test_an_address_of_the_site_with_a_path_is_refused(more):
    said = refusal_of(SITE_URL=f"https://example.org{more}")
    assert "SITE_URL must be a scheme and a host and nothing more" in said


def test_an_address_of_the_site_with_a_port_or_a_slash_is_fine():
    assert settings_of(SITE_URL="http://localhost:8123/")["SITE_URL"] == "http://localhost:8123"


@pytest.mark.parametrize(
    ("variables", "believed"),
    [
        ({"SITE_URL": "https://portal.example.org"}, True),
        ({"SITE_URL": "https://portal.example.org", "BEHIND_PROXY": "0"}, False),
        ({"SITE_URL": "http://portal.example.org"}, False),
    ],
)
def test_a_proxy_is_believed_where_people_use_https(variables, believed):
    found = settings_of(**variables)["SECURE_PROXY_SSL_HEADER"]
    assert found == (["HTTP_X_FORWARDED_PROTO", "https"] if believed else None)


@pytest.mark.parametrize(
    "variables", [{"DATABASE_URL": "postgres://user@127.0.0.1/db"}, {"SITE_URL": "https://portal.example.org"}]
)
def test_the_demo_is_refused_where_it_would_show_its_password_to_others(variables):
    assert "DEMO shows a password to everybody" in refusal_of(DEMO="1", **variables)


def test_the_demo_has_a_database_of_its_own():
    assert settings_of(DEMO="1")["DATABASES"]["default"]["NAME"] == "portal_demo"
    assert settings_of()["DATABASES"]["default"]["NAME"] == "portal"


def test_a_given_database_is_used_through_the_pool():
    found = settings_of(DATABASE_URL="postgres://me:word@db.example.org:5433/ours?sslmode=require")
    database = found["DATABASES"]["default"]
    assert found["EMBEDDED_POSTGRES"] is False
    assert [database[name] for name in ("ENGINE", "HOST", "PORT", "NAME", "USER")] == [
        "config.postgres", "db.example.org", 5433, "ours", "me",
    ]  # fmt: skip
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["pool"]["max_size"] > 4


def test_two_checkouts_on_one_server_have_test_databases_of_their_own(tmp_path):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    names = [settings_of(folder=folder)["DATABASES"]["default"]["TEST"]["NAME"] for folder in (ROOT, ROOT, tmp_path)]
    assert all(re.fullmatch(r"test_portal_[0-9a-f]{8}", name) for name in names)
    assert names[0] == names[1] != names[2]


def test_the_example_names_every_variable_and_no_other():
    sources = [
        *(ROOT / "config").rglob("*.py"), *(ROOT / "deploy").glob("*.py"), ROOT / "Makefile",
        *(ROOT / "tests/browser").glob("*.py"),
    ]  # fmt: skip
    read_by_code = set()
    for source in sources:
        text = source.read_text()
        read_by_code |= set(re.findall(r"env\.[a-z_]+\(\s*\"([A-Z_]+)\"", text))
        read_by_code |= set(re.findall(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"", text))
    assert read_by_code - {"PATH", "DJANGO_ALLOW_ASYNC_UNSAFE", "BROWSER_TEST_FOLDER"} == VARIABLES


def test_the_example_holds_no_value_that_could_be_taken_for_a_secret():
    example = (ROOT / ".env.example").read_text()
    assert all(line.startswith("#") or not line for line in example.splitlines())
    assert "# SECRET_KEY=\n" in example


def test_no_requirements_file_names_an_address_or_a_place_of_one_machine():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        assert not [line for line in lines if re.search(r"https?://|file://|^-", line)]
        assert len([line for line in lines if "==" in line]) > 10


def test_production_settings_pass_the_deployment_check():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**clean_environment(), "SITE_URL": "https://portal.example.org", "SECRET_KEY": secrets.token_urlsafe(50)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
