"""Event tables of the catalogue (see `network.tracking`)."""

from network.tracking import track, track_relation

from .contact import Contact
from .place import ServicePlace
from .service import Service
from .text import ServiceText
from .times import GroupSeason, OpeningException, OpeningHours, Visit

ServiceEvent = track(Service)
ContactEvent = track(Contact, "service", "place", "organisation")
ServicePlaceEvent = track(ServicePlace, "service")
ServiceTextEvent = track(ServiceText, "service")
OpeningHoursEvent = track(OpeningHours, "service")
OpeningExceptionEvent = track(OpeningException, "service")
VisitEvent = track(Visit, "service")
GroupSeasonEvent = track(GroupSeason, "service")
SERVICE_RELATIONS = {field.name: track_relation(Service, field.name) for field in Service._meta.local_many_to_many}
