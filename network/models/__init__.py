from .membership import Membership
from .municipality import Municipality, WellbeingCounty
from .network import Network, Statement, UrgentLine
from .organisation import Competence, Organisation, OrganisationLink, UnitType
from .user import User

__all__ = [
    "Competence",
    "Membership",
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
