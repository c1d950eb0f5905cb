from .kept_form import KeptForm
from .membership import Membership
from .municipality import Municipality, WellbeingCounty
from .network import Network, Statement, UrgentLine
from .once_key import OnceKey
from .organisation import Competence, Organisation, OrganisationLink, UnitType
from .user import User

__all__ = [
    "Competence",
    "KeptForm",
    "Membership",
    "Municipality",
    "Network",
    "OnceKey",
    "Organisation",
    "OrganisationLink",
    "Statement",
    "UnitType",
    "UrgentLine",
    "User",
    "WellbeingCounty",
]
