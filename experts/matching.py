"""Whom to ask: the experts who know the topic, come to the place and are not away. Who has had least comes first."""

import datetime as dt

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import ExpertProfile, Offer, Order

LOAD = dt.timedelta(days=182)  # how far back tasks count


def suitable(order: Order) -> QuerySet[ExpertProfile]:
    """Who may be asked and has not been, with `load`: tasks agreed on in the last half year.

    What an expert has left open in the profile fits everything.
    """
    found = ExpertProfile.objects.taking_requests().exclude(offers__in=asked(order))
    if themes := [theme.pk for theme in order.themes.all()]:
        found = found.filter(Q(themes__in=themes) | Q(themes=None))
    found = found.filter(Q(task_types=order.task_type_id) | Q(task_types=None))
    if order.format_id:
        found = found.filter(Q(formats__format=order.format_id) | Q(formats=None))
    if order.language_id:
        found = found.filter(Q(languages=order.language_id) | Q(languages=None))
    found = found.filter(place_condition(order)).exclude(company=not_for(order))
    for day in days_of(order):
        found = found.free_on(day)
    return with_load(ExpertProfile.objects.filter(pk__in=found.values("pk")))


def available(order: Order) -> QuerySet[ExpertProfile]:
    """Everybody whom a coordinator may ask: all who take requests and have not been asked."""
    return ExpertProfile.objects.taking_requests().exclude(offers__in=asked(order))


def asked(order: Order) -> QuerySet[Offer]:
    """Those who were asked and have not merely been let go because somebody was faster."""
    return Offer.objects.filter(order=order).exclude(status=Offer.Status.LAPSED)


def place_condition(order: Order) -> Q:
    remote = Q(is_remote=True)
    if order.place_kind == Order.Place.REMOTE:
        return remote
    there = Q(municipalities=None) | Q(municipalities=order.municipality_id) if order.municipality_id else Q()
    return there | remote if order.place_kind == Order.Place.EITHER and there else there


def not_for(order: Order) -> str:
    """Who speaks only with a pair is not asked alone, nor the other way."""
    return ExpertProfile.Company.PAIR if order.experts_wanted == 1 else ExpertProfile.Company.ALONE


def days_of(order: Order) -> set[dt.date]:
    """The days on which the expert is needed for sure: the only wished time, or all sessions."""
    if sessions := list(order.sessions.all()):
        return {timezone.localdate(session.starts_at) for session in sessions}
    times = [wish.starts_at for wish in order.wishes.all() if wish.starts_at]
    return set(map(timezone.localdate, times)) if len(times) == 1 or order.times_are_sessions else set()


def with_load(profiles: QuerySet[ExpertProfile]) -> QuerySet[ExpertProfile]:
    """Each with `load`, and whoever has least first, so that work spreads."""
    recent = Offer.objects.filter(
        expert_key=OuterRef("key"), status=Offer.Status.ACCEPTED, answered_at__gt=timezone.now() - LOAD
    )
    counted = recent.order_by().values("expert_key").annotate(number=Count("pk")).values("number")
    return profiles.annotate(load=Coalesce(Subquery(counted), 0)).order_by("load", "shown_name", "pk")
