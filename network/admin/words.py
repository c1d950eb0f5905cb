"""Vocabularies of the network and the places of the region."""

from django.contrib import admin

from network.models import Competence, MemberRole, Municipality, UnitType, WellbeingCounty

from .base import LANGUAGES, CodeAdmin


@admin.register(UnitType)
class UnitTypeAdmin(CodeAdmin):
    list_display = ("name", "code", "position")
    search_fields = ("name", "name_sv", "name_en", "code")
    fieldsets = [
        (None, {"fields": ["name", "code", "position"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(MemberRole)
class MemberRoleAdmin(CodeAdmin):
    list_display = ("name", "code", "position", "in_use")
    search_fields = ("name", "name_sv", "name_en", "code")
    fieldsets = [
        (None, {"fields": ["name", "code", "position", "in_use"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(Competence)
class CompetenceAdmin(CodeAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "name_sv", "name_en", "code")
    fieldsets = [
        (None, {"fields": ["name", "code"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(Municipality)
class MunicipalityAdmin(CodeAdmin):
    list_display = ("name", "name_sv", "code", "county")
    list_filter = (("county", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("county",)
    search_fields = ("name", "name_sv", "code")
    fieldsets = [
        (None, {"fields": ["name", "name_in", "code", "county"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(WellbeingCounty)
class WellbeingCountyAdmin(CodeAdmin):
    list_display = ("name", "name_sv", "code")
    search_fields = ("name", "name_sv", "code")
    fieldsets = [
        (None, {"fields": ["name", "code"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]
