from . import history  # noqa: F401 – the event tables, when all models are there
from .address import ServiceAddress
from .confirmation import Confirmation, ConfirmationRequest
from .contact import Contact
from .facets import SearchStart, ServiceFacets
from .feedback import AccessFeedback
from .holiday import HolidayAnswer, HolidayInvitation, HolidayRound
from .link import LinkCheck
from .notice import ServiceNotice
from .place import ServicePlace
from .proposed_edit import ProposedEdit
from .report import ListingReport
from .search import ReadySearch, SearchCount
from .service import Service
from .terms import Addiction, Aim, Audience, Channel, Component, Language, ServiceType, Setting, Stage
from .text import ServiceText
from .times import GroupSeason, OpeningException, OpeningHours, Visit
from .words import IndexedWord, SearchVersion, ServiceWords, StaleService, Synonym

__all__ = [
    "AccessFeedback",
    "Addiction",
    "Aim",
    "Audience",
    "Channel",
    "Component",
    "Confirmation",
    "ConfirmationRequest",
    "Contact",
    "GroupSeason",
    "HolidayAnswer",
    "HolidayInvitation",
    "HolidayRound",
    "IndexedWord",
    "Language",
    "LinkCheck",
    "ListingReport",
    "OpeningException",
    "OpeningHours",
    "ProposedEdit",
    "ReadySearch",
    "SearchCount",
    "SearchStart",
    "SearchVersion",
    "Service",
    "ServiceAddress",
    "ServiceFacets",
    "ServiceNotice",
    "ServicePlace",
    "ServiceText",
    "ServiceType",
    "ServiceWords",
    "Setting",
    "Stage",
    "StaleService",
    "Synonym",
    "Visit",
]
