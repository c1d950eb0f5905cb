"""A service page: the same parts in the same order on every page, each worked out here from prefetched rows."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import segno
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from network.models import Network, Organisation
from network.templatetags.look import readable_address

from . import feedback, hours, permissions
from .models import Contact, Service, ServicePlace
from .models.terms import Term
from .models.times import Weekday

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

RELATED = 4  # shown on a service's page


class Seen(NamedTuple):
    """A service and its places as far as one reader may know them."""

    service: Service
    places: list[ServicePlace]
    members: bool
    can_edit: bool


def fetch(slug: str, user: "User | AnonymousUser") -> Seen:
    """With all that the page shows; raises Service.DoesNotExist when it is not this reader's to see."""
    members = permissions.can_see_members_only(user)
    contacts = Contact.objects.all() if members else Contact.objects.public()
    reachable = Prefetch("contacts", contacts)
    service = (
        Service.objects.visible_to(user)
        .select_related("organisation__parent__parent", "organisation__municipality", "main_type", "confirmed_organisation")
        .prefetch_related(
            reachable,
            Prefetch("organisation__contacts", contacts),
            Prefetch("producers", Organisation.objects.select_related("parent__parent")),
            Prefetch("producers__contacts", contacts),
            Prefetch("next_steps", Service.objects.published().select_related("organisation").prefetch_related("texts")),
            "municipalities", "channels", "languages", "audiences", "addictions", "stages", "settings", "aims",
            "components", "further_types", "opening_hours", "opening_exceptions", "seasons", "visits__municipality", "texts",
        )
        .get(slug=slug)
    )  # fmt: skip
    places = ServicePlace.objects.select_related("municipality", "premises_of").prefetch_related(
        Prefetch("contacts", contacts)
    )
    can_edit = permissions.can_edit(user, service)
    if not can_edit:
        places = places.filter(confidential=False)
    return Seen(service, list(places.filter(service=service)), members, can_edit)


def anatomy(seen: Seen, network: Network) -> dict[str, Any]:
    """The template's context."""
    service, places = seen.service, seen.places
    return {
        "network": network,
        "service": service,
        "text": service.text,
        "plain_text": next((text for text in service.texts.all() if text.language == "plain"), None),
        "can_edit": seen.can_edit,
        "freshness": service.freshness(network),
        "members": seen.members,
        "out_of_search": service.is_out_of_search(network),
        "confirmed_words": service.confirmed_words,
        "places": places,
        "known_facts": [fact for fact in service.access_facts if fact.value is not None],
        "unknown_sentence": ", ".join(str(fact.label) for fact in service.access_facts if fact.value is None),
        **contacts(service, places),
        "audience_words": _words(service.audiences.all()),
        "addiction_words": _words(service.addictions.all()),
        "channel_words": _words(service.channels.all()),
        "language_words": _words(service.languages.all()),
        "term_rows": term_rows(service),
        "consult": service.consult if seen.members else "",
        "next_steps": service.next_steps.all(),
        "related": related(service),
        "suomifi_url": suomifi_url(service),
        "source_lines": service.sources.splitlines(),
        "answers": feedback.of_service(service),
        "page_url": settings.SITE_URL.split("://")[1] + service.get_absolute_url(),
        "qr": qr(settings.SITE_URL + service.get_absolute_url()),
        "structured_data": structured_data(service, places),
        **when(service, places),
    }


def suomifi_url(service: Service) -> str:
    """The service's page on Suomi.fi, which leads an address with the bare identifier on to the right page."""
    folder = {"sv": "service", "en": "services"}.get(get_language() or "fi", "palvelut")
    return f"https://www.suomi.fi/{folder}/{service.ptv_id}" if service.ptv_id else ""


def _words(terms: Iterable[Term]) -> str:
    """“Aikuisille, läheisille”: the terms as one phrase."""
    words = [term.local_name for term in terms]
    return ", ".join(
        [word if at == 0 or word.isupper() else word[:1].lower() + word[1:] for at, word in enumerate(words)]
    )


def term_rows(service: Service) -> list[tuple[StrOrPromise, str]]:
    """What professionals sort services by: type, stage, setting, aim, contents."""
    types = [service.main_type, *service.further_types.all()] if service.main_type else []
    rows: list[tuple[StrOrPromise, str]] = [
        (_("Type"), _words(types)),
        (_("Stage"), _words(service.stages.all())),
        (_("Setting"), _words(service.settings.all())),
        (_("Aim"), _words(service.aims.all())),
        (_("What it consists of"), _words(service.components.all())),
    ]
    return [(label, words) for label, words in rows if words]


def contacts(service: Service, places: list[ServicePlace]) -> dict[str, Any]:
    """The contact card: the service's own contacts, then the responsible organisation, then the producers.

    With contacts of its own a service shows its organisations by name and website alone: one number to call. Contacts
    of its places stand with the places. Where there are none the note says so, and whom to ask instead.
    """
    own, has_own = list(service.contacts.all()), bool(service.own_contacts(places))
    groups: list[dict[str, Any]] = [{"contacts": own}] if own else []
    bodies = service.organisers()
    for body in bodies:
        if body.pk != service.organisation_id:
            role = gettext("Produces the service")
        else:
            role = gettext("Responsible for the service") if len(bodies) > 1 else gettext("Organises the service")
        of_body: Iterable[Contact] = [] if has_own else body.contacts.all()
        reach = [*of_body, *website(body)]
        groups.append({"name": body.local_name, "role": role, "url": body.get_absolute_url(), "contacts": reach})
    reachable = any(group["contacts"] for group in groups)
    return {"contact_groups": groups, "contact_note": "" if has_own else _contact_note(len(bodies), reachable)}


def _contact_note(bodies: int, reachable: bool) -> str:
    if not reachable:
        return gettext("We do not have contact details for this service yet. Ask the coordinator of the network.")
    if bodies > 1:
        return gettext("The service has no contact details of its own. Contact one of the organisers.")
    return gettext("The service has no contact details of its own. Contact the organiser.")


def website(organisation: Organisation) -> list[dict[str, str]]:
    """The organisation's website, or that of a body above it, as a contact."""
    url = organisation.nearest_website
    return [{"kind": "web", "href": url, "display": readable_address(url)}] if url else []


def when(service: Service, places: list[ServicePlace]) -> dict[str, Any]:
    """Hours, exceptions still to come, visits and seasons; what has passed says that the next is not known."""
    today, place_of = timezone.localdate(), {place.pk: place for place in places}
    visits, seasons = list(service.visits.all()), list(service.seasons.all())
    return {
        "open_now": hours.is_open(service, places=places),
        "week": week(service, places),
        "exceptions": [
            {"row": row, "place": place_of.get(row.place_id)}
            for row in hours.at_places(service.opening_exceptions.all(), places)
            if row.last_day >= today
        ],
        "visits": [visit for visit in visits if visit.date >= today],
        "next_visit_unknown": bool(visits) and visits[-1].date < today,
        "seasons": [season for season in seasons if season.last_day >= today],
        "next_season_unknown": bool(seasons) and all(season.last_day < today for season in seasons),
    }


def week(service: Service, places: list[ServicePlace]) -> list[dict[str, Any]]:
    """For the service and for each of its places with hours of its own: weekdays and their intervals, in order."""
    rows, place_of = hours.at_places(service.opening_hours.all(), places), {place.pk: place for place in places}
    return [
        {
            "place": place_of.get(place_id),
            "days": [
                {
                    "label": weekday.label,
                    "intervals": [row for row in rows if row.place_id == place_id and row.weekday == weekday],
                }
                for weekday in Weekday
            ],
        }
        for place_id in dict.fromkeys(row.place_id for row in rows)
    ]


def related(service: Service) -> list[Service]:
    """Up to four others for the same need and the same people: here or in the whole region, same main type first.

    Places are looked up for each candidate in the order of names, so that an index gives the first ones and no more.
    """
    others = Service.objects.published().exclude(pk__in=[service.pk, *[step.pk for step in service.next_steps.all()]])
    if codes := [municipality.pk for municipality in service.municipalities.all()]:
        through: Any = Service.municipalities.through
        places = through.objects.filter(service=OuterRef("pk")).values("municipality")
        others = others.alias(codes=ArraySubquery(places)).filter(Q(codes__overlap=codes) | Q(codes=[]))
    others = others.order_by("sort_name", "pk")
    further = [one.pk for one in service.further_types.all() if one.pk != service.main_type_id]
    same, similar = others.filter(main_type=service.main_type_id), others.filter(main_type__in=further)
    both = same[:RELATED].union(similar[:RELATED], all=True)
    found = sorted(both, key=lambda one: (one.main_type_id != service.main_type_id, one.sort_name, one.pk))[:RELATED]
    prefetch_related_objects(found, "texts")
    return found


def qr(url: str) -> SafeString:
    """The page's address as an inline SVG; for paper."""
    return mark_safe(segno.make(url, error="m").svg_inline(scale=3, border=0, omitsize=True))


def structured_data(service: Service, places: list[ServicePlace]) -> SafeString:
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
        data["provider"] = {
            "@type": "Organization",
            "name": organisation.name,
            "url": organisation.website or settings.SITE_URL + organisation.get_absolute_url(),
        }
    phones = [
        contact.value
        for contact in service.own_contacts([place for place in places if not place.confidential])
        if contact.kind == Contact.Kind.PHONE and not contact.members_only
    ]
    if phones:
        data["availableChannel"] = {
            "@type": "ServiceChannel",
            "servicePhone": [{"@type": "ContactPoint", "telephone": phone} for phone in phones],
        }
    if service.free is not None:
        data["isAccessibleForFree"] = service.free
    text = json.dumps({key: value for key, value in data.items() if value not in ("", [])}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
