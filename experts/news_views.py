"""News of the activity to contact persons, as bulletins: each gets them as she has chosen to get bulletins.

The coordinator of expert activity writes them without being the network's coordinator; on the portal all members read
them.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network.guards import GuardedForm
from network.models import Bulletin, Membership, User
from network.permissions import signed_in
from network.public_forms import OnceForm
from network.transitions import InvalidTransition

from . import permissions

PAGE_SIZE, NEWEST = 30, 10


class NewsForm(GuardedForm, OnceForm, forms.ModelForm):
    class Meta:
        model = Bulletin
        fields = ("title", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}


def writer_of(request: HttpRequest) -> User:
    user = signed_in(request)
    if not permissions.can_write_news(user):
        raise PermissionDenied
    return user


def news() -> QuerySet[Bulletin]:
    return Bulletin.objects.published().filter(to_contact_persons=True).order_by("-sent_at", "-pk")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_list(request: HttpRequest) -> HttpResponse:
    """Who the contact persons are, what has been told to them, and a form that tells more."""
    user = writer_of(request)
    form = NewsForm(request.POST or None)
    if form.is_valid():
        return form.once(lambda: sent(request, form, user))
    people = Membership.objects.current().filter(is_contact_person=True, person__is_active=True)
    people = people.select_related("person", "organisation").order_by("organisation__name", "person__name", "pk")
    context = {
        "form": form,
        "page": Paginator(people, PAGE_SIZE).get_page(request.GET.get("page")),
        "news": news()[:NEWEST],
    }
    return render(request, "experts/news_list.html", context)


def sent(request: HttpRequest, form: NewsForm, by: User) -> str:
    """The address to go to."""
    form.instance.to_contact_persons = True
    bulletin: Bulletin = form.save()
    bulletin.send(by=by)
    messages.success(request, _("The news is on the portal, and its mails are leaving."))
    return reverse("experts:news_list")


@never_cache
@require_POST
def news_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the portal; mails that have left stay where they are."""
    user = writer_of(request)
    bulletin = get_object_or_404(news(), pk=pk)
    try:
        bulletin.withdraw(by=user)
    except InvalidTransition as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The bulletin was withdrawn."))
    return redirect("experts:news_list")
