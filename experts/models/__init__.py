from .consent import Consent
from .feedback import OrderFeedback
from .guide import FeeModelVersion, FeeRow, GuideVersion
from .offer import CounterProposal, Engagement, FeeState, Offer, OrderMessage
from .order import Order, OrderSession, TimeWish
from .profile import ExpertProfile, ProfileFormat, ProfilePicture, ProfileView, Training, Unavailable
from .settings import ActivitySettings
from .terms import ExpertTheme, Occasion, TalkFormat, TaskType

__all__ = [
    "ActivitySettings",
    "Consent",
    "CounterProposal",
    "Engagement",
    "ExpertProfile",
    "ExpertTheme",
    "FeeModelVersion",
    "FeeRow",
    "FeeState",
    "GuideVersion",
    "Occasion",
    "Offer",
    "Order",
    "OrderFeedback",
    "OrderMessage",
    "OrderSession",
    "ProfileFormat",
    "ProfilePicture",
    "ProfileView",
    "TalkFormat",
    "TaskType",
    "TimeWish",
    "Training",
    "Unavailable",
]
