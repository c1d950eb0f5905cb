"""Private pages, compression without leaks, NUL bytes."""

import gzip

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import AnonymousGZipMiddleware, PrivatePagesMiddleware, RefuseNullBytesMiddleware

PAGE = b"<p>" + b"sana " * 200 + b"</p>"
WITH_GZIP = {"accept-encoding": "gzip"}


def compressed(cookies: dict[str, str] | None = None, sets_cookie: bool = False) -> HttpResponse:
    request = RequestFactory().get("/", headers=WITH_GZIP)
    request.COOKIES.update(cookies or {})
    response = HttpResponse(PAGE)
    if sets_cookie:
        response.set_cookie("csrftoken", "x")
    return AnonymousGZipMiddleware(lambda request: response)(request)


def test_a_page_for_everybody_is_compressed():
    response = compressed({"django_language": "sv"})
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == PAGE


def test_a_page_of_somebody_signed_in_is_not():
    assert compressed({django_settings.SESSION_COOKIE_NAME: "abc"}).content == PAGE


def test_a_page_with_a_form_token_is_not():
    assert compressed(sets_cookie=True).content == PAGE


def test_the_sign_in_page_has_a_token_and_is_not_compressed(client, db):
    assert not client.get("/tili/kirjaudu/", headers=WITH_GZIP).has_header("Content-Encoding")
    # the second time the browser has the token's cookie already
    assert not client.get("/tili/kirjaudu/", headers=WITH_GZIP).has_header("Content-Encoding")


def test_the_front_page_is_compressed(client, db):
    assert client.get("/", headers=WITH_GZIP)["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("address", ["/", "/palvelut/", "/verkosto/", "/ei-ole/"])
def test_no_page_of_somebody_signed_in_is_kept_by_the_browser(address, as_user, professional):
    assert as_user(professional).get(address)["Cache-Control"] == "private, no-store"
    assert "private" not in as_user(None).get(address).get("Cache-Control", "")


def test_signing_out_leaves_nothing_to_keep_either(as_user, professional):
    assert "no-store" in as_user(professional).post("/tili/kirjaudu-ulos/")["Cache-Control"]


def test_a_page_that_sets_the_session_is_not_kept():
    response = HttpResponse()
    response.set_cookie(django_settings.SESSION_COOKIE_NAME, "abc")
    answer = PrivatePagesMiddleware(lambda request: response)(RequestFactory().get("/"))
    assert answer["Cache-Control"] == "private, no-store"


def test_what_a_page_says_of_caches_itself_stays(as_user, professional):
    assert (
        as_user(professional).get("/robots.txt")["Cache-Control"] == as_user(None).get("/robots.txt")["Cache-Control"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/palvelut/?q=%00", "/palvelut/?q=a%00b", "/palvelut/?a%00=1", "/palvelut/%00/"])
def test_a_nul_byte_in_an_address_is_a_bad_request(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"username": "a\0b"}, {"a\0b": "c"}])
def test_a_nul_byte_in_a_form_is_a_bad_request(client, fields):
    assert client.post("/tili/kirjaudu/", fields).status_code == 400


@pytest.mark.django_db
def test_a_nul_byte_in_a_session_cookie_is_a_bad_request():
    client = Client(headers={"cookie": f'{django_settings.SESSION_COOKIE_NAME}="\\000bcdefghijkl"'})
    assert client.get("/tili/kirjaudu/").status_code == 400


def test_a_nul_byte_in_the_name_of_a_file_is_found():
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.txt", b"x")})
    request.FILES["file"]._name = "a\0.txt"
    assert any("\0" in text for text in RefuseNullBytesMiddleware.texts(request))


@pytest.mark.django_db
def test_the_answer_tells_in_words(client):
    assert b"<h1" in client.get("/palvelut/?q=%00").content


class HungUp:
    """What is read from a connection that the client has closed."""

    def read(self, *size):
        raise ConnectionResetError("connection reset by peer")

    readline = read


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=abc"])
def test_a_client_that_hangs_up_is_no_failure_of_ours(kind, caplog):
    answer = Client(raise_request_exception=False).post(
        "/tili/kirjaudu/", "username=a", content_type=kind, **{"wsgi.input": HungUp()}
    )
    assert answer.status_code == 400
    assert not [entry for entry in caplog.records if entry.levelname in {"ERROR", "CRITICAL"}]
