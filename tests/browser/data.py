"""What the browser tests' portal holds: the region's own starting data, the cast, and pages at their fullest and barest."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from config.pages import keep_privacy_notice
from experts import answers, orders
from meetings.minutes import writing
from network.models import Competence, Municipality, Network, Organisation, OrganisationLink, Statement, UnitType, User
from services.changes import telling
from services.models import (
    AccessFeedback,
    Contact,
    OpeningException,
    OpeningHours,
    Service,
    ServicePlace,
    ServiceText,
    Visit,
)
from services.models.times import GroupSeason

from .. import factories
from ..experts import factories as experts
from ..meetings import factories as meetings
from ..meetings import minutes_rows

CATALOGUE = Path(settings.BASE_DIR) / "services" / "data" / "kainuu.json"

# Role → address; all have `factories.PASSWORD`.
CAST = {
    "coordinator": "coordinator@example.org",
    "professional": "professional@example.org",
    "ngo_editor": "ngo@example.org",
    "expert": "expert@example.org",
    "outsider": "outsider@example.org",
    "expert_coordinator": "expertcoordinator@example.org",
}

LONG_WORD = "Mielenterveyskuntoutujienpäihdetyönohjausyksikkö"
TEXT = (
    "Voit tulla yksin tai toisen kanssa. Kaikesta ei tarvitse puhua heti.\n\n"
    "Toinen kappale kertoo lisää, ja siinä on myös pitkä sana: lääkkeettömänpäihdekuntoutuksenjälkituki."
)


def fill() -> None:
    call_command("load_catalogue", str(CATALOGUE), verbosity=0)
    tell_who_coordinates()
    full = full_organisation()
    bare_organisation()
    full_service(full)
    bare_service()
    draft_service(full)
    closed_service(full)
    people_answered()
    make_cast(full)
    full_bulletin()
    full_meeting(full)
    full_minutes()
    asked_order()


def tell_who_coordinates() -> None:
    network = Network.objects.get(pk=1)
    network.coordinator_name = "Verkoston koordinaattori (demo)"
    network.coordinator_email = "paihdetoimijaverkoston.koordinaattori@example.org"
    network.coordinator_phone = "040 000 0000"
    network.funder_line = "Esimerkkirahoittaja rahoittaa verkoston työtä."
    network.controller_name = "Esimerkkijärjestäjä"
    network.data_protection_contact = "tietosuoja@example.org"
    network.accessibility_assessed_on = timezone.localdate()
    network.save()
    Statement.objects.create(page=Statement.ABOUT, body=TEXT)
    keep_privacy_notice()


def make_cast(organisation: Organisation) -> None:
    people = {role: factories.make_user(address, name=f"Esimerkki ({role})") for role, address in CAST.items()}
    User.objects.filter(pk=people["coordinator"].pk).update(is_staff=True)
    User.objects.filter(pk=people["expert_coordinator"].pk).update(coordinates_experts=True)
    for role in ("coordinator", "expert_coordinator"):
        factories.make_second_factor(people[role])
    factories.make_membership(people["professional"], Organisation.objects.exclude(pk=organisation.pk)[0])
    factories.make_membership(people["ngo_editor"], organisation, is_editor=True)
    for role in ("expert", "expert_coordinator"):
        factories.make_membership(people[role], organisation)


def full_organisation() -> Organisation:
    parent = factories.make_organisation("Esimerkkien keskusliitto ry", slug="esimerkkien-keskusliitto")
    organisation = factories.make_organisation(
        f"Esimerkkiyhdistyksen {LONG_WORD.lower()} ry",
        slug="esimerkki-taysi",
        parent=parent,
        unit_type=UnitType.objects.first(),
        reach=Organisation.Reach.LOCAL,
        municipality=Municipality.objects.in_region()[0],
        meets=Organisation.Meets.BOTH,
        website="https://www.example.org/hyvin/pitka/osoite/joka-ei-mahdu-yhdelle-riville/",
        description=TEXT, what_we_do=TEXT, what_we_do_not=TEXT, how_to_refer=TEXT, ask_us=TEXT,
    )  # fmt: skip
    organisation.municipalities_served.set(Municipality.objects.in_region())
    for code in ("huumeet", "laheiset"):
        competence, _new = Competence.objects.get_or_create(code=code, defaults={"name": code.capitalize()})
        organisation.competences.add(competence)
    OrganisationLink.objects.create(organisation=organisation, title="Lehti", url="https://lehti.example.org/numerot/")
    factories.make_organisation("Esimerkkiyhdistyksen päiväkeskus", slug="esimerkki-paivakeskus", parent=organisation)
    contacts_of_all_kinds(organisation=organisation)
    return organisation


def bare_organisation() -> None:
    factories.make_organisation("Paljas toimija", slug="esimerkki-paljas")


def contacts_of_all_kinds(**owner: Any) -> None:
    values = {
        Contact.Kind.PHONE: "040 000 0000",
        Contact.Kind.EMAIL: "mielenterveys-ja-paihdetyon.asiakaspalvelu@example.org",
        Contact.Kind.WEB: "https://www.example.org/palvelut/paihdetyo/",
        Contact.Kind.BOOKING: "https://ajanvaraus.example.org/varaa/",
        Contact.Kind.CHAT: "https://chat.example.org/",
    }
    for position, (kind, value) in enumerate(values.items()):
        factories.make_contact(
            kind=kind, value=value, name="Ajanvaraus ja neuvonta", hours="ma–pe 9–15", cost="tavallinen puhelu",
            position=position, **owner,
        )  # fmt: skip
    factories.make_contact(value="040 000 0001", name="Suora numero", members_only=True, position=9, **owner)


RELATIONS = (
    "further_types",
    "audiences",
    "addictions",
    "stages",
    "settings",
    "aims",
    "components",
    "channels",
    "languages",
)


def full_service(organisation: Organisation) -> None:
    """A listing that has everything a listing can have."""
    today = timezone.localdate()
    terms = {name: list(Service._meta.get_field(name).related_model.objects.all()[:3]) for name in RELATIONS}
    others = list(Service.objects.published()[:2])
    service = factories.make_service(
        f"Esimerkkipalvelu: {LONG_WORD.lower()}",
        slug="esimerkki-taysi",
        organisation=organisation,
        municipalities=tuple(Municipality.objects.in_region().values_list("code", flat=True)[:3]),
        producers=[organisation, others[0].organisation],
        next_steps=others,
        summary="Palvelu, josta kerrotaan kaikki, mitä palvelusta voi kertoa.",
        description=TEXT, how_to_get=TEXT, who_cannot_come=TEXT, first_visit=TEXT,
        referral_for_professionals=TEXT, tell_the_client=TEXT, consult=TEXT,
        min_age=18, max_age=64, cost="Maksutta; ruoka 3 euroa.", free=True,
        no_referral=True, no_appointment=True, anonymous=False, intoxicated_ok=False, no_diagnosis_excluded=True,
        capacity=Service.Capacity.QUEUE, waiting="Noin kaksi viikkoa.", capacity_on=today,
        hours_note="Pyhäpäivinä suljettu.",
        temporary=Service.Temporary.PROJECT, temporary_until=today + dt.timedelta(days=200),
        ptv_id="11111111-2222-3333-4444-555555555555", lahella_url="https://lahella.example.org/esimerkki/",
        sources="Oma kuvaus\nhttps://www.example.org/lahde/", keywords="esimerkki",
        confirmed_at=timezone.now(), confirmed_organisation=organisation, confirmed_title="palveluohjaaja",
        **terms,
    )  # fmt: skip
    contacts_of_all_kinds(service=service)
    texts = {
        "name": "Full example",
        "summary": "Everything is told.",
        "description": "In English.",
        "how_to_get": "Call.",
    }
    ServiceText.objects.create(service=service, language="en", **texts)
    ServiceText.objects.create(
        service=service, language="plain", summary="Lyhyesti.", description=TEXT, how_to_get="Soita."
    )
    place = ServicePlace.objects.create(
        service=service, name="Kohtaamispaikka", premises_of=organisation, street_address="Esimerkkikatu 1 A 2",
        postcode="00000", post_office="ESIMERKKI", municipality=Municipality.objects.in_region()[0],
        accessibility="Ovelle on luiska.", how_to_come="Bussi 1 pysähtyy edessä.",
    )  # fmt: skip
    factories.make_contact(place=place, value="040 000 0002")
    ServicePlace.objects.create(service=service, name="Salainen paikka", confidential=True)
    for weekday in range(1, 6):
        for opens, closes in ((9, 11), (12, 16)):
            OpeningHours.objects.create(
                service=service, place=place if weekday > 3 else None, weekday=weekday,
                opens=dt.time(opens), closes=dt.time(closes),
            )  # fmt: skip
    soon = today + dt.timedelta(days=5)
    OpeningException.objects.create(service=service, first_day=soon, last_day=soon, note="kehittämispäivä")
    Visit.objects.create(
        service=service, date=soon, starts=dt.time(10), ends=dt.time(12), venue="Tori",
        municipality=Municipality.objects.in_region()[1], staff="sairaanhoitaja ja vertaisohjaaja", note="Teltassa.",
    )  # fmt: skip
    GroupSeason.objects.create(
        service=service, first_day=today, last_day=today + dt.timedelta(days=90), weekday=3, starts=dt.time(17),
        ends=dt.time(19), sign_up="Soita numeroon 040 000 0000.", note="Ei juhlapyhinä.",
    )  # fmt: skip


def closed_service(organisation: Organisation) -> None:
    """Published, renamed and closed again: its page tells what replaces it, and the changes tell of it."""
    service = factories.make_service(
        f"Päättynyt {LONG_WORD}", slug="esimerkki-paattynyt", organisation=organisation, municipalities=("205",), published=False
    )  # fmt: skip
    service.publish()
    with telling(service.pk):
        Service.objects.filter(pk=service.pk).update(name="Päättynyt esimerkki")
    note = "Toiminta jatkuu toisessa ryhmässä. Saat sinne samat ohjaajat."
    replacing = Service.objects.get(slug="esimerkki-taysi")
    service.archive(reason=Service.ArchiveReason.MERGED, note=note, replaced_by=replacing)


def people_answered() -> None:
    """Figures of two periods; the listing's own are not shown, since they would tell of the few others."""
    for service in Service.objects.published().order_by("pk")[:3]:
        for day in (dt.date(2025, 8, 1), dt.date(2026, 2, 1)):
            for number in range(6):
                AccessFeedback.objects.create(
                    service=service, service_type=service.main_type, on=day, helped=["yes", "yes", "partly", "no"][number % 4],
                    getting_in=1 + number % 4, being_met=4 if number else None,
                )  # fmt: skip


def bare_service() -> None:
    """A listing with the essentials only, of an organisation without contacts; in Finnish only."""
    factories.make_service(
        "Paljas palvelu", slug="esimerkki-paljas", organisation=Organisation.objects.get(slug="esimerkki-paljas")
    )


def draft_service(organisation: Organisation) -> None:
    factories.make_service(
        "Keskeneräinen palvelu", slug="esimerkki-luonnos", organisation=organisation, published=False
    )


def full_bulletin() -> None:
    """Everything that Markdown gives; the headline also in Swedish, the text in Finnish only."""
    body = (
        "Alku **tärkeä**.\n\n# Otsikko\n\n- yksi\n- [linkki](https://www.example.org/)\n\n> Lainaus.\n\n1. eka\n2. toka"
    )
    factories.make_bulletin(
        f"{LONG_WORD} kutsuu syksyn tapaamiseen", pk=900000, title_sv="Höstens träff", body=f"{body}\n\n{TEXT}"
    )


def full_minutes() -> None:
    """A meeting with corrected minutes, an action of somebody's and feedback; and one whose minutes are written."""
    coordinator, member = (User.objects.get(email=CAST[role]) for role in ("coordinator", "professional"))
    held = minutes_rows.make_meeting("Pidetty tapaaminen (esimerkki)", pk=900010, days_ago=6)
    draft = minutes_rows.make_meeting("Kirjoitettava tapaaminen (esimerkki)", pk=900011, days_ago=7)
    for meeting in (held, draft):
        minutes_rows.make_item(meeting, LONG_WORD, description=TEXT)
        minutes_rows.make_item(meeting, "Jäsenten asia", publicity="network", kind="decision")
        minutes_rows.make_participation(meeting, member, attendance="present", answer="coming")
        minutes_rows.make_guest(meeting, organisation="Esimerkkikeskus", topic="Lainsäädännön uudistus")
    first = held.items.order_by("position")[0]
    text = f"## Väliotsikko\n\n{TEXT}\n\nPäätös: Ryhmä alkaa.\nTehtävä: Soita ({member.name}, 15.12.2026)"
    minutes_rows.make_published(held, coordinator, **{f"item_{first.pk}": text})
    minutes_rows.make_published(held, coordinator, closing="Seuraava tapaaminen on sovittu.")
    minutes_rows.write(writing.begin(draft, by=coordinator), "opening", "Puhelinnumero 040 000 0000.", by=coordinator)


def asked_order() -> None:
    """An order that an expert has been asked for, with all that it can tell."""
    people = {role: User.objects.get(email=address) for role, address in CAST.items()}
    order = experts.make_order(
        people["professional"], pk=900000, topic=f"Kohtaaminen ja {LONG_WORD.lower()}", hopes=TEXT, audience_size=12,
        place="Esimerkkisali, Esimerkkikatu 1", accessibility="Esteetön sisäänkäynti.", met_by="Vahtimestari",
        contact_phone="040 000 0000",
    )  # fmt: skip
    experts.make_offer(order, experts.make_profile(people["expert"], shown_name="Kaisu (esimerkki)"))
    other = experts.make_offer(order, experts.make_profile(None, shown_name="Veikko (esimerkki)"))
    at = experts.tomorrow(13, days=12)
    answers.counter(other, [answers.Time(at, at + dt.timedelta(hours=1))], by=None, for_her=True)
    orders.write(order, side=order.Party.ORDERER, by=people["professional"], body=TEXT)


def full_meeting(organisation: Organisation) -> None:
    """A meeting to come with all its parts, a member's proposal, an over-full agenda and somebody of each answer."""
    people = {role: User.objects.get(email=address) for role, address in CAST.items()}
    meeting = meetings.make_meeting(
        "Verkostotapaaminen (esimerkki)", pk=900000, is_public=True, open_to_non_members=True, description=TEXT, form="hybrid",
        venue="Esimerkkisali", address="Esimerkkikatu 1", accessibility="Esteetön sisäänkäynti.", travel="Bussi 1.",
        catering="Kahvi.", audience="Kaikille, jotka kohtaavat päihteiden käyttöä työssään", capacity=40,
    )  # fmt: skip
    meetings.make_item(meeting, "Tervetuloa", pk=900000, publicity="public", minutes=10, kind="notice")
    meetings.make_item(
        meeting, LONG_WORD, publicity="public", minutes=90, kind="introduction", organisation=organisation
    )
    meetings.make_item(meeting, "Jäsenten asia", minutes=30, description=TEXT)
    meetings.make_item(meeting, "Rajattu asia", publicity="restricted", ground="Henkilöasia")
    meetings.make_item(
        meeting, "Ehdotettu asia", pk=900001, status="proposed", proposer=people["professional"], description=TEXT
    )
    meetings.make_guest(
        meeting, "Vieras (demo)", topic="Lainsäädännön uudistus", role="asiantuntija", name_may_be_published=True
    )
    meetings.ask(meeting, people["professional"], answer="coming", note="Tulen paikalle.")
    meetings.ask(meeting, people["ngo_editor"])
    meetings.make_meeting("Koulutus (esimerkki)", days=20, kind="training", is_public=True)
    meetings.make_meeting("Mennyt tapaaminen (esimerkki)", days=-30, is_public=True, headcount=34, decision_makers=6)
    meetings.make_series(pk=900000, rule="joka kuun toinen torstai")
