"""Pages about the portal itself, generated from the coordinator's settings with what she has added."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from network import personal_data, retention
from network.mailto import mail_to
from network.models import Network, NoticeVersion, Statement, notice_version
from network.people.visible import deputies
from network.public_pages import public_page


def _page(name: str, more: Callable[[], dict[str, Any]] | None = None) -> Callable[..., HttpResponseBase]:
    @login_not_required
    @require_safe
    @public_page()
    def view(request: HttpRequest) -> HttpResponse:
        context = {
            "deputies": deputies(request.user) if name == Statement.ABOUT else [],
            "statement": Statement.objects.filter(page=name).first(),
            "session_cookie": settings.SESSION_COOKIE_NAME,
            "session_days": settings.SESSION_COOKIE_AGE // 86400,
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
        }
        return render(request, f"pages/{name}.html", {**context, **(more() if more else {})})

    return view


def _privacy() -> dict[str, Any]:
    text = privacy_text()
    version = notice_version.in_force(text, translation.get_language() or settings.LANGUAGE_CODE)
    return {**_kept(), "text": text, "version": version}


def _kept() -> dict[str, Any]:
    """Kinds of data and how long they are kept, as the parts of the portal have registered them."""
    return {"kinds": personal_data.notice(), "periods": retention.table()}


def privacy_text() -> SafeString:
    """What a version of the notice keeps, in the active language; without the coordinator's name, who may change."""
    statement = Statement.objects.filter(page=Statement.PRIVACY).first()
    context = {**_kept(), "network": Network.current(), "statement": statement}
    return render_to_string("pages/_privacy_text.html", context)


def keep_privacy_notice() -> None:
    """Every night: a notice that has changed is a version of its own, readable for good."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(privacy_text())
    notice_version.keep(texts)


@login_not_required
@require_safe
def privacy_versions(request: HttpRequest) -> HttpResponse:
    versions = NoticeVersion.objects.only("number", "since")
    return render(request, "pages/privacy_versions.html", {"versions": versions})


@login_not_required
@require_safe
def privacy_version(request: HttpRequest, number: int) -> HttpResponse:
    version = get_object_or_404(NoticeVersion, number=number)
    text = version.text_in(translation.get_language() or settings.LANGUAGE_CODE)
    return render(request, "pages/privacy_version.html", {"version": version, "text": text})


about = _page(Statement.ABOUT)
accessibility = _page(Statement.ACCESSIBILITY)
privacy = _page(Statement.PRIVACY, _privacy)
cookies = _page(Statement.COOKIES)


@login_not_required
@require_safe
def coordinator_email(request: HttpRequest) -> HttpResponse:
    """Opens the reader's mail program; the address stands in no page that a harvester reads."""
    address = Network.current().coordinator_email
    if not address:
        raise Http404(_("The coordinator has not given an e-mail address."))
    return mail_to(address)


@login_not_required
@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """E-mail links, sign-in and the admin are not for robots; the demo is not for them at all."""
    closed = [
        "/hallinta/", "/tili/", "/omat/", "/kutsu/", "/vahvista/", "/loma/", "/tarkistettavat/", "/palvelut/yhteys/",
        "/verkosto/yhteys/", "/tietoa/sahkoposti/", "/palvelut/csv/",
    ]  # fmt: skip
    closed = ["/"] if settings.DEMO else [*closed, *(f"/*{path}" for path in closed), "/*?q=", "/*&q="]
    lines = [
        "User-agent: *",
        *[f"Disallow: {path}" for path in closed],
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
