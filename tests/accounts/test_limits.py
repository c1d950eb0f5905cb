"""Tries are counted in the database: two web servers, each with processes of its own, let through as many as one."""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils.translation import gettext

from network.models import Message
from tests import factories, mail

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "for-tests-only-and-long-enough-to-be-taken-for-a-real-one"


class Visitor:
    """A browser of its own, at one of the two servers."""

    def __init__(self, server: str) -> None:
        self.server = server
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def open(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        body = urllib.parse.urlencode(data).encode() if data else None
        try:
            with self.opener.open(self.server + path, body, timeout=60) as answer:
                return answer.status, urllib.parse.urlsplit(answer.url).path, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, path, error.read().decode()

    def send(self, path: str, **fields: str) -> tuple[int, str, str]:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.open(path)[2])[1]
        return self.open(path, {"csrfmiddlewaretoken": token, **fields})


@pytest.fixture
def servers():
    """The addresses of two gunicorns on the test database."""
    caches["limits"].clear()
    processes, addresses = [], []
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment |= {
        "DATABASE_URL": mail.database_url(), "SECRET_KEY": SECRET, "DEBUG": "0", "DEMO": "0", "STATIC_MANIFEST": "0",
        "SITE_URL": "http://127.0.0.1:1", "WEB_WORKERS": "1", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    try:
        for _server in range(2):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                bind = f"127.0.0.1:{free.getsockname()[1]}"
            command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
            processes.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env={**environment, "BIND": bind}))
            addresses.append(f"http://{bind}")
        for process, address in zip(processes, addresses, strict=True):
            wait_for(process, address)
        yield addresses
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)
        caches["limits"].clear()


def wait_for(process: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            if Visitor(address).open("/health/ready")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("The server did not answer.")


def all_at_once(servers, what) -> list:
    """What sixteen visitors got, half of them at each server, all at the same time."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(what, [Visitor(servers[number % 2]) for number in range(16)]))


def test_codes_and_passwords_are_limited_across_servers(servers):
    person = factories.make_user("professional@example.org")

    def ask_for_a_code(visitor):
        return visitor.send("/tili/koodi/", email=person.email)[1]

    paths = all_at_once(servers, ask_for_a_code)
    assert paths.count("/tili/koodi/syota/") <= 3
    assert Message.objects.count() == paths.count("/tili/koodi/syota/") > 0

    def is_told_that_it_is_wrong(visitor):
        page = visitor.send("/tili/kirjaudu/", login=person.email, password="wrong")[2]
        return gettext("The e-mail address or the password is wrong. Check both and try again.") in page

    assert 0 < all_at_once(servers, is_told_that_it_is_wrong).count(True) <= 5
    status, path, _page = Visitor(servers[0]).send("/tili/kirjaudu/", login=person.email, password=factories.PASSWORD)
    assert (status, path) == (200, "/tili/kirjaudu/")  # not even the right one, for a while
