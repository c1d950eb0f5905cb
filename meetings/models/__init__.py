from .agenda import AgendaItem
from .attachment import Attachment, AttachmentContent
from .feed import CalendarFeed
from .feedback import FeedbackGiven, MeetingFeedback
from .group import Group, GroupMembership
from .guest import MeetingGuest
from .headcount import Headcount
from .meeting import Meeting
from .minutes import Minutes, MinutesComment
from .participation import Participation
from .register import ActionItem, Decision
from .series import MeetingSeries, SeriesItem
from .session import MeetingSession
from .table import WorkshopTable
from .theme import MeetingTheme
from .words import MeetingWords
from .year_plan import MonthPlan, Wish

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attachment",
    "AttachmentContent",
    "CalendarFeed",
    "Decision",
    "FeedbackGiven",
    "Group",
    "GroupMembership",
    "Headcount",
    "Meeting",
    "MeetingFeedback",
    "MeetingGuest",
    "MeetingSeries",
    "MeetingSession",
    "MeetingTheme",
    "MeetingWords",
    "Minutes",
    "MinutesComment",
    "MonthPlan",
    "Participation",
    "SeriesItem",
    "Wish",
    "WorkshopTable",
]
