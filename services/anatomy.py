"""A service page: the same parts in the same order on every page, each worked out here from prefetched rows."""

import json
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from network.models import Network

from . import hours, permissions
from .models import Contact, Service, ServicePlace, Visit
from .models.times import Weekday

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


def fetch(slug: str, user: "User | AnonymousUser") -> tuple[Service, list[ServicePlace]]:
    """The service and the places this reader may know, with all the page shows; raises Service.DoesNotExist when it is not theirs to see."""
    members = permissions.can_see_members_only(user)
    contacts = Contact.objects.all() if members else Contact.objects.public()
    reachable = Prefetch("contacts", contacts)
    service = (
        Service.objects.visible_to(user)
        .select_related("organisation__municipality", "main_type", "confirmed_organisation")
        .prefetch_related(
            reachable,
            Prefetch("organisation__contacts", contacts),
            Prefetch("producers__contacts", contacts),
            Prefetch("next_steps", Service.objects.published().select_related("organisation").prefetch_related("texts")),
            "municipalities", "channels", "languages", "audiences", "addictions", "stages", "settings", "aims",
            "components", "further_types", "opening_hours__place", "opening_exceptions__place", "seasons", "texts",
        )
        .get(slug=slug)
    )  # fmt: skip
    places = ServicePlace.objects.select_related("municipality", "premises_of").prefetch_related(Prefetch("contacts", contacts))
    if not permissions.can_edit(user, service):
        places = places.filter(confidential=False)
    return service, list(places.filter(service=service))


def anatomy(service: Service, places: list[ServicePlace], user: "User | AnonymousUser", network: Network) -> dict[str, Any]:
    """The template's context."""
    today = timezone.localdate()
    visits = list(Visit.objects.filter(service=service).select_related("municipality"))
    seasons = list(service.seasons.all())
    unknown = [fact for fact in service.access_facts if fact.value is None]
    return {
        "service": service,
        "text": service.text,
        "plain_text": next((text for text in service.texts.all() if text.language == "plain"), None),
        "is_member": permissions.can_see_members_only(user),
        "can_edit": permissions.can_edit(user, service),
        "freshness": service.freshness(network),
        "places": places,
        "known_facts": [fact for fact in service.access_facts if fact.value is not None],
        "unknown_facts": unknown,
        "contact_groups": contact_groups(service),
        "has_own_contacts": bool(service.contacts.all()),
        "open_now": hours.is_open(service),
        "week": week(service, places),
        "exceptions": [row for row in service.opening_exceptions.all() if row.last_day >= today],
        "visits": [visit for visit in visits if visit.date >= today],
        "next_visit_unknown": bool(visits) and all(visit.date < today for visit in visits),
        "seasons": [season for season in seasons if season.last_day >= today],
        "next_season_unknown": bool(seasons) and all(season.last_day < today for season in seasons),
        "related": related(service),
        "page_url": settings.SITE_URL + service.get_absolute_url(),
        "qr": qr(settings.SITE_URL + service.get_absolute_url()),
        "structured_data": structured_data(service),
    }


def contact_groups(service: Service) -> list[dict[str, Any]]:
    """Organisations with what to call them by: the responsible one first, then the producers."""
    groups = [{"organisation": service.organisation, "responsible": True}] if service.organisation else []
    groups += [{"organisation": one, "responsible": False} for one in service.producers.all() if one != service.organisation]
    return groups


def week(service: Service, places: list[ServicePlace]) -> list[dict[str, Any]]:
    """Weekdays with their intervals, in order; nothing when no hours are known. Hours of a place carry its name."""
    hidden = {row.place_id for row in service.opening_hours.all() if row.place_id} - {place.pk for place in places}
    rows = [row for row in service.opening_hours.all() if row.place_id not in hidden]
    days: list[dict[str, Any]] = []
    for place_id in dict.fromkeys(row.place_id for row in rows):
        of_place = [row for row in rows if row.place_id == place_id]
        for weekday in range(1, 8):
            intervals = [row for row in of_place if row.weekday == weekday]
            days.append({"label": Weekday(weekday).label, "intervals": intervals, "place": of_place[0].place})
    return days


def related(service: Service) -> list[Service]:
    """Up to four others of the same main type that serve the same people: here, or in the whole region."""
    codes = [municipality.pk for municipality in service.municipalities.all()]
    near = Q(municipalities__isnull=True) | Q(municipalities__in=codes) if codes else Q()
    others = Service.objects.published().filter(near, main_type=service.main_type_id).exclude(pk=service.pk)
    others = others.exclude(pk__in=[step.pk for step in service.next_steps.all()])
    return list(others.select_related("organisation").prefetch_related("texts").distinct()[:4])


def qr(url: str) -> SafeString:
    """The page's address as an inline SVG; for paper."""
    return mark_safe(segno.make(url, error="m").svg_inline(scale=3, border=0, omitsize=True))  # noqa: S308 – made here from an address of ours


def structured_data(service: Service) -> SafeString:
    """schema.org Service as JSON-LD: public facts only, and no e-mail address for harvesters."""
    organisation = service.organisation
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": service.text.name,
        "description": service.text.summary,
        "url": settings.SITE_URL + service.get_absolute_url(),
        "serviceType": str(service.main_type or ""),
        "areaServed": [{"@type": "AdministrativeArea", "name": place.name} for place in service.municipalities.all()],
        "availableLanguage": [language.code for language in service.languages.all()],
    }
    if organisation:
        data["provider"] = {"@type": "Organization", "name": organisation.name, "url": organisation.website or settings.SITE_URL + organisation.get_absolute_url()}
    phones = [contact.value for contact in service.contacts.all() if contact.kind == Contact.Kind.PHONE and not contact.members_only]
    if phones:
        data["availableChannel"] = {"@type": "ServiceChannel", "servicePhone": [{"@type": "ContactPoint", "telephone": phone} for phone in phones]}
    if service.free is not None:
        data["isAccessibleForFree"] = service.free
    text = json.dumps({key: value for key, value in data.items() if value not in ("", [])}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308 – escaped as json_script does
