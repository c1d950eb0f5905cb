"""A form that anybody may send: once is once, machines are stopped, no address is kept, no cookie is needed."""

import datetime as dt
import re
import threading

import pytest
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.urls import urlpatterns as portal_urls
from network import limits
from network.models import Competence, OnceKey
from network.public_forms import KEPT_FOR, OnceForm, PublicForm, open_form, purge_once_keys


class WordForm(PublicForm, forms.ModelForm):
    """Makes a row with a unique name: what a second one would be refused for."""

    times = 3

    class Meta:
        model = Competence
        fields = ["code", "name"]


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def word_add(request):
    form = WordForm(request.POST or None, request=request)
    if form.is_valid():
        return form.once(lambda: f"/made/{form.save().pk}/")
    page = Template("<form method='post'>{% csrf_token %}{{ form }}</form>").render(
        RequestContext(request, {"form": form})
    )
    return HttpResponse(page, headers={"X-Errors": "; ".join(str(error) for error in form.non_field_errors())})


urlpatterns = [path("word/", word_add), *portal_urls]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def typed(code: str = "a-word", **more: str) -> dict[str, str]:
    return {"code": code, "name": code.title(), "form_key": WordForm.fresh_key()} | more


def made() -> set[str]:
    return set(Competence.objects.filter(code__startswith="a-").values_list("code", flat=True))


def test_one_key_makes_one_thing_and_leads_to_it_twice(client):
    form = typed()
    first, second = client.post("/word/", form), client.post("/word/", form)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url == f"/made/{Competence.objects.get(code='a-word').pk}/"
    assert made() == {"a-word"}


def test_two_forms_make_two_things(client):
    assert client.post("/word/", typed("a-one")).status_code == 302
    assert client.post("/word/", typed("a-two")).status_code == 302
    assert made() == {"a-one", "a-two"}


def test_the_key_of_another_form_is_none(client):
    class OtherForm(OnceForm):
        pass

    for key in ("", "x", "a:b:c", OtherForm.fresh_key(), "x" * 500, "ä"):
        answer = client.post("/word/", typed(form_key=key))
        assert answer.status_code == 200
        assert answer["X-Errors"]
    assert made() == set()


def test_a_form_without_a_key_comes_back_with_one_and_can_be_sent(client):
    answer = client.post("/word/", typed(form_key=""))
    page = answer.content.decode()
    assert 'value="a-word"' in page
    key = re.search(r'name="form_key" value="([^"]+)"', page).group(1)
    assert client.post("/word/", typed(form_key=key)).status_code == 302


def test_a_form_that_was_open_for_days_comes_back_with_a_new_key(client, monkeypatch):
    monkeypatch.setattr(
        "django.core.signing.time.time", lambda: timezone.now().timestamp() - KEPT_FOR.total_seconds() - 9
    )
    form = typed()
    monkeypatch.undo()
    answer = client.post("/word/", form)
    assert answer.status_code == 200
    assert form["form_key"] not in answer.content.decode()
    assert made() == set()


def test_what_failed_leaves_the_key_to_the_next(db):
    form = WordForm(typed(), request=RequestFactory().post("/"))
    assert form.is_valid()
    with pytest.raises(RuntimeError):
        form.once(fail)
    assert OnceKey.objects.count() == 0
    assert form.once(lambda: "/there/").url == "/there/"


def fail() -> str:
    raise RuntimeError


def test_a_machine_fills_the_hidden_field_and_is_refused(client):
    answer = client.post("/word/", typed(homepage_of_sender="https://example.org/"))
    assert answer.status_code == 200
    assert answer["X-Errors"]
    assert "https://example.org/" not in answer.content.decode()  # a person's browser may have filled it
    assert made() == set()


def test_a_machine_is_faster_than_a_person(client, settings):
    settings.PUBLIC_FORM_SECONDS = 3
    answer = client.post("/word/", typed())
    assert answer.status_code == 200
    assert answer["X-Errors"]
    assert made() == set()


def test_one_client_sends_so_many_and_another_is_not_hindered(client):
    for number in range(3):
        assert client.post("/word/", typed(f"a-{number}")).status_code == 302
    refused = client.post("/word/", typed("a-fourth"))
    assert refused.status_code == 200
    assert 'value="a-fourth"' in refused.content.decode()
    assert client.post("/word/", typed("a-other"), REMOTE_ADDR="192.0.2.7").status_code == 302
    assert made() == {"a-0", "a-1", "a-2", "a-other"}


def test_a_wrong_form_and_a_second_press_take_no_place(client):
    for _n in range(5):
        client.post("/word/", typed(name=""))
    form = typed()
    for _n in range(5):
        assert client.post("/word/", form).status_code == 302
    assert client.post("/word/", typed("a-two")).status_code == 302


def test_no_network_address_is_kept(client):
    client.post("/word/", typed(), REMOTE_ADDR="192.0.2.44")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(cache_key || value, ' ') FROM limits")
        kept = cursor.fetchone()[0]
    assert "PublicForm" not in kept
    assert "192.0.2" not in kept
    assert kept


def test_the_mark_of_a_client_lasts_a_day(monkeypatch):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.44")
    today = limits.client_mark(request)
    assert today == limits.client_mark(request)
    monkeypatch.setattr(limits.timezone, "localdate", lambda: dt.date(2030, 1, 1))
    assert limits.client_mark(request) != today


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same"),
    [
        (0, "198.51.100.1", True),
        (1, "203.0.113.9, 198.51.100.1", False),
        (2, "198.51.100.1", True),
        (1, "nonsense", False),
    ],
)
def test_only_our_own_proxy_is_believed(proxies, forwarded, same, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    plain = limits.client_mark(RequestFactory().get("/"))
    through = limits.client_mark(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded))
    assert (plain == through) is same


def test_a_client_does_not_choose_a_new_address_of_its_network():
    def mark(address):
        return limits.client_mark(RequestFactory().get("/", REMOTE_ADDR=address))

    assert mark("2001:db8::1") == mark("2001:db8::ffff:1") != mark("2001:db8:1::1")
    assert mark("::ffff:192.0.2.1") == mark("192.0.2.1")


def test_places_are_free_again_after_their_time():
    assert limits.may("a", "b", times=1, seconds=3600)
    assert not limits.may("a", "b", times=1, seconds=3600)
    assert limits.may("a", "c", times=1)
    caches["limits"].touch("a:b:0", -1)
    assert limits.may("a", "b", times=1)


def test_a_visitor_without_cookies_may_send_it_but_nobody_in_the_name_of_a_person(professional):
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.post("/word/", typed("a-one")).status_code == 302
    person = Client(enforce_csrf_checks=True)
    person.force_login(professional)
    assert person.post("/word/", typed("a-two")).status_code == 403
    page = person.get("/word/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    assert person.post("/word/", typed("a-two", csrfmiddlewaretoken=token)).status_code == 302


def test_migrating_makes_the_table_of_the_counters():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE limits")
    call_command("migrate", verbosity=0)
    assert limits.may("a", "b", times=1)


def test_old_keys_are_purged(client):
    client.post("/word/", typed())
    assert purge_once_keys() == 0
    OnceKey.objects.update(created_at=timezone.now() - KEPT_FOR - dt.timedelta(hours=2))
    assert purge_once_keys() == 1


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_makes_one_thing():
    form, answers, start = typed(), [], threading.Barrier(3)

    def press():
        start.wait()
        answers.append(Client().post("/word/", form))
        connection.close()

    threads = [threading.Thread(target=press) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [302] * 3
    assert len({answer.url for answer in answers}) == 1
    assert made() == {"a-word"}


@pytest.mark.django_db(transaction=True)
def test_places_taken_at_once_are_not_shared():
    taken, start = [], threading.Barrier(8)

    def take():
        start.wait()
        taken.append(limits.may("race", "one", times=3))
        connection.close()

    threads = [threading.Thread(target=take) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 3
    caches["limits"].clear()
