"""Load data of expert activity: invented experts who are shown to everyone, and orders of one member. See `load_data`."""

import datetime as dt
import random
from itertools import cycle, islice

from django.db import transaction
from django.utils import timezone

from experts.models import (
    Consent,
    Engagement,
    ExpertProfile,
    ExpertTheme,
    FeeState,
    Offer,
    Order,
    OrderSession,
    TaskType,
)
from network.models import Membership, Municipality, Organisation, User

from . import load_words as words

ORDERER = "kuorma-tilaaja@example.org"
STATES = ("open", "offered", "accepted", "done", "done", "cancelled")


@transaction.atomic
def fill(experts: int, orders: int, *, seed: int = 1, day: dt.date | None = None) -> None:
    pick = random.Random(seed)  # noqa: S311  nothing secret
    now = timezone.make_aware(dt.datetime.combine(day or timezone.localdate(), dt.time(12)))
    profiles = add_experts(experts, pick)
    if orders:
        add_orders(orders, orderer(), profiles, pick, now)


def add_experts(number: int, pick: random.Random) -> list[ExpertProfile]:
    """Kept by a coordinator, on paper consents: no accounts are needed for them."""
    profiles = [
        ExpertProfile(
            shown_name=f"{pick.choice(words.FIRST_NAMES)} {at + 1} (demo)", speaks_of=pick.choice(words.SENTENCES),
            introduction=pick.choice(words.SENTENCES), shown_to="public", is_remote=at % 3 == 0,
        )
        for at in range(number)
    ]  # fmt: skip
    paper = {"is_given": True, "text": "Kuormakoe.", "how": "paper", "signed_on": timezone.localdate()}
    Consent.objects.bulk_create(
        Consent(expert_key=one.key, scope=scope, **paper) for one in profiles for scope in ("keep", "members", "public")
    )
    ExpertProfile.objects.bulk_create(profiles)
    themes, places = list(ExpertTheme.objects.all()), list(Municipality.objects.in_region())
    themed, placed = ExpertProfile.themes.through, ExpertProfile.municipalities.through
    themed._default_manager.bulk_create(
        themed(expertprofile_id=one.pk, experttheme_id=theme.pk) for one in profiles for theme in pick.sample(themes, 2)
    )
    placed._default_manager.bulk_create(
        placed(expertprofile_id=one.pk, municipality_id=place.pk)
        for one in profiles
        for place in pick.sample(places, min(len(places), 2))
    )
    return profiles


def orderer() -> User:
    person, made = User.objects.get_or_create(email=ORDERER, defaults={"name": "Kuormatilaaja (demo)"})
    if made:
        body = Organisation.objects.order_by("pk").first() or Organisation.objects.create(name="Kuormatoimija (demo)")
        Membership.objects.create(person=person, organisation=body)
    return person


def add_orders(number: int, person: User, profiles: list[ExpertProfile], pick: random.Random, now: dt.datetime) -> None:
    """A day apart, in all states; those that were agreed have their expert, time and fee."""
    task_types, places = list(TaskType.objects.all()), list(Municipality.objects.in_region())
    body = Organisation.objects.filter(memberships__person=person).first()
    terms = {"fee": 100, "travel": "Kilometrikorvaus", "meals": "Kahvi", "payer": "Tilaaja"}
    rows = []
    for at, status in enumerate(islice(cycle(STATES), number)):
        moment = now - dt.timedelta(days=at)
        over, agreed = status in ("done", "cancelled"), status in ("accepted", "done")
        rows.append(
            Order(
                ordered_by=person, organisation=body, municipality=pick.choice(places), task_type=pick.choice(task_types),
                topic=f"{pick.choice(words.SENTENCES)[:150]} {at + 1}", status=status, created_at=moment,
                accepted_at=moment if agreed else None, ended_at=moment if over else None,
                ended_by="orderer" if status == "cancelled" else "", **terms,
            )
        )  # fmt: skip
    Order.objects.bulk_create(rows)
    if not profiles:
        profiles = list(ExpertProfile.objects.all())
    asked = zip((row for row in rows if row.status in ("offered", "accepted", "done")), cycle(profiles), strict=False)
    offers = Offer.objects.bulk_create(
        Offer(order=order, profile=profile, expert_key=profile.key, offered_at=order.created_at, **answer(order))
        for order, profile in asked
    )
    taken = [offer for offer in offers if offer.slot]
    sessions = OrderSession.objects.bulk_create(
        OrderSession(order=offer.order, starts_at=offer.offered_at, ends_at=offer.offered_at + dt.timedelta(hours=1))
        for offer in taken
    )
    Engagement.objects.bulk_create(
        Engagement(
            offer=offer, session=session, slot=1, expert_key=offer.expert_key,
            occupied=offer.occupied(session.starts_at, session.ends_at),
        )
        for offer, session in zip(taken, sessions, strict=True)
    )  # fmt: skip
    FeeState.objects.bulk_create(
        FeeState(offer=offer, amount=100, status="done" if offer.order.status == "done" else "agreed")
        for offer in taken
    )


def answer(order: Order) -> dict[str, object]:
    if order.status == "offered":
        return {}
    return {"status": "accepted", "slot": 1, "answered_at": order.created_at}
