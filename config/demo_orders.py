"""Experience experts of the demo: two invented ones and an open order, all saying so in their names."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from experts import orders
from experts.models import Consent, ExpertProfile, ExpertTheme, Order, TaskType, TimeWish
from network.models import Organisation, User


@transaction.atomic
def make(people: dict[str, User], places: dict[str, Organisation]) -> None:
    """Once: what somebody has changed or deleted in the demo stays so."""
    if ExpertProfile.objects.exists() or Order.objects.exists():
        return
    User.objects.filter(pk=people["coordinator"].pk).update(coordinates_experts=True)
    profile(people["expert"], "Kaisu (demo)", "Toipuminen ja arki päihteettömänä.")
    profile(None, "Veikko (demo)", "Läheisen kokemus ja vertaistuki.")
    order = Order(
        ordered_by=people["professional"], organisation=places.get("professional"), minutes=60,
        task_type=TaskType.objects.get(code="understanding"), topic="Miten kohdata asiakas, joka käyttää päihteitä (demo)",
        fee=100, travel="Kilometrikorvaus", meals="Kahvi tarjotaan", payer="Tilaaja",
    )  # fmt: skip
    day = timezone.localdate() + dt.timedelta(days=14)
    start = timezone.make_aware(dt.datetime.combine(day, dt.time(13)))
    wish = TimeWish(starts_at=start, ends_at=start + dt.timedelta(hours=1))
    orders.place(order, wishes=[wish], themes=ExpertTheme.objects.all()[:1], by=order.ordered_by, review=False)


def profile(person: User | None, name: str, speaks_of: str) -> None:
    """Shown to members, with the consents for that."""
    one = ExpertProfile(person=person, shown_name=name, speaks_of=speaks_of)
    on_paper = {} if person else {"how": Consent.How.PAPER, "signed_on": timezone.localdate()}
    for scope in (Consent.Scope.KEEP, Consent.Scope.MEMBERS):
        Consent.objects.create(expert_key=one.key, scope=scope, is_given=True, text="Demo.", **on_paper)
    one.shown_to = ExpertProfile.ShownTo.MEMBERS
    one.save(force_insert=True)
