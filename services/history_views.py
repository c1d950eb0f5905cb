"""The history of a listing or an organisation, for members; and an old version given back, for those who keep it right."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.models import Organisation

from . import history, permissions
from .confirming import ChangedMeanwhile, Thing, version_of
from .models import Service
from .versions import shape_of, versions_of

PAGE_SIZE = 20


@require_safe
def service_history(request: HttpRequest, slug: str) -> HttpResponse:
    return _history(request, _service(request, slug))


@require_safe
def organisation_history(request: HttpRequest, slug: str) -> HttpResponse:
    return _history(request, get_object_or_404(Organisation, slug=slug))


@require_http_methods(["GET", "HEAD", "POST"])
def service_restore(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _restore(request, _service(request, slug), key)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_restore(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _restore(request, get_object_or_404(Organisation, slug=slug), key)


def _service(request: HttpRequest, slug: str) -> Service:
    services = Service.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(services, slug=slug)


def _history(request: HttpRequest, thing: Thing) -> HttpResponse:
    if not permissions.can_see_members_only(request.user):
        raise PermissionDenied
    can_edit = permissions.can_confirm(request.user, thing)
    eyes = history.Eyes(editor=can_edit, coordinator=permissions.is_coordinator(request.user))
    try:
        page = Paginator(eyes.of(versions_of(thing)), PAGE_SIZE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404(_("There is no such page.")) from None
    shown = list(page.object_list)
    history.tell(shape_of(thing), shown, eyes)
    for version in shown:
        version.restore_url = _restore_address(thing, version.key) if can_edit else ""
    if page.number == 1 and shown:
        shown[0].restore_url = ""  # as it is now
    return render(request, "services/thing_history.html", {"page": page, "versions": shown, **_thing(thing)})


def _restore(request: HttpRequest, thing: Thing, key: str) -> HttpResponse:
    if not permissions.can_confirm(request.user, thing):
        raise PermissionDenied
    try:
        version = history.find(thing, key)
    except history.NotRestorable:
        raise Http404(_("There is no such version.")) from None
    stale = False
    if request.method == "POST":
        seen = request.POST.get("version", "")
        try:
            waiting = history.restore(thing, version, by=permissions.person_of(request), seen=seen)
        except ChangedMeanwhile:
            stale = True
            thing.refresh_from_db()
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            said = _("The old version waits for review.") if waiting else _("The old version is back, as a new edit.")
            messages.success(request, said)
            return redirect(thing)
    context = {
        "version": version,
        "changes": history.towards(thing, version),
        "stamp": version_of(thing),
        "stale": stale,
    }
    return render(request, "services/version_restore.html", context | _thing(thing), status=409 if stale else 200)


def _restore_address(thing: Thing, key: str) -> str:
    name = "services:restore_version" if isinstance(thing, Service) else "services:organisation_restore"
    return reverse(name, args=[thing.slug, key])


def _thing(thing: Thing) -> dict[str, Any]:
    is_service = isinstance(thing, Service)
    name = "services:history" if is_service else "services:organisation_history"
    return {"thing": thing, "is_service": is_service, "history_url": reverse(name, args=[thing.slug])}
