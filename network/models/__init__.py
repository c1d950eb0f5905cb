from .bulletin import Bulletin
from .confirmable import Confirmable
from .data import DataRequest, RetentionPeriod
from .event import StatusEvent
from .feedback import Feedback
from .incoming import Incoming, IncomingQuerySet
from .invitation import Invitation
from .kept_form import KeptForm
from .membership import MemberRole, Membership
from .message import Message
from .municipality import Municipality, WellbeingCounty
from .network import Network, Statement, UrgentLine
from .once_key import OnceKey
from .organisation import Competence, Organisation, OrganisationAddress, OrganisationDomain, OrganisationLink, UnitType
from .organisation_message import OrganisationMessage
from .user import User

__all__ = [
    "Bulletin",
    "Competence",
    "Confirmable",
    "DataRequest",
    "Feedback",
    "Incoming",
    "IncomingQuerySet",
    "Invitation",
    "KeptForm",
    "MemberRole",
    "Membership",
    "Message",
    "Municipality",
    "Network",
    "OnceKey",
    "Organisation",
    "OrganisationAddress",
    "OrganisationDomain",
    "OrganisationLink",
    "OrganisationMessage",
    "RetentionPeriod",
    "Statement",
    "StatusEvent",
    "UnitType",
    "UrgentLine",
    "User",
    "WellbeingCounty",
]
