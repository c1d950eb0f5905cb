from . import history  # noqa: F401 – the event tables, when all models are there
from .confirmable import Confirmable
from .event import StatusEvent
from .incoming import Incoming, IncomingQuerySet
from .invitation import Invitation
from .membership import MemberRole, Membership
from .message import Message
from .municipality import Municipality, WellbeingCounty
from .network import Network, Statement, UrgentLine
from .once_key import OnceKey
from .organisation import Competence, Organisation, OrganisationDomain, OrganisationLink, UnitType
from .user import User

__all__ = [
    "Competence",
    "Confirmable",
    "Incoming",
    "IncomingQuerySet",
    "Invitation",
    "MemberRole",
    "Membership",
    "Message",
    "Municipality",
    "Network",
    "OnceKey",
    "Organisation",
    "OrganisationDomain",
    "OrganisationLink",
    "Statement",
    "StatusEvent",
    "UnitType",
    "UrgentLine",
    "User",
    "WellbeingCounty",
]
