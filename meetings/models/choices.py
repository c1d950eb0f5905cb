"""Choices that several models share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    NETWORK = "network", _("Meeting of the network")
    WORKING = "working", _("Meeting of a working group")
    WORKSHOP = "workshop", _("Workshop")
    WEBINAR = "webinar", _("Webinar")
    COMMUNITY = "community", _("Community meeting")
    DEVELOPMENT = "development", _("Development or recreation day")
    TRAINING = "training", _("Training")
    CLOSING = "closing", _("Closing of the season")
    COFFEE = "coffee", _("Informal coffee")


class Form(models.TextChoices):
    ONLINE = "online", _("Online")
    ON_SITE = "on-site", _("On site")
    HYBRID = "hybrid", _("On site and online")


class ItemKind(models.TextChoices):
    PRESENTATION = "presentation", _("Presentation")
    INTRODUCTION = "introduction", _("An organisation introduces itself")
    DISCUSSION = "discussion", _("Discussion")
    GROUP_WORK = "group-work", _("Group work")
    DECISION = "decision", _("Decision")
    NOTICE = "notice", _("Notice")


class Publicity(models.TextChoices):
    PUBLIC = "public", _("Public")
    NETWORK = "network", _("For members of the network")
    RESTRICTED = "restricted", _("Restricted")


class Language(models.TextChoices):
    FI = "fi", _("Finnish")
    SV = "sv", _("Swedish")
    EN = "en", _("English")
    OTHER = "xx", _("Another language")
