"""Bulletins on the portal: reading, proposing, and how they come by e-mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from . import emails, markdown, permissions
from .bulletin_forms import ProposalForm, SubscriptionForm
from .models import Bulletin, Network, User
from .public_pages import public_page
from .subscriptions import BULLETINS, unsubscribe_page

PAGE_SIZE = 20
IN_FEED = 20


@login_not_required
@require_safe
@public_page()
def bulletin_list(request: HttpRequest) -> HttpResponse:
    paginator = Paginator(Bulletin.objects.visible_to(request.user).order_by("-sent_at", "-pk"), PAGE_SIZE)
    try:
        page = paginator.page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404(_("There is no such page.")) from None
    may_propose = permissions.can_propose_bulletin(request.user)
    return render(request, "network/bulletin_list.html", {"page": page, "may_propose": may_propose})


@login_not_required
@require_safe
@public_page()
def bulletin_detail(request: HttpRequest, pk: int) -> HttpResponse:
    bulletin = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    return render(request, "network/bulletin_detail.html", {"bulletin": bulletin})


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_propose(request: HttpRequest) -> HttpResponse:
    if not permissions.can_propose_bulletin(request.user):
        raise PermissionDenied
    form = ProposalForm(request.POST or None)
    if form.is_valid():
        return form.once(lambda: proposed(request, form))
    return render(request, "network/bulletin_propose.html", {"form": form})


def proposed(request: HttpRequest, form: ProposalForm) -> str:
    """Keep the proposal and tell the coordinators; the address to go to."""
    form.instance.proposed_by = request.user
    emails.bulletin_proposed(form.save())
    messages.success(request, _("Thank you. The coordinator reads your proposal and decides on sending it."))
    return reverse("bulletin_list")


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_subscription(request: HttpRequest) -> HttpResponse:
    person = get_object_or_404(User, pk=request.user.pk)  # the very person: request.user is lazy
    form = SubscriptionForm(request.POST or None, instance=person)
    if form.is_valid():
        BULLETINS.choose(person, form.cleaned_data["bulletin_delivery"])
        messages.success(request, _("Your choice is saved."))
        return redirect("bulletin_list")
    return render(request, "network/bulletin_subscription.html", {"form": form})


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    return unsubscribe_page(request, token, BULLETINS, "network/bulletin_unsubscribe.html")


class BulletinFeed(Feed):
    """The newest public bulletins, in the language of the address."""

    def get_object(self, request: HttpRequest) -> Network:
        return Network.current()

    def title(self, network: Network) -> str:
        return f"{_('Bulletins')} – {network.local_name}"

    def description(self, network: Network) -> str:
        return network.local("slogan").text or self.title(network)

    def link(self, network: Network) -> str:
        return reverse("bulletin_list")

    def items(self, network: Network) -> QuerySet[Bulletin]:
        return Bulletin.objects.published().filter(is_public=True).order_by("-sent_at", "-pk")[:IN_FEED]

    def item_title(self, item: Any) -> str:
        return str(item)

    def item_description(self, item: Bulletin) -> str:
        return markdown.to_html(item.local("body").text)

    def item_pubdate(self, item: Bulletin) -> Any:
        return item.sent_at

    def item_updateddate(self, item: Bulletin) -> Any:
        return item.updated_at


@login_not_required
@require_safe
def bulletin_rss(request: HttpRequest) -> HttpResponse:
    return BulletinFeed()(request)
