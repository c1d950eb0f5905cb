from . import history  # noqa: F401 – the event tables, when all models are there
from .bulletin import Bulletin
from .catalogue_change import CatalogueChange
from .confirmable import Confirmable
from .data import DataRequest, RetentionPeriod
from .event import StatusEvent
from .feedback import Feedback
from .ground_rules import GroundRules, RulesAcceptance
from .incoming import Incoming, IncomingQuerySet
from .internal_note import InternalNote
from .invitation import Invitation
from .join_request import JoinRequest
from .kept_form import KeptForm
from .membership import MemberRole, Membership
from .message import Message
from .municipality import Municipality, WellbeingCounty
from .network import Network, Statement, UrgentLine
from .notice_version import NoticeVersion
from .once_key import OnceKey
from .organisation import Organisation
from .organisation_link import OrganisationAddress, OrganisationDomain, OrganisationLink
from .organisation_message import OrganisationMessage
from .organisation_terms import Competence, UnitType
from .periodic_work import PeriodicWork
from .user import User

__all__ = [
    "Bulletin",
    "CatalogueChange",
    "Competence",
    "Confirmable",
    "DataRequest",
    "Feedback",
    "GroundRules",
    "Incoming",
    "IncomingQuerySet",
    "InternalNote",
    "Invitation",
    "JoinRequest",
    "KeptForm",
    "MemberRole",
    "Membership",
    "Message",
    "Municipality",
    "Network",
    "NoticeVersion",
    "OnceKey",
    "Organisation",
    "OrganisationAddress",
    "OrganisationDomain",
    "OrganisationLink",
    "OrganisationMessage",
    "PeriodicWork",
    "RetentionPeriod",
    "RulesAcceptance",
    "Statement",
    "StatusEvent",
    "UnitType",
    "UrgentLine",
    "User",
    "WellbeingCounty",
]
