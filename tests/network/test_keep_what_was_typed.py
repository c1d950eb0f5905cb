"""What was typed into a form survives an ended session, a changed token and a paste that is too large."""

import datetime as dt
import html as html_module
import os
import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.test import Client
from django.urls import path
from django.utils import timezone

from config.urls import urlpatterns as portal_urls
from network.kept_forms import LONG, WRITER, never_kept, purge_kept
from network.models import KeptForm, Organisation
from network.models.kept_form import MOST_KEPT
from tests import factories
from tests.accounts.signing import SECOND_STEP
from tests.conftest import show_second_factor

LONG_TEXT = 'Ä "kettumainen" <teksti> & muuta.\r\n\r\nToinen kappale.'


class NoteForm(forms.Form):
    title = forms.CharField()
    body = forms.CharField(widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    ways = forms.MultipleChoiceField(
        choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(required=False, initial=True)
    password = forms.CharField(widget=forms.PasswordInput, required=False)
    secret_word = forms.CharField(required=False)


SAVED = []
PAGE = "<h1>Note</h1><form method='post' action='/elsewhere/'>{% csrf_token %}<button>Go</button></form><form method='post' action='#virhe'>{% csrf_token %}{{ form }}</form>"


def note(request):
    form = NoteForm(request.POST or None)
    if form.is_valid():
        SAVED.append(form.cleaned_data)
        return redirect("/")
    return HttpResponse(Template(PAGE).render(RequestContext(request, {"form": form})))


@login_not_required
def open_note(request):
    return note(request)


@never_kept
def secret_note(request):
    return note(request)


def press(request):
    """A button that has no page of its own."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    SAVED.append(dict(request.POST))
    return redirect("/")


urlpatterns = [
    path("note/", note),
    path("open-note/", open_note),
    path("secret-note/", secret_note),
    path("press/", press),
    *portal_urls,
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def nothing_saved():
    SAVED.clear()
    yield
    SAVED.clear()


class Fields(HTMLParser):
    """The form of a page as a browser sees and sends it."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.action, self.inside, self.area, self.select, self.labels = action, False, None, None, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        have = dict(attrs)
        if tag == "form":
            self.inside = (have.get("action") or "#virhe") == self.action
        if not self.inside:
            return
        if tag == "textarea" and "name" in have:
            self.area = have["name"]
            self.fields.setdefault(self.area, []).append("")
        elif tag == "select":
            self.select = have["name"]
        elif tag == "option" and "selected" in have:
            self.fields.setdefault(self.select, []).append(have["value"])
        elif tag == "input" and have.get("type") in {"checkbox", "radio"}:
            if "checked" in have:
                self.fields.setdefault(have["name"], []).append(have.get("value", "on"))
        elif tag == "input" and have.get("type") != "submit":
            self.fields.setdefault(have["name"], []).append(have.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "form":
            self.inside = False

    def handle_data(self, data):
        if self.area:
            self.fields[self.area][-1] += data


def fields_of(answer, action="#virhe") -> dict[str, list[str]]:
    fields = Fields(answer.content.decode(), action).fields
    return {name: [value.removeprefix("\n") for value in values] for name, values in fields.items()}


TYPED = {
    "title": 'A "title"',
    "body": LONG_TEXT,
    "kind": "b",
    "ways": ["y"],
    "password": "hunter2-hunter2",
    "secret_word": "sesame-sesame",
}


def browser(person=None) -> Client:
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    if person:
        client.force_login(person)
    if person and person.is_staff:
        show_second_factor(client, person)
    return client


def typed_on(client, address="/note/", typed=TYPED):
    """The person opens the page and types over what stands there."""
    fields = {name: values for name, values in fields_of(client.get(address)).items() if name not in {"agreed"}}
    return fields | typed


def is_as_typed(answer) -> bool:
    fields = fields_of(answer)
    assert fields["title"] == [TYPED["title"]]
    assert fields["body"] == [LONG_TEXT]
    assert fields["kind"] == ["b"]
    assert fields["ways"] == ["y"]
    assert "agreed" not in fields  # it was ticked at first, and they had taken the tick away
    assert fields["password"] == [""]
    assert "hunter2" not in answer.content.decode()
    assert "sesame" not in answer.content.decode()
    assert 'id="virhe"' in answer.content.decode()
    assert SAVED == []
    return True


def end_sessions() -> None:
    Session.objects.all().delete()


# An ended session ---------------------------------------------------------------------------------------------------


def sign_in(client, person, address):
    """By the page that the portal led to, with what it says about where to go next."""
    fields = fields_of(client.get(address)) | {"login": person.email, "password": factories.PASSWORD}
    answer = client.post(address, fields)
    if not answer.url.startswith(SECOND_STEP):
        return answer
    fields = fields_of(client.get(answer.url)) | {"code": factories.RECOVERY_CODES[0]}
    return client.post(answer.url, fields)


def sent_after_the_end(client, typed=None, address="/note/"):
    typed = typed or typed_on(client, address)
    end_sessions()
    return client.post(address, typed)


def test_an_ended_session_loses_nothing(professional):
    client = browser(professional)
    asked = sent_after_the_end(client)
    assert asked.status_code == 302
    assert asked.url.startswith("/tili/kirjaudu/?next=")
    back = sign_in(client, professional, asked.url)
    assert back.status_code == 302
    page = client.get(back.url.partition("#")[0])
    assert page.status_code == 200
    assert is_as_typed(page)
    assert page["Cache-Control"] == "private, no-store"
    saved = client.post(back.url.partition("#")[0], fields_of(page) | {"title": ["Corrected"]})
    assert saved.status_code == 302
    assert [one["title"] for one in SAVED] == ["Corrected"]
    assert KeptForm.objects.count() == 0


def test_the_page_may_be_loaded_again_until_the_form_is_sent(professional):
    client = browser(professional)
    asked = sent_after_the_end(client)
    address = sign_in(client, professional, asked.url).url.partition("#")[0]
    assert is_as_typed(client.get(address))
    assert is_as_typed(client.get(address))


def test_who_opens_the_form_before_signing_in_is_led_back_with_it(professional):
    client = browser(professional)
    asked = sent_after_the_end(client)
    address = html_module.unescape(re.search(r"next=(.+)", asked.url)[1])
    from urllib.parse import unquote

    again = client.get(unquote(address))
    assert again.url == asked.url


def test_somebody_else_on_the_same_browser_sees_nothing(professional, outsider):
    client = browser(professional)
    asked = sent_after_the_end(client)
    back = sign_in(client, outsider, asked.url)
    page = client.get(back.url.partition("#")[0])
    assert page.status_code == 200
    assert fields_of(page)["title"] == [""]
    assert "kettumainen" not in page.content.decode()
    assert 'id="virhe"' not in page.content.decode()


def test_another_browser_sees_nothing(professional):
    client = browser(professional)
    address = sign_in(client, professional, sent_after_the_end(client).url).url.partition("#")[0]
    page = browser(professional).get(address)
    assert page.status_code == 200
    assert "kettumainen" not in page.content.decode()


def test_after_signing_out_nothing_is_seen(professional):
    client = browser(professional)
    address = sign_in(client, professional, sent_after_the_end(client).url).url.partition("#")[0]
    client.logout()
    client.force_login(professional)
    assert "kettumainen" not in client.get(address).content.decode()


def test_after_an_hour_nothing_is_seen_or_kept(professional):
    client = browser(professional)
    address = sign_in(client, professional, sent_after_the_end(client).url).url.partition("#")[0]
    assert purge_kept() == 0
    KeptForm.objects.update(created_at=timezone.now() - dt.timedelta(minutes=61))
    assert "kettumainen" not in client.get(address).content.decode()
    assert purge_kept() == 1
    assert KeptForm.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a[:-3] + "abc",
        lambda a: a.replace(".", ""),
        lambda a: a.replace("kesken=", "kesken=%00"),
        lambda a: a.partition("kesken=")[0] + "kesken=ä.b",
    ],
)
def test_a_wrong_key_opens_the_page_as_it_is(change, professional):
    client = browser(professional)
    address = sign_in(client, professional, sent_after_the_end(client).url).url.partition("#")[0]
    page = client.get(change(address))
    assert page.status_code in {200, 400}
    assert "kettumainen" not in page.content.decode()


def test_a_key_opens_only_its_own_address(professional):
    client = browser(professional)
    address = sign_in(client, professional, sent_after_the_end(client).url).url.partition("#")[0]
    assert "kettumainen" not in client.get(address.replace("/note/", "/open-note/")).content.decode()


def test_what_is_kept_cannot_be_read_from_the_database(professional):
    client = browser(professional)
    sent_after_the_end(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM network_keptform")
        ((data,),) = cursor.fetchall()
    for word in ("title", "kettumainen", "hunter2", "sesame"):
        assert word.encode() not in bytes(data)


def test_passwords_and_tokens_are_not_among_what_is_kept(professional, monkeypatch):
    kept = {}
    keep = KeptForm.objects._queryset_class.keep
    monkeypatch.setattr(
        KeptForm.objects._queryset_class,
        "keep",
        lambda self, writer, path, fields: (kept.update(fields), keep(self, writer, path, fields))[1],
    )
    sent_after_the_end(browser(professional))
    assert set(kept) == {"title", "body", "kind", "ways"}


def test_a_form_of_nobody_is_not_kept(professional):
    """A visitor has nothing to sign in for: without the mark of who opened the form nothing is stored."""
    visitor = browser()
    token = {"csrfmiddlewaretoken": fields_of(visitor.get("/open-note/"))["csrfmiddlewaretoken"]}
    for mark in ({}, {WRITER: "1"}, {WRITER: f"{professional.pk}:a:b"}):
        answer = visitor.post("/note/", TYPED | token | mark)
        assert answer.status_code == 302
        assert "kesken" not in answer.url
    assert KeptForm.objects.count() == 0


def test_a_person_keeps_so_many_forms_at_a_time(professional):
    client = browser(professional)
    typed = typed_on(client)
    end_sessions()
    for _n in range(MOST_KEPT + 3):
        client.post("/note/", typed)
    assert KeptForm.objects.count() == MOST_KEPT


def test_a_view_that_says_so_is_never_kept(professional):
    client = browser(professional)
    answer = sent_after_the_end(client, address="/secret-note/")
    assert answer.status_code == 302
    assert KeptForm.objects.count() == 0


def test_erasing_the_person_takes_what_was_kept(professional):
    sent_after_the_end(browser(professional))
    professional.delete()
    assert KeptForm.objects.count() == 0


def test_a_page_that_the_person_may_not_open_any_more_is_not_filled_in(coordinator, association):
    client = browser(coordinator)
    address = f"/hallinta/network/organisation/{association.pk}/change/"
    typed = desk_fields(client.get(address)) | {"description": ["kettumainen"]}
    end_sessions()
    asked = client.post(address, typed)
    coordinator.is_staff = False
    coordinator.save()
    back = sign_in(client, coordinator, asked.url)
    page = client.get(back.url.partition("#")[0])
    assert page.status_code == 403
    assert "kettumainen" not in page.content.decode()


# A changed token ----------------------------------------------------------------------------------------------------


def change_token(client) -> None:
    """As signing in again in another window does."""
    client.cookies["csrftoken"] = "another" + "x" * 25


def test_a_changed_token_loses_nothing(professional):
    client = browser(professional)
    typed = typed_on(client)
    change_token(client)
    answer = client.post("/note/", typed)
    assert answer.status_code == 403
    assert is_as_typed(answer)
    assert client.post("/note/", fields_of(answer)).status_code == 302
    assert len(SAVED) == 1
    assert KeptForm.objects.count() == 0


def test_a_visitors_form_comes_back_too(db):
    client = browser()
    typed = typed_on(client, "/open-note/")
    client.cookies.clear()
    answer = client.post("/open-note/", typed, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 403
    assert "Content-Encoding" not in answer  # it holds a token beside what was typed
    assert is_as_typed(answer)
    assert client.post("/open-note/", fields_of(answer)).status_code == 302


def test_all_cookies_gone_is_an_ended_session(professional):
    client = browser(professional)
    typed = typed_on(client)
    client.cookies.clear()
    asked = client.post("/note/", typed)
    assert asked.status_code == 302
    assert is_as_typed(client.get(sign_in(client, professional, asked.url).url.partition("#")[0]))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://testserver.evil.example", "http://["])
def test_another_site_fills_in_nothing(origin, professional):
    client = browser(professional)
    typed = typed_on(client)
    change_token(client)
    answer = client.post("/note/", typed, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "kettumainen" not in answer.content.decode()
    end_sessions()
    client.post("/note/", typed, headers={"Origin": origin})
    assert KeptForm.objects.count() == 0


def test_the_form_of_another_person_is_not_shown(professional, outsider):
    client = browser(professional)
    typed = typed_on(client)
    client.force_login(outsider)
    change_token(client)
    answer = client.post("/note/", typed)
    assert answer.status_code == 403
    assert "kettumainen" not in answer.content.decode()


def test_a_button_is_never_pressed_again_and_its_text_can_be_copied(professional):
    client = browser(professional)
    answer = client.post("/press/", {"reason": LONG_TEXT, "password": "hunter2-hunter2-hunter2"})
    assert answer.status_code == 403
    page = html_module.unescape(answer.content.decode())
    assert LONG_TEXT in page
    assert "hunter2" not in page
    assert SAVED == []


def test_forms_of_accounts_come_back_empty(professional):
    client = browser()
    typed = fields_of(client.get("/tili/kirjaudu/")) | {"login": professional.email, "password": "hunter2-hunter2"}
    client.cookies.clear()
    answer = client.post("/tili/kirjaudu/", typed)
    assert answer.status_code == 403
    assert "hunter2" not in answer.content.decode()
    assert KeptForm.objects.count() == 0


# Too large ----------------------------------------------------------------------------------------------------------

TEN_MEGABYTES = "Pitkä teksti. " * 750_000


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
@pytest.mark.parametrize("address", ["/note/", "/open-note/"])
def test_a_paste_of_ten_megabytes_comes_back_cut_and_whole_as_a_file(kind, address, professional):
    client = browser(professional if address == "/note/" else None)
    typed = typed_on(client, address) | {"body": TEN_MEGABYTES}
    if kind == "urlencoded":
        from urllib.parse import urlencode

        answer = client.post(address, urlencode(typed, doseq=True), content_type="application/x-www-form-urlencoded")
    else:
        answer = client.post(address, typed)
    assert answer.status_code == 400
    fields = fields_of(answer)
    assert fields["body"] == [TEN_MEGABYTES[:LONG]]
    assert fields["title"] == [TYPED["title"]]
    assert fields["kind"] == ["b"]
    assert "sesame" not in answer.content.decode()
    assert SAVED == []
    whole = re.search(r'href="(\?kesken=[^"]+)" download', answer.content.decode())
    if address == "/note/":
        file = client.get(address + html_module.unescape(whole[1]))
        assert file["Content-Disposition"].startswith("attachment")
        assert file.content.decode() == TEN_MEGABYTES
        other = browser(professional).get(address + html_module.unescape(whole[1]))
        assert "Pitkä" not in other.content.decode()
    else:
        assert whole is None
        assert KeptForm.objects.count() == 0  # nothing large is kept for a visitor
    assert client.post(address, fields | {"body": "Short"}).status_code == 302


def test_too_many_fields_come_back(professional):
    client = browser(professional)
    typed = typed_on(client) | {f"more{n}": "1" for n in range(2100)}
    from urllib.parse import urlencode

    for body, kind in ((urlencode(typed, doseq=True), "application/x-www-form-urlencoded"), (typed, None)):
        answer = client.post("/note/", body, **({"content_type": kind} if kind else {}))
        assert answer.status_code == 400
        assert fields_of(answer)["body"] == [LONG_TEXT]


def test_a_post_that_is_far_too_large_gets_a_calm_page(professional):
    client = browser(professional)
    answer = client.post("/note/", typed_on(client) | {"body": "x" * 17_000_000})
    assert answer.status_code == 400
    assert len(answer.content) < 10_000
    assert "<h1>" in answer.content.decode()


def test_large_posts_of_other_sites_and_of_nobody_are_not_given_back(professional):
    client = browser(professional)
    typed = typed_on(client) | {"body": "kettumainen" * 600_000}
    assert (
        "kettumainenkettumainen"
        not in client.post("/note/", typed, headers={"Origin": "https://evil.example"}).content.decode()
    )
    end_sessions()
    answer = client.post("/note/", typed)
    assert answer.status_code == 400
    assert "kettumainenkettumainen" not in answer.content.decode()
    assert KeptForm.objects.count() == 0


def test_a_person_keeps_two_large_texts_at_a_time(professional, monkeypatch):
    monkeypatch.setattr("network.models.kept_form.LARGE", 1000)
    for _n in range(4):
        KeptForm.objects.keep(professional.pk, "/note/", {"body": [os.urandom(2000).hex()]})
        KeptForm.objects.keep(professional.pk, "/note/", {"body": ["small"]})
    assert KeptForm.objects.count() == 6


def test_large_posts_are_given_back_so_often(professional, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = browser(professional)
    typed = typed_on(client) | {"body": "y" * 2000}
    given_back = ["yyyy" in client.post("/note/", typed).content.decode() for _n in range(21)]
    assert given_back == [True] * 20 + [False]


# The desk -----------------------------------------------------------------------------------------------------------


def desk_fields(page) -> dict[str, list[str]]:
    html = page.content.decode()
    start = html.index('<form method="post" id="')
    fields = Fields(html[start:], "#virhe").fields
    return {name: [value.removeprefix("\n") for value in values] for name, values in fields.items()}


@pytest.fixture
def organisation_page(coordinator, association):
    association.links.create(title="First", url="https://example.org/1")
    association.links.create(title="Second", url="https://example.org/2")
    return f"/hallinta/network/organisation/{association.pk}/change/"


def with_links(fields, *titles, start=2):
    """What the browser adds when rows are added there."""
    rows = {"links-TOTAL_FORMS": [str(start + len(titles))]}
    for number, title in enumerate(titles, start):
        rows |= {
            f"links-{number}-title": [title],
            f"links-{number}-url": ["https://example.org/new"],
            f"links-{number}-id": [""],
        }
    return fields | rows


def test_the_desk_gives_back_a_form_with_all_its_rows(coordinator, association, organisation_page):
    client = browser(coordinator)
    fields = with_links(desk_fields(client.get(organisation_page)), "Third", "Fourth", "Fifth")
    fields |= {"description": [LONG_TEXT], "links-1-title": ["Second, changed"]}
    end_sessions()
    asked = client.post(organisation_page, fields)
    address = sign_in(client, coordinator, asked.url).url.partition("#")[0]
    page = client.get(address)
    back = desk_fields(page)
    assert back["description"] == [LONG_TEXT]
    assert back["links-TOTAL_FORMS"] == ["5"]
    assert [back[f"links-{n}-title"] for n in range(5)] == [
        ["First"],
        ["Second, changed"],
        ["Third"],
        ["Fourth"],
        ["Fifth"],
    ]
    assert set(association.links.values_list("title", flat=True)) == {"First", "Second"}
    saved = client.post(address, back)
    assert saved.status_code == 302
    assert list(association.links.order_by("pk").values_list("title", flat=True)) == [
        "First",
        "Second, changed",
        "Third",
        "Fourth",
        "Fifth",
    ]
    association.refresh_from_db()
    assert association.description == LONG_TEXT


def test_rows_find_their_own_when_others_have_come_and_gone(coordinator, association, organisation_page):
    client = browser(coordinator)
    fields = with_links(desk_fields(client.get(organisation_page)), "Third")
    fields |= {"links-0-title": ["First, changed by me"], "links-1-title": ["Second, changed by me"]}
    association.links.get(title="First").delete()
    association.links.create(title="By another", url="https://example.org/3")
    change_token(client)
    page = client.post(organisation_page, fields)
    assert page.status_code == 403
    back = desk_fields(page)
    titles = {back[f"links-{n}-id"][0]: back[f"links-{n}-title"][0] for n in range(2)}
    assert titles[str(association.links.get(title="Second").pk)] == "Second, changed by me"
    assert titles[str(association.links.get(title="By another").pk)] == "By another"
    assert back["links-2-title"] == ["Third"]
    assert "First, changed by me" in page.content.decode()  # told above the form, to be copied
    assert "First, changed by me" not in str(back)


def test_what_somebody_else_saved_meanwhile_is_still_told(coordinator, association, organisation_page):
    client = browser(coordinator)
    fields = desk_fields(client.get(organisation_page)) | {"description": ["Mine"]}
    Organisation.objects.filter(pk=association.pk).update(description="Theirs", updated_at=timezone.now())
    change_token(client)
    back = desk_fields(client.post(organisation_page, fields))
    answer = client.post(organisation_page, back)
    assert answer.status_code == 200
    association.refresh_from_db()
    assert association.description == "Theirs"
    assert desk_fields(answer)["description"] == ["Mine"]


def test_the_desk_gives_back_ten_megabytes(coordinator, association, organisation_page):
    client = browser(coordinator)
    fields = desk_fields(client.get(organisation_page)) | {"description": [TEN_MEGABYTES]}
    answer = client.post(organisation_page, fields)
    assert answer.status_code == 400
    assert desk_fields(answer)["description"] == [TEN_MEGABYTES[:LONG]]


def test_a_deletion_is_not_done_by_itself(coordinator, association):
    client = browser(coordinator)
    address = f"/hallinta/network/organisation/{association.pk}/delete/"
    fields = fields_of(client.get(address)) | {"post": ["yes"]}
    end_sessions()
    asked = client.post(address, fields)
    page = client.get(sign_in(client, coordinator, asked.url).url.partition("#")[0])
    assert page.status_code == 200
    assert Organisation.objects.filter(pk=association.pk).exists()
