from .inbox import HandleForm, OrganisationMessageForm
from .invitations import AcceptForm, InviteForm
from .joining import ApproveForm, DeclineForm, JoinForm
from .profile import FunctionForm, MembershipForm, ProfileForm, RightsForm

__all__ = [
    "AcceptForm",
    "ApproveForm",
    "DeclineForm",
    "FunctionForm",
    "HandleForm",
    "InviteForm",
    "JoinForm",
    "MembershipForm",
    "OrganisationMessageForm",
    "ProfileForm",
    "RightsForm",
]
