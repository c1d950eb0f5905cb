"""The vocabularies services are described with, and the ready-made searches of the front page."""

from typing import ClassVar

from django.contrib import admin

from network.admin.base import LANGUAGES, CodeAdmin, PortalAdmin
from services.models import (
    Addiction,
    Aim,
    Audience,
    Channel,
    Component,
    Language,
    ReadySearch,
    ServiceType,
    Setting,
    Stage,
    Synonym,
)


@admin.register(Addiction, Stage, Setting, Aim, Component, Channel, Language)
class TermAdmin(CodeAdmin):
    list_display: tuple[str, ...] = ("name", "code", "in_use", "position")
    list_filter: ClassVar[tuple[str, ...]] = ("in_use",)
    search_fields = ("name", "name_sv", "name_en", "code", "ptv_code")
    fieldsets = [
        (None, {"fields": ["name", "code", "ptv_code", "position", "in_use"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(ServiceType, Audience)
class CommonTermAdmin(TermAdmin):
    list_display = ("name", "code", "is_common", "in_use", "position")
    list_filter = ("in_use", "is_common")
    fieldsets = [
        (None, {"fields": ["name", "code", "ptv_code", "position", "is_common", "in_use"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(ReadySearch)
class ReadySearchAdmin(CodeAdmin):
    list_display = ("name", "query", "shown", "in_use", "position")
    list_filter = ("shown", "in_use")
    search_fields = ("name", "query", "code")
    fieldsets = [
        (None, {"fields": ["name", "code", "hint", "query", "shown", "position", "in_use"]}),
        (LANGUAGES, {"fields": ["name_sv", "hint_sv", "name_en", "hint_en"]}),
    ]


@admin.register(Synonym)
class SynonymAdmin(PortalAdmin):
    """Words that mean the same in the search; a change works within a minute everywhere."""

    list_display = ("__str__", "one_way", "means", "note", "in_use")
    list_filter = ("one_way", "in_use")
    search_fields = ("terms", "means", "note")
    fields = ("terms", "one_way", "means", "note", "in_use")
