"""Nobody is told more of an expert than she has agreed to: every role asks everywhere, of profiles of every visibility at
once – her shown name, her words, and the person behind them. Every other page of the portal is asked in `test_access`.
"""

import datetime as dt

import pytest
from django.urls import reverse

from experts import answers, consents, endings, orders
from experts.models import Offer, OrderSession, ProfilePicture
from network.models import Message

from ..factories import make_membership, make_user
from .factories import make_offer, make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "outsider", "professional", "ngo_editor", "coordinator", "expert_coordinator", "expert")
MEMBERS = {"professional", "ngo_editor", "coordinator", "expert_coordinator", "expert"}
SEES = {"coordinators": {"expert_coordinator"}, "members": MEMBERS, "public": set(ROLES), "withdrawn": set()}
WORDS = {"coordinators": "Koorasana", "members": "Jäsensana", "public": "Julkisana", "withdrawn": "Poissana"}

SHOWING = ("/kokemusasiantuntijat/", "/kokemusasiantuntijat/?theme=substances", "/kokemusasiantuntijat/pyyda/")
EMBEDDED = "/kokemusasiantuntijat/upotus/"
NEVER = (
    # searches, their suggestions and exports: a page may repeat what was searched for, so the other word is looked for
    "/palvelut/?q=Salanimi", "/palvelut/haku/?q=Salan", "/palvelut/csv/?q=Salanimi", "/verkosto/?q=Salanimi",
    "/verkosto/auttaa/?q=Salanimi", "/tapaamiset/haku/?q=Salanimi", "/omat/jasenet/?q=Salanimi",
    # lists, feeds, files
    "/", "/verkosto/esimerkin-seurakunta/", "/sitemap.xml", "/tiedotteet/rss/", "/palvelut/muuttuneet/rss/",
    "/tapaamiset/kalenteri.ics", "/tapaamiset/koulutukset/rss/", "/omat/tiedot/lataa/", "/tilaukset/",
    "/kokemusasiantuntijat/luvut/csv/",
)  # fmt: skip
DESK = (  # lists, what they offer while one types, history
    "/hallinta/", "/hallinta/network/user/?q=Salanimi", "/hallinta/network/message/?q=Salanimi",
    "/hallinta/autocomplete/?app_label=network&model_name=membership&field_name=person&term=Salanimi",
    "/hallinta/network/user/{person}/history/", "/hallinta/network/user/{person}/tiedot/",
)  # fmt: skip
FOR_COORDINATORS = ("/kokemusasiantuntijat/kaikki/", "/tilaukset/palkkiot/", "/tilaukset/palkkiot/csv/", "/tilaukset/{order}/")  # fmt: skip


@pytest.fixture
def profiles(parish):
    """Visibility → a profile of it, all that it may tell holding the visibility's word. Each has been asked for a task of
    somebody else's; the withdrawn one has agreed to it before, so that a closed profile is left."""
    found = {}
    for shown_to, word in WORDS.items():
        person = make_user(f"{shown_to}@hidden.example.org", name=f"Oikea {word.upper()}")
        make_membership(person, parish)
        wide = "public" if shown_to == "withdrawn" else shown_to
        facts = dict.fromkeys(("introduction", "speaks_of", "will_not_speak_of"), f"Minä {word}")
        profile = found[shown_to] = make_profile(person, shown_to=wide, shown_name=f"Salanimi {word}", **facts)
        ProfilePicture.objects.create(profile=profile, image=b"jpeg", alt_text=word)
        profile.trainings.create(course=word)
    order = make_order(make_user())
    for shown_to in ("withdrawn", "coordinators", "members", "public"):
        make_offer(order, found[shown_to])
    offer = order.offers.get(profile=found["withdrawn"])
    answers.accept(offer, answers.alternatives(offer)[0], by=None)
    consents.close(found["withdrawn"], by=found["withdrawn"].person)
    found["withdrawn"].refresh_from_db()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_is_told_what_the_expert_has_agreed_to_and_no_more(role, request, as_user, profiles, region):
    client = as_user(None if role == "visitor" else request.getfixturevalue(role))
    if role == "expert":
        make_profile(request.getfixturevalue(role))
    pages: dict[str, str] = {}

    def told(address: str) -> set[str]:
        pages[address] = client.get(address).getvalue().decode()
        return {shown_to for shown_to, word in WORDS.items() if word in pages[address]}

    sees = {shown_to for shown_to, roles in SEES.items() if role in roles}
    assert {address: told(address) for address in SHOWING} == dict.fromkeys(SHOWING, sees)
    assert told(EMBEDDED) == {"public"}
    for shown_to, profile in profiles.items():
        page, picture, flyer, keep = (
            reverse(f"experts:profile_{name}", args=[profile.slug]) for name in ("detail", "picture", "flyer", "keep")
        )
        seen = {shown_to} if shown_to in sees else set()
        assert (shown_to, told(page), told(flyer)) == (shown_to, seen, seen & {"public"})
        assert client.get(picture).status_code == (200 if seen else 404)
        assert told(keep) == set()  # hers alone
    desk = [one.format(person=profiles["coordinators"].person_id) for one in DESK if role == "coordinator"]
    assert [address for address in (*NEVER, *desk) if told(address)] == []
    order = Offer.objects.first().order_id
    everything = {address: told(address.format(order=order)) for address in FOR_COORDINATORS}
    assert role == "expert_coordinator" or everything == {one: set() for one in FOR_COORDINATORS}
    people = [word for profile in profiles.values() for word in (profile.person.name, profile.person.email)]
    own = [page for address, page in pages.items() if address.startswith(("/kokemus", "/tilaukset"))]
    assert [word for word in people for page in own if word in page] == []


@pytest.mark.parametrize("verb", ["narrow", "close"])
def test_withdrawing_hides_the_profile_at_once_with_caches_warm(verb, as_user, professional, profiles):
    profile, clients = profiles["public"], [as_user(None), as_user(professional)]
    own = [reverse(f"experts:profile_{name}", args=[profile.slug]) for name in ("detail", "picture", "flyer")]
    pages = [*SHOWING, EMBEDDED, own[0], own[2]]
    for client in [*clients, *clients]:  # asked twice: what is kept is kept by now
        for page in pages:
            answer = client.get(page)
            assert (page, WORDS["public"] in answer.content.decode()) == (page, True)
            assert "no-store" in answer["Cache-Control"]
    url = reverse(f"experts:profile_{verb}", args=[profile.slug])
    assert as_user(profile.person).post(url, {"to": "coordinators"}).status_code == 302
    for client in clients:
        assert [client.get(page).status_code for page in own] == [404, 404, 404]
        assert [page for page in pages if WORDS["public"] in client.get(page).content.decode()] == []


def test_no_mail_or_calendar_tells_who_the_other_side_is(professional, profiles, expert_coordinator):
    """From asking to the end, with another time, a stand-in and a message: no name or address of an expert to the orderer
    nor to other experts, no address of the orderer to anybody."""
    order = make_order(professional, contact_email="colleague@example.org", experts_wanted=2)
    first, second = make_offer(order, profiles["coordinators"]), make_offer(order, profiles["members"])
    start = tomorrow(13, days=8)
    answers.counter(first, [answers.Time(start, start + dt.timedelta(hours=1))], by=None)
    answers.take(first, list(first.proposals.all()), by=None)
    second.order.refresh_from_db()
    answers.accept(second, answers.alternatives(second)[0], by=None)
    orders.write(order, side="expert", by=None, body=f"Terveisin {WORDS['members']}", offer=second)
    answers.withdraw(first, by=None)
    orders.ask(order, [profiles["public"]], by=None)
    third = Offer.objects.get(order=order, profile=profiles["public"])
    answers.accept(third, answers.alternatives(third)[0], by=None)
    OrderSession.objects.filter(order=order).update(
        starts_at=tomorrow(days=-1), ends_at=tomorrow(days=-1) + dt.timedelta(hours=1)
    )
    assert endings.finish_all() == 1
    orderers = {professional.email, "colleague@example.org"}
    experts = {profile.person.email: profile for profile in profiles.values()}
    sent = Message.objects.exclude(address=expert_coordinator.email)
    assert {message.address for message in sent} >= orderers | {one.profile.person.email for one in (first, second, third)}  # fmt: skip
    for message in sent:
        everything = message.subject + message.text + message.html + message.calendar
        own = {message.address} | ({experts[message.address].person.name} if message.address in experts else set())
        secrets = orderers | set(WORDS.values()) | set(experts) | {one.person.name for one in experts.values()}
        assert (message.event, [word for word in secrets - own if word in everything]) == (message.event, [])
        assert message.address not in message.calendar
