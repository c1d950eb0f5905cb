from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network import personal_data
from network.models import DataRequest, User
from network.public_forms import open_form

from . import requests, unused
from .forms import CorrectionForm, EraseForm


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_safe
@never_cache
def own_data(request: HttpRequest) -> HttpResponse:
    person = me(request)
    kinds = [(kind, kind.in_words(person)) for kind in personal_data.everything()]
    context = {
        "kinds": [(kind, rows) for kind, rows in kinds if rows],
        "nothing": [kind for kind, rows in kinds if not rows],
    }
    return render(request, "network/own_data.html", context)


@require_POST
def own_data_download(request: HttpRequest) -> HttpResponse:
    """By POST: it is written down that the data was given."""
    requests.log_done(DataRequest.Kind.ACCESS, person=me(request), by=me(request))
    return requests.download(me(request))


@require_http_methods(["GET", "HEAD", "POST"])
def own_data_correct(request: HttpRequest) -> HttpResponse:
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        return form.once(lambda: _asked(request, form.cleaned_data["text"]))
    return render(request, "network/own_data_correct.html", {"form": form})


def _asked(request: HttpRequest, text: str) -> str:
    requests.ask(me(request), text)
    messages.success(request, _("Your request is with the coordinator. You get an answer within a month."))
    return reverse("own_data")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required(allow_get=True)
def own_data_erase(request: HttpRequest) -> HttpResponse:
    """Reading what would go is open; pressing the button asks again who one is, as changing the address does."""
    person = me(request)
    form = EraseForm(request.POST or None, person=person)
    refusal = requests.why_not(person)
    if form.is_valid() and not refusal:
        try:
            requests.erase(person, by=person)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            logout(request)
            return redirect("own_data_erased")
    context = {
        "form": form,
        "refusal": refusal,
        "kinds": [(kind, len(kind.rows(person))) for kind in personal_data.everything()],
        "left_without_editor": requests.edits_alone(person),
    }
    return render(request, "network/own_data_erase.html", context)


@login_not_required
@require_safe
def own_data_erased(request: HttpRequest) -> HttpResponse:
    return render(request, "network/own_data_erased.html")


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def account_keep(request: HttpRequest, token: str) -> HttpResponse:
    """Where the question “do you want to stay?” leads. Opening it changes nothing; the button does."""
    person = unused.asked(token)
    if person is None:
        return render(request, "network/account_keep.html", {"state": "unknown"}, status=404)
    if request.method == "POST":
        unused.keep(person)
        return redirect("account_keep", token)
    return render(request, "network/account_keep.html", {"state": "kept" if unused.stays(person) else "asked"})
