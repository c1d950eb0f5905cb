"""*Omat sivut*: what waits for a person, and the way to everything that is hers. The desk's front shows the first too."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from experts.models import Offer, Order
from meetings import preparing
from meetings.minutes import actions, waiting
from meetings.models import AgendaItem, Meeting
from network import incoming, permissions
from network.models import Bulletin, DataRequest, JoinRequest, Network, Organisation, User
from network.models.ground_rules import rules_to_accept
from services import own
from services.models import LinkCheck, ProposedEdit, Service


class Waiting(NamedTuple):
    label: str
    url: str
    number: int


@require_safe
def own_pages(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  the page is for who is signed in
    found = [one for one in waiting_for(user) if one.number]
    context = {"waiting": found, "may_invite": permissions.can_invite(user), "rules": rules_to_accept(user)}
    return render(request, "own_pages.html", context)


def waiting_for(user: User) -> list[Waiting]:
    """What a person has to see to, each with its number: an editor for her organisations, a coordinator for all."""
    network = Network.current()
    found = [*_of_editor(user, network), *(_of_coordinator(network) if user.is_coordinator else [])]
    return [*found, *_of_minutes(user), *_of_orders(user)]


def _of_minutes(user: User) -> Iterator[Waiting]:
    """What one has promised, and of the meetings one organises – a coordinator all – what is late."""
    yield Waiting(
        _("My actions from meetings"), reverse("meetings:own_actions"), actions.to_do(actions.own(user)).count()
    )
    late = actions.overdue(actions.organised(user)).exclude(owner=user).count()
    yield Waiting(_("Actions of others that are late"), f"{reverse('meetings:own_actions')}#muiden", late)
    unpublished = waiting.unpublished(user).count()
    yield Waiting(_("Minutes that nobody has published in five days"), reverse("meetings:minutes_waiting"), unpublished)


def _of_editor(user: User, network: Network) -> Iterator[Waiting]:
    bodies = list(own.organisations_of(user).values_list("pk", flat=True))
    if bodies:
        listings = Service.objects.published().filter(organisation__in=bodies)
        yield Waiting(_("Listings to confirm"), reverse("services:confirm_own"), listings.due(network).count())
        pages = Organisation.objects.filter(pk__in=bodies).due(network).count()
        yield Waiting(_("Organisations' own pages to confirm"), reverse("services:confirm_own"), pages)
        broken = LinkCheck.objects.failing_for(listings).count()
        yield Waiting(_("Links that do not work"), reverse("services:own"), broken)
        mine = ProposedEdit.objects.filter(author=user, status=ProposedEdit.Status.REJECTED)
        newer = ProposedEdit.objects.filter(author=user, status__in=["pending", "approved", "corrected"])
        again = Q(service__in=newer.values("service")) | Q(organisation__in=newer.values("organisation"))
        yield Waiting(_("Texts to correct"), reverse("services:own"), mine.exclude(again).count())
    yield from _of_organiser(user)
    told = sum(kind._default_manager.visible_to(user).open().count() for kind in incoming.kinds())
    yield Waiting(_("Messages to answer"), reverse("incoming_list"), told)


def _of_orders(user: User) -> Iterator[Waiting]:
    """Requests to an expert, times that were proposed to an orderer, and what a coordinator of the activity sees to."""
    asked = Offer.objects.to_answer().filter(profile__person=user).count()
    proposed = Offer.objects.filter(order__ordered_by=user, status=Offer.Status.COUNTERED).count()
    yield Waiting(_("Requests to an experience expert"), reverse("experts:order_list"), asked + proposed)
    if user.is_expert_coordinator:
        waiting = Order.objects.filter(status__in=[Order.Status.REVIEW, Order.Status.OPEN]).count()
        yield Waiting(_("Orders of experience experts to see to"), reverse("experts:order_list"), waiting)


def _of_organiser(user: User) -> Iterator[Waiting]:
    """What waits in the meetings that the person organises; a coordinator is told of all of them on the desk."""
    unasked = Meeting.objects.standing().filter(participations__person=user, participations__answer="invited")
    invited = unasked.filter(invited_at__isnull=False).upcoming().count()
    yield Waiting(_("Invitations to answer"), reverse("meetings:own_calendar"), invited)
    if not user.is_coordinator:
        own = Meeting.objects.organised_by(user)
        asked = AgendaItem.objects.proposed().filter(meeting__in=own.standing().upcoming().values("pk")).count()
        yield Waiting(_("Proposals for agendas"), reverse("meetings:list"), asked)


def _of_coordinator(network: Network) -> Iterator[Waiting]:
    proposals = AgendaItem.objects.proposed().filter(meeting__cancelled_at__isnull=True).count()
    meetings = reverse("admin:meetings_meeting_changelist")
    yield Waiting(_("Proposals for agendas"), f"{meetings}?state=proposals", proposals)
    without = preparing.soon_without_agenda().count()
    yield Waiting(_("Meetings without an agenda in a week"), f"{meetings}?state=lacking", without)
    asked = JoinRequest.objects.waiting().count()
    yield Waiting(_("People who ask to join"), reverse("join_request_list"), asked)
    texts = ProposedEdit.objects.pending().count()
    yield Waiting(_("Texts to review"), reverse("services:review_list"), texts)
    late = Service.objects.published().late(network).count()
    listings = reverse("admin:services_service_changelist")
    yield Waiting(_("Listings that nobody has confirmed for long"), f"{listings}?freshness=late", late)
    news = Bulletin.objects.proposed().count()
    yield Waiting(_("Bulletins that members propose"), reverse("admin:network_bulletin_changelist"), news)
    requests = DataRequest.objects.open().count()
    yield Waiting(_("Requests about personal data"), reverse("admin:network_datarequest_changelist"), requests)
