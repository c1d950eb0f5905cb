from .address import ServiceAddress
from .contact import Contact
from .feedback import AccessFeedback
from .link import LinkCheck
from .notice import ServiceNotice
from .place import ServicePlace
from .report import ListingReport
from .search import ReadySearch
from .service import Service
from .terms import (
    Addiction,
    Aim,
    Audience,
    Channel,
    Component,
    Language,
    ServiceType,
    Setting,
    Stage,
)
from .text import ServiceText
from .times import GroupSeason, OpeningException, OpeningHours, Visit

__all__ = [
    "AccessFeedback",
    "Addiction",
    "Aim",
    "Audience",
    "Channel",
    "Component",
    "Contact",
    "GroupSeason",
    "Language",
    "LinkCheck",
    "ListingReport",
    "OpeningException",
    "OpeningHours",
    "ReadySearch",
    "Service",
    "ServiceAddress",
    "ServiceNotice",
    "ServicePlace",
    "ServiceText",
    "ServiceType",
    "Setting",
    "Stage",
    "Visit",
]
