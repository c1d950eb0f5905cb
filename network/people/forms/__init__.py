from .inbox import HandleForm, OrganisationMessageForm
from .invitations import AcceptForm, InviteForm
from .joining import ApproveForm, DeclineForm, JoinForm

__all__ = [
    "AcceptForm",
    "ApproveForm",
    "DeclineForm",
    "HandleForm",
    "InviteForm",
    "JoinForm",
    "OrganisationMessageForm",
]
