"""An organisation's page: what it says of itself (from `network`) with its contacts and services (from `services`)."""

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from network.models import Network, Organisation
from network.people.visible import people_of
from network.permissions import can_see_members_only
from services.anatomy import website
from services.hits import hits
from services.models import Contact, Service

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

SHOWN = 20  # services on the page; the catalogue shows all


def fetch(slug: str, *, members: bool) -> Organisation:
    """With what the page shows to members or to all. Raises Organisation.DoesNotExist."""
    contacts = Contact.objects.all() if members else Contact.objects.public()
    related = ("municipality", "unit_type", "parent__parent", "merged_into", "confirmed_organisation")
    prefetched = ("links", "competences", "municipalities_served", Prefetch("contacts", contacts))
    return Organisation.objects.select_related(*related).prefetch_related(*prefetched).get(slug=slug)


def context(organisation: Organisation, network: Network, reader: "User | AnonymousUser") -> dict[str, Any]:
    """The template's context, for an organisation from `fetch`."""
    members = can_see_members_only(reader)
    services = Service.objects.published().of_organisation(organisation.slug).for_listing().order_by("sort_name", "pk")
    found = list(services[: SHOWN + 1])
    return {
        "network": network,
        "organisation": organisation,
        "members": members,
        "organisation_freshness": organisation.freshness(network),
        "contact_groups": [{"contacts": [*organisation.contacts.all(), *website(organisation)]}],
        "contact_note": ""
        if organisation.contacts.all()
        else _("No telephone number or e-mail address has been given yet."),
        "sections": sections(organisation),
        "rows": rows(organisation),
        "people": people_of(organisation, reader),
        "units": Organisation.objects.active().filter(parent=organisation),
        "hits": hits(found[:SHOWN], network, members=members, heading_level=3),
        "services_url": f"{reverse('services:list')}?organisation={organisation.slug}" if len(found) > SHOWN else "",
    }


def preview(organisation: Organisation, request: HttpRequest) -> dict[str, Any]:
    """For the edit page: as the public page, with all that an editor sees."""
    return context(fetch(organisation.slug, members=True), Network.current(), request.user)


def sections(organisation: Organisation) -> list[tuple[str, str]]:
    """What the organisation tells in its own words, in a fixed order; empty ones left out."""
    told = [
        (_("What we do"), organisation.what_we_do),
        (_("What we do not do"), organisation.what_we_do_not),
        (_("How people are guided to us"), organisation.how_to_refer),
        (_("Ask us about"), organisation.ask_us),
    ]
    return [(label, text) for label, text in told if text]


def rows(organisation: Organisation) -> list[tuple[str, str]]:
    meets = organisation.get_meets_display() if organisation.meets != Organisation.Meets.UNKNOWN else ""
    facts = [
        (_("Whom we meet"), str(meets)),
        (_("Where we work"), ", ".join(place.local_name for place in organisation.municipalities_served.all())),
        (_("Competence"), ", ".join(one.local_name for one in organisation.competences.all())),
        (_("Sector"), str(organisation.sector.label)),
    ]
    return [(label, words) for label, words in facts if words]
