from .agenda import AgendaItem
from .attachment import Attachment, AttachmentContent
from .feed import CalendarFeed
from .feedback import FeedbackGiven, MeetingFeedback
from .group import Group, GroupMembership
from .guest import MeetingGuest
from .meeting import Headcount, Meeting, MeetingSession, MeetingTheme, WorkshopTable
from .minutes import Minutes, MinutesComment
from .participation import Participation
from .register import ActionItem, Decision
from .series import MeetingSeries, SeriesItem
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
