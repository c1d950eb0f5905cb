"""A portal where every field of everything that can be exchanged has a value, and one where nothing is added."""

import datetime as dt
import uuid

from network import reference as network_reference
from network.models import (
    Competence,
    Municipality,
    Network,
    Organisation,
    OrganisationLink,
    Statement,
    UnitType,
    UrgentLine,
    WellbeingCounty,
)  # fmt: skip
from services import reference as services_reference
from services.exchange.shapes import TERMS
from services.models import (
    Contact,
    GroupSeason,
    Language,
    OpeningException,
    OpeningHours,
    ReadySearch,
    Service,
    ServicePlace,
    ServiceText,
    ServiceType,
    Visit,
)  # fmt: skip

NOON = dt.time(12)
DAY, NEXT_DAY = dt.date(2030, 1, 31), dt.date(2030, 2, 1)
MOMENT = dt.datetime(2030, 1, 31, 12, 30, 15, 123456, tzinfo=dt.UTC)


def empty_portal() -> None:
    """As after the first migrate."""
    Service.objects.all().delete()
    Organisation.objects.update(parent=None, merged_into=None)
    for model in (Organisation, ReadySearch, UrgentLine, Statement, Network, Municipality, WellbeingCounty):
        model.objects.all().delete()
    for shape in TERMS.values():
        shape.model.objects.all().delete()
    network_reference.load()
    services_reference.load()


def fill_portal() -> None:
    _settings()
    parent, unit = _organisations()
    service = _service(parent, unit)
    _below(service, unit)
    draft = Service.objects.create(slug="luonnos", name="Luonnos", archived_at=MOMENT)
    draft.producers.add(unit)
    service.next_steps.add(draft)
    Service.objects.filter(pk=service.pk).update(replaced_by=draft)


def _texts(*names: str, **more) -> dict:
    return {f"{name}{suffix}": f"{name}{suffix}" for name in names for suffix in ("", "_sv", "_en")} | more


def _settings() -> None:
    WellbeingCounty.objects.create(code="77", **_texts("name"))
    WellbeingCounty.objects.filter(code="20").update(name_en="")
    Municipality.objects.filter(code="777").update(county_id="77", name_in="")
    Municipality.objects.create(code="005", **_texts("name", name_in="Kunnassa", county_id="77"))
    for shape in TERMS.values():
        if shape.model is not Competence:
            row = shape.model(code="oma", **_texts("name"), position=99)
            for field in ("is_common", "in_use"):
                if hasattr(row, field):
                    setattr(row, field, field == "is_common")
            if hasattr(row, "ptv_code"):
                row.ptv_code = "P1"
            row.save()
    ServiceType.objects.filter(code="debt").update(name_sv="", position=3, in_use=False)
    Language.objects.filter(code="so").delete()
    Competence.objects.create(code="osaaminen", **_texts("name"))
    Network.objects.filter(pk=1).update(
        **_texts(
            "name", "slogan", "intro", "region_name", "region_name_in", "region_name_whole", "funder_line",
            "data_recipients",
        ),
        county="77", coordinator_name="Koordinaattori", coordinator_email="k@example.org", coordinator_phone="000 000",
        leave_url="https://example.org/", controller_name="Pitäjä", controller_contact="Osoite",
        data_protection_contact="Vastaava", supervisor_name="Valvoja", supervisor_url="https://example.org/valvoja/",
        accessibility_assessed_on=DAY, confirm_due_months=1, confirm_late_months=2, confirm_hide_months=3, answer_days=4, remind_days=5, domain_sign_in=True,
    )  # fmt: skip
    UrgentLine.objects.filter(number="112").delete()
    UrgentLine.objects.create(number="000", position=7, emphasised=True, **_texts("name"))
    ReadySearch.objects.filter(code="detox").delete()
    ReadySearch.objects.create(
        code="oma", query="q=a", shown="word", position=2, in_use=False, **_texts("name", "hint")
    )
    Statement.objects.create(page="about", **_texts("body"))


def _organisations() -> tuple[Organisation, Organisation]:
    parent = Organisation.objects.create(slug="zeta", name="Zeta", kind="association")
    unit = Organisation.objects.create(
        slug="alfa", kind="project", parent=parent, unit_type=UnitType.objects.get(code="oma"), reach="national", meets="both",
        municipality_id="205", website="https://example.org/", what_we_do="Tätä.", what_we_do_not="Ei tätä.",
        how_to_refer="Näin.", ask_us="Tästä.", active_from=DAY, active_until=NEXT_DAY, merged_into=parent,
        sources="Yksi\r\n\r\nKaksi ", **_texts("name", "description"),
    )  # fmt: skip
    unit.municipalities_served.set(["205", "005"])
    unit.competences.set(Competence.objects.all())
    for position, name in ((5, "b"), (2, "a")):
        OrganisationLink.objects.create(
            organisation=unit, title=name, url="https://example.org/" + name, position=position
        )
    _contact(organisation=unit)
    return parent, unit


def _contact(**of) -> None:
    Contact.objects.create(
        kind="phone",
        value="000 000",
        hours="ma",
        cost="maksuton",
        members_only=True,
        position=4,
        **_texts("name"),
        **of,
    )
    Contact.objects.create(kind="email", value="a@example.org", position=3, **of)


def _service(parent: Organisation, unit: Organisation) -> Service:
    service = Service.objects.create(
        slug="palvelu", name="Palvelu", summary="Tiivistelmä", description="Rivi\nja\n\nkappale \u2028 \x0b.", how_to_get="Näin",
        organisation=unit, main_type=ServiceType.objects.get(code="oma"), outside_region=True, keywords="a,b ,, c",
        min_age=13, max_age=17, cost="5 €", no_referral=True, no_appointment=False, anonymous=True, free=False,
        intoxicated_ok=True, no_diagnosis_excluded=False, who_cannot_come="Ei kukaan.", first_visit="Kahvia.",
        capacity="queue", waiting="Viikko", capacity_on=DAY, hours_note="Ei heinäkuussa.",
        referral_for_professionals="Soita.", tell_the_client="Kerro.", consult="Kysy.", temporary="pilot",
        temporary_until=NEXT_DAY, ptv_id=uuid.UUID(int=7), lahella_url="https://example.org/lahella/", sources="Lähde",
        published_at=MOMENT, archived_at=MOMENT, archive_reason="moved", archive_note="Muutti.", confirmed_at=MOMENT, confirmed_organisation=parent, confirmed_title="Ohjaaja",
    )  # fmt: skip
    service.producers.set([parent, unit])
    service.further_types.set(ServiceType.objects.filter(code__in=["debt", "advice"]))
    service.municipalities.set(["205", "005"])
    for field in ("audiences", "addictions", "stages", "settings", "aims", "components", "channels", "languages"):
        terms = Service._meta.get_field(field).related_model
        getattr(service, field).set(terms.objects.order_by("-code")[:2])
    return service


def _below(service: Service, unit: Organisation) -> None:
    _contact(service=service)
    place = ServicePlace.objects.create(
        service=service, name="Paikka", premises_of=unit, street_address="Katu 1", postcode="00100", post_office="Kunta",
        municipality_id="205", accessibility="Esteetön.", how_to_come="Ovesta.", confidential=True, position=3,
    )  # fmt: skip
    ServicePlace.objects.create(service=service, name="Avoin paikka", position=1)
    _contact(place=place)
    for where in (place, None):
        for weekday in (5, 1):
            OpeningHours.objects.create(
                service=service, place=where, weekday=weekday, opens=NOON, closes=dt.time(0, 0, 30)
            )
        OpeningException.objects.create(
            service=service,
            place=where,
            first_day=DAY,
            last_day=NEXT_DAY,
            opens=NOON,
            closes=dt.time(13),
            note="Lyhyt päivä",
        )
        OpeningException.objects.create(service=service, place=where, first_day=DAY, last_day=DAY)
    for starts in (NOON, None, dt.time(9)):
        Visit.objects.create(
            service=service, date=DAY, starts=starts, ends=starts and dt.time(13), venue="Tori", municipality_id="205",
            staff="Hoitaja", note="Tervetuloa",
        )  # fmt: skip
    for first_day in (NEXT_DAY, DAY):
        GroupSeason.objects.create(
            service=service, first_day=first_day, last_day=NEXT_DAY, weekday=2, starts=NOON, ends=dt.time(13),
            sign_up="Soita", note="Kahvit",
        )  # fmt: skip
    for language in ("sv", "en", "plain"):
        ServiceText.objects.create(
            service=service, language=language, name="N", summary="S", description="D", how_to_get="H"
        )
