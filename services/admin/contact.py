"""Ways to reach something: the same rows on a service, on a place and on an organisation."""

from network.admin.base import PortalInline
from network.admin.organisation import OrganisationAdmin
from services.models import Contact


class ContactInline(PortalInline):
    model = Contact
    follows = "part-what"
    fields = [
        ("kind", "value", "name"),
        ("hours", "cost", "members_only", "position"),
        ("name_sv", "name_en"),
    ]


# An organisation's form belongs to the network; what the catalogue knows of it is added from here, since the network
# does not know the catalogue.
OrganisationAdmin.inlines = [ContactInline, *OrganisationAdmin.inlines]
