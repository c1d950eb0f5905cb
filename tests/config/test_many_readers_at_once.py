"""After an edit one reader makes a page, and the others of the process wait for it."""

import threading
import time

from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from network import public_pages


def ask(view, answers):
    request = RequestFactory().get("/monta/")
    request.session = SessionStore()
    answers.append(view(request))


def test_readers_at_once_make_a_page_once(monkeypatch):
    monkeypatch.setattr(public_pages, "catalogue_version", lambda: "one")
    public_pages.KEEPER.forget()
    made, answers = [], []

    @public_pages.public_page(clock=lambda version: "")
    def view(request):
        made.append(request)
        time.sleep(0.05)
        return HttpResponse("Sivu")

    threads = [threading.Thread(target=ask, args=(view, answers)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert [answer.content for answer in answers] == [b"Sivu"] * 6
    assert not public_pages.MAKING.events


def test_a_page_that_fails_or_is_not_kept_stops_nobody(monkeypatch):
    monkeypatch.setattr(public_pages, "catalogue_version", lambda: "one")
    public_pages.KEEPER.forget()
    answers = []

    @public_pages.public_page(clock=lambda version: "")
    def view(request):
        return HttpResponse("Ei ole", status=404)

    for _ in range(2):
        ask(view, answers)
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not public_pages.MAKING.events
