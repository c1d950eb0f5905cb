import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from network.models import User
from network.models.ground_rules import rules_to_accept

from . import second_factor

WAYS_THERE = re.compile(r"([a-z]{2}/)?tili/")


class SecondFactorMiddleware:
    """A coordinator who has not shown a second factor is none, and is led to show it or to set one up.

    Pages for everybody stay open to such a person, as to anybody else; the session is read only where a page asks who
    is there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: who_asks(request))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or is_way_there(match) or (is_open(view) and match.app_name != "admin"):
            return None
        person = request.user
        if not (isinstance(person, User) and person.lacks_second_factor):
            return None
        if second_factor.has_one(person):
            way = redirect("mfa_reauthenticate")
        else:
            messages.warning(request, _("A coordinator needs a second step for signing in. Set it up first."))
            way = redirect("mfa_activate_totp")
        if request.method == "GET":
            way["Location"] += "?" + urlencode({"next": request.get_full_path()})
        return way


class RulesFirstMiddleware:
    """Who joined without a form that asks about the ground rules accepts them at the first page that is not for all.

    Signing in and out and one's own data stay open: nobody is kept in by rules that she does not accept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or is_open(view) or is_way_there(match) or (match.url_name or "").startswith("own_data"):
            return None
        person = request.user
        if not (isinstance(person, User) and person.rules_first and rules_to_accept(person)):
            return None
        way = redirect("ground_rules")
        if request.method == "GET":
            way["Location"] += "?" + urlencode({"next": request.get_full_path()})
        return way


def who_asks(request: HttpRequest) -> User | AnonymousUser:
    person = get_user(request)
    if isinstance(person, User):
        person.lacks_second_factor = second_factor.is_missing(request, person)
    return person


def is_open(view: Any) -> bool:
    return not getattr(view, "login_required", True)


def is_way_there(match: ResolverMatch) -> bool:
    """The addresses of `urls`, in every language."""
    return bool(WAYS_THERE.match(match.route or ""))
