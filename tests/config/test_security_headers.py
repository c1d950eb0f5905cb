"""What every answer tells the browser to refuse, and the cookies: none for who only reads."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.test import Client

from services.models import Contact
from tests import factories

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/", "/palvelut/", "/palvelut/?q=apu&municipality=205", "/palvelut/csv/", "/palvelut/ryhma/", "/verkosto/",
    "/verkosto/yhdistys/", "/tietoa/", "/saavutettavuus/", "/tietosuoja/", "/evasteet/", "/styleguide/", "/robots.txt",
    "/sitemap.xml", "/sv/", "/en/palvelut/", "/ei-ole/",
]  # fmt: skip
OTHERS = ["/tili/kirjaudu/", "/hallinta/", "/palvelut/?q=%00"]


@pytest.fixture
def listed(region):
    organisation = factories.make_organisation("Yhdistys", slug="yhdistys")
    return factories.make_service("Ryhmä", slug="ryhma", organisation=organisation)


def policy(answer) -> dict[str, list[str]]:
    rules = [rule.split() for rule in answer["Content-Security-Policy"].split(";") if rule.strip()]
    return {rule[0]: rule[1:] for rule in rules}


@pytest.mark.parametrize("address", PUBLIC + OTHERS)
def test_every_answer_has_the_headers(address, client, listed):
    answer = client.get(address)
    rules = policy(answer)
    assert rules["default-src"] == ["'none'"]
    for kind in ("script-src", "style-src", "img-src", "font-src", "form-action"):
        assert rules[kind] == ["'self'"]
    assert rules["base-uri"] == rules["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    for feature in ("camera", "geolocation", "microphone", "browsing-topics"):
        assert f"{feature}=()" in answer["Permissions-Policy"]
    assert answer.get("X-Frame-Options", "DENY") == "DENY"
    assert "Server" not in answer


@pytest.mark.parametrize("address", PUBLIC)
def test_pages_may_not_be_framed_by_browsers_that_know_no_policy(address, client, listed):
    assert client.get(address)["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", PUBLIC)
def test_who_only_reads_gets_no_cookie(address, client, listed):
    answer = client.get(address)
    assert answer.cookies == {}
    assert not answer.has_header("Set-Cookie")


def test_following_an_e_mail_link_gives_no_cookie(client, listed):
    contact = factories.make_contact(service=listed, kind=Contact.Kind.EMAIL, value="ryhma@example.org")
    assert client.get(contact.href).cookies == {}


def test_pages_differ_by_cookie_so_that_no_cache_mixes_readers_up(client, listed):
    for address in ("/", "/palvelut/", "/palvelut/ryhma/", "/verkosto/yhdistys/"):
        assert "Cookie" in client.get(address)["Vary"]


@pytest.mark.parametrize("address", PUBLIC)
def test_nothing_is_fetched_from_another_host(address, client, listed):
    page = b"".join(client.get(address)).decode()  # the CSV file comes in pieces
    for part in ('src="http', "src='http", 'src="//', "@import", "url(http"):
        assert part not in page
    assert '<link rel="stylesheet" href="/static/' in page or address.endswith((".txt", ".xml", "/csv/"))


# Signing in -------------------------------------------------------------------------------------------------------------


def test_the_sign_in_form_sets_the_forms_cookie_only(client, db):
    cookies = client.get("/tili/kirjaudu/").cookies
    assert set(cookies) == {"csrftoken"}
    assert (cookies["csrftoken"]["httponly"], cookies["csrftoken"]["samesite"]) == (True, "Lax")


def test_signing_in_sets_a_session_that_scripts_and_other_sites_do_not_get(client, professional):
    answer = client.post("/tili/kirjaudu/", {"login": professional.email, "password": factories.PASSWORD})
    session = answer.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")
    assert session["max-age"] == 14 * 24 * 3600
    assert session["domain"] == ""


def test_a_form_without_its_token_is_refused_with_a_page(professional):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/tili/kirjaudu/", {"login": professional.email, "password": factories.PASSWORD})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()
    client.force_login(professional)
    assert client.post("/tili/kirjaudu-ulos/").status_code == 403


def test_the_sign_in_page_is_never_kept_by_a_cache(client, db):
    assert "no-store" in client.get("/tili/kirjaudu/")["Cache-Control"]


# Under https ------------------------------------------------------------------------------------------------------------

SETTINGS = (
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "DEBUG",
    "ALLOWED_HOSTS",
)  # fmt: skip
ASK = f"""
import json, django
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/robots.txt", headers={{"host": "portal.example.org"}})
https = Client().get("/robots.txt", headers={{"host": "portal.example.org"}}, secure=True)
proxied = Client().get("/robots.txt", headers={{"host": "portal.example.org", "x-forwarded-proto": "https"}})
foreign = Client().get("/robots.txt", headers={{"host": "evil.example"}}, secure=True)
print(json.dumps({{
    "settings": {{name: getattr(settings, name) for name in {SETTINGS!r}}},
    "http": [answer.status_code, answer.get("Location")],
    "https": [https.status_code, https.get("Strict-Transport-Security")],
    "proxied": proxied.status_code,
    "foreign": foreign.status_code,
}}))
"""


def started_with(tmp_path, **variables) -> dict:
    """What a process of its own answers, started with these variables and no others of ours."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL"}}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        cwd=django_settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "config.settings", "PORTAL_DATA_DIR": str(tmp_path), "STATIC_MANIFEST": "0"} | variables,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_an_https_address_makes_everything_secure(tmp_path):
    found = started_with(tmp_path, SITE_URL="https://portal.example.org", SECRET_KEY="x" * 60)
    assert found["settings"] == dict.fromkeys(SETTINGS, True) | {
        "SECURE_HSTS_SECONDS": 31536000,
        "DEBUG": False,
        "ALLOWED_HOSTS": ["portal.example.org"],
    }
    assert found["http"] == [301, "https://portal.example.org/robots.txt"]
    assert found["https"] == [200, "max-age=31536000"]
    assert found["proxied"] == 200
    assert found["foreign"] == 400


def test_other_hosts_of_the_domain_are_bound_only_when_asked_for(tmp_path):
    found = started_with(
        tmp_path, SITE_URL="https://portal.example.org", SECRET_KEY="x" * 60,
        HSTS_SECONDS="3600", HSTS_SUBDOMAINS="1", HSTS_PRELOAD="1",
    )  # fmt: skip
    assert found["https"] == [200, "max-age=3600; includeSubDomains; preload"]


def test_an_http_address_stays_usable(tmp_path):
    found = started_with(tmp_path, SITE_URL="http://portal.example.org", SECRET_KEY="x" * 60)
    assert found["settings"]["SESSION_COOKIE_SECURE"] is False
    assert found["settings"]["SESSION_COOKIE_HTTPONLY"] is True
    assert found["settings"]["DEBUG"] is False
    assert found["http"] == [200, None]
    assert found["https"] == [200, None]
