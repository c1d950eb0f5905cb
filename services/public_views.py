"""Pages about listings that need no signing in: telling of an error, telling how it went, what has changed.

The listing's own page may be cached by anybody and carries no form's token; these are pages beside it.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from network import incoming
from network.models import Network
from network.public_forms import open_form
from network.subscriptions import unsubscribe_page

from . import digest, feedback
from .models import AccessFeedback, Service, ServiceNotice
from .public_forms import HelpedForm, MoreForm, ReportForm

PAGE_SIZE = 30
IN_FEED = 30


def published(slug: str) -> Service:
    """Raises Http404; an old address is no form's to answer."""
    services = Service.objects.published().select_related("organisation", "main_type").prefetch_related("texts")
    return get_object_or_404(services, slug=slug)


# Something is wrong -------------------------------------------------------------------------------------------------


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def service_report(request: HttpRequest, slug: str) -> HttpResponse:
    service = published(slug)
    form = ReportForm(request.POST or None, request=request)
    if form.is_valid():
        return form.once(lambda: reported(service, form))
    return render(request, "services/service_report.html", {"service": service, "form": form})


def reported(service: Service, form: ReportForm) -> str:
    """Keep the report and bring it to its readers; the address to go to."""
    form.instance.service = service
    incoming.deliver(form.save())
    return reverse("services:report_sent", args=[service.slug])


@login_not_required
@require_safe
def service_report_sent(request: HttpRequest, slug: str) -> HttpResponse:
    context = {"service": published(slug), "answer_days": Network.current().answer_days}
    return render(request, "services/service_report_sent.html", context)


# How it went --------------------------------------------------------------------------------------------------------


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def service_helped(request: HttpRequest, slug: str) -> HttpResponse:
    """One press answers, and the same answer's page thanks and asks two more questions, which may be left.

    It is no page of its own to go to: the answer's key would stand in its address, and that in the log of a proxy.
    """
    service = published(slug)
    form = HelpedForm(request.POST if request.method == "POST" else None, service=service, request=request)
    if form.is_valid() and form.pk:
        feedback.answer(service, form.pk, form.cleaned_data["helped"])
        return more_page(request, service, MoreForm(), feedback.key_for_more(form.pk, service))
    choices = AccessFeedback.Helped.choices
    context = {"service": service, "form": form, "choices": choices, "key": feedback.fresh_key(service)}
    return anonymous(request, "services/service_helped.html", context)


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def service_helped_more(request: HttpRequest, slug: str) -> HttpResponse:
    service = published(slug)
    if request.method != "POST":
        return redirect("services:helped", slug)
    key = request.POST.get("key", "")
    pk = feedback.opened(key, service, what="more")
    form = MoreForm(request.POST)
    if pk and not form.is_valid():
        return more_page(request, service, form, key)
    added = pk is not None and feedback.add(pk, **form.cleaned_data)
    return anonymous(request, "services/service_helped_more.html", {"service": service, "done": True, "added": added})


def more_page(request: HttpRequest, service: Service, form: MoreForm, key: str) -> HttpResponse:
    context = {"service": service, "form": form, "key": key, "done": False}
    return anonymous(request, "services/service_helped_more.html", context)


def anonymous(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """No cache keeps the page, a visitor gets no cookie with it, and the log line has no request id."""
    context["with_token"] = settings.SESSION_COOKIE_NAME in request.COOKIES  # see network.public_forms.open_form
    response = render(request, template, context)
    response.headers["Cache-Control"] = "no-store"
    response.anonymous = True  # type: ignore[attr-defined]  # read by config.middleware.RequestIdMiddleware
    return response


@login_not_required
@require_safe
def feedback_list(request: HttpRequest) -> HttpResponse:
    """What people have answered, by type of service and over time: figures of five people at least."""
    return render(request, "services/feedback_list.html", {"types": feedback.by_type(), "today": timezone.localdate()})


# What has changed ---------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def changed_list(request: HttpRequest) -> HttpResponse:
    try:
        page = Paginator(ServiceNotice.objects.public().for_page(), PAGE_SIZE).page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404(_("There is no such page.")) from None
    return render(request, "services/changed_list.html", {"page": page})


class ChangedFeed(Feed):
    """The newest changes, in the language of the address."""

    def title(self) -> str:
        return _("Changed services") + " – " + Network.current().local_name

    def description(self) -> str:
        return _("Services that are new, have closed, moved or changed their name.")

    def link(self) -> str:
        return reverse("services:changed")

    def items(self) -> QuerySet[ServiceNotice]:
        return ServiceNotice.objects.public().for_page()[:IN_FEED]

    def item_title(self, item: Any) -> str:
        return f"{item.get_kind_display()}: {item.service.text.name}"

    def item_description(self, item: ServiceNotice) -> str:
        return item.sentence or item.service.text.summary

    def item_link(self, item: ServiceNotice) -> str:
        return item.service.get_absolute_url()

    def item_guid(self, item: ServiceNotice) -> str:
        return f"service-notice-{item.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: ServiceNotice) -> Any:
        return item.at


@login_not_required
@require_safe
def changed_rss(request: HttpRequest) -> HttpResponse:
    return ChangedFeed()(request)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def changed_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    return unsubscribe_page(request, token, digest.CHANGES, "services/changed_unsubscribe.html")
