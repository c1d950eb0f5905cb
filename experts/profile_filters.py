"""The catalogue's filters, as plain GET parameters. What an expert has left open fits everything."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from network.filters import select
from network.models import Municipality
from services.models import Language

from .models import ExpertProfile, ExpertTheme, ProfileFormat, TalkFormat, TaskType

Profiles = QuerySet[ExpertProfile]


class ProfileFilter(django_filters.FilterSet):
    theme = select(_("Experience of what?"), "by_theme")
    format = select(_("Format"), "by_format")
    task = select(_("Type of task"), "by_task")
    municipality = select(_("Where?"), "by_municipality")
    language = select(_("Language"), "by_language")
    remote = django_filters.BooleanFilter(
        label=_("Also remotely"), method="by_remote", widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )

    class Meta:
        model = ExpertProfile
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: Profiles) -> None:
        super().__init__(data, queryset=queryset)
        words: dict[str, Any] = {
            "theme": ExpertTheme.objects.filter(in_use=True),
            "format": TalkFormat.objects.filter(in_use=True),
            "task": TaskType.objects.filter(in_use=True),
            "municipality": Municipality.objects.in_region(),
            "language": Language.objects.filter(in_use=True),
        }
        for name, rows in words.items():
            self.filters[name].extra["choices"] = [(one.code, one.local_name) for one in rows]

    def having(self, queryset: Profiles, relation: str, code: str) -> Profiles:
        through = getattr(ExpertProfile, relation).through
        column = getattr(ExpertProfile, relation).field.m2m_reverse_field_name()
        own = through.objects.filter(expertprofile=OuterRef("pk"))
        return queryset.filter(Exists(own.filter(**{f"{column}__code": code})) | ~Exists(own))

    def by_theme(self, queryset: Profiles, name: str, code: str) -> Profiles:
        return self.having(queryset, "themes", code)

    def by_task(self, queryset: Profiles, name: str, code: str) -> Profiles:
        return self.having(queryset, "task_types", code)

    def by_municipality(self, queryset: Profiles, name: str, code: str) -> Profiles:
        return self.having(queryset, "municipalities", code)

    def by_language(self, queryset: Profiles, name: str, code: str) -> Profiles:
        return self.having(queryset, "languages", code)

    def by_format(self, queryset: Profiles, name: str, code: str) -> Profiles:
        own = ProfileFormat.objects.filter(profile=OuterRef("pk"))
        return queryset.filter(Q(Exists(own.filter(format__code=code))) | ~Q(Exists(own)))

    def by_remote(self, queryset: Profiles, name: str, wanted: bool) -> Profiles:
        return queryset.filter(is_remote=True) if wanted else queryset
