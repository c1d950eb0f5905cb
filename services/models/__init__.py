from . import history  # noqa: F401 – the event tables, when all models are there
from .confirmation import Confirmation, ConfirmationRequest
from .contact import Contact
from .place import ServicePlace
from .proposed_edit import ProposedEdit
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
    "Addiction",
    "Aim",
    "Audience",
    "Channel",
    "Component",
    "Confirmation",
    "ConfirmationRequest",
    "Contact",
    "GroupSeason",
    "Language",
    "OpeningException",
    "OpeningHours",
    "ProposedEdit",
    "ReadySearch",
    "Service",
    "ServicePlace",
    "ServiceText",
    "ServiceType",
    "Setting",
    "Stage",
    "Visit",
]
