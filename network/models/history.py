"""Event tables of the directory (see `network.tracking`)."""

from network.tracking import track, track_relation

from .organisation import Organisation
from .organisation_link import OrganisationLink

OrganisationEvent = track(Organisation)
OrganisationLinkEvent = track(OrganisationLink, "organisation")
ORGANISATION_RELATIONS = {
    field.name: track_relation(Organisation, field.name) for field in Organisation._meta.local_many_to_many
}
