from .membership import Membership
from .message import Message
from .municipality import Municipality, WellbeingCounty
from .network import Network, Statement, UrgentLine
from .organisation import Competence, Organisation, OrganisationLink, UnitType
from .user import User

__all__ = [
    "Competence",
    "Membership",
    "Message",
    "Municipality",
    "Network",
    "Organisation",
    "OrganisationLink",
    "Statement",
    "UnitType",
    "UrgentLine",
    "User",
    "WellbeingCounty",
]
