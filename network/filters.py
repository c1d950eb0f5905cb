"""The member directory's filters, as plain GET parameters."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .models import Municipality, Organisation
from .models.organisation import OrganisationQuerySet, Sector


class OrganisationFilter(django_filters.FilterSet):
    """By name and texts, home or served municipality, and sector."""

    q = django_filters.CharFilter(
        label=_("Name or word"),
        max_length=200,
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "class": "form-control"}),
    )
    municipality = django_filters.ChoiceFilter(
        label=_("Where?"),
        method="by_municipality",
        empty_label=_("Anywhere"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    sector = django_filters.ChoiceFilter(
        label=_("Sector"),
        choices=Sector.choices,
        method="by_sector",
        empty_label=_("All"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: OrganisationQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["municipality"].extra["choices"] = [
            (place.code, place.local_name) for place in Municipality.objects.in_region()
        ]

    def by_words(self, queryset: OrganisationQuerySet, name: str, words: str) -> OrganisationQuerySet:
        for word in words.split()[:10]:
            queryset = queryset.filter(
                Q(name__icontains=word)
                | Q(name_sv__icontains=word)
                | Q(name_en__icontains=word)
                | Q(description__icontains=word)
            )
        return queryset

    def by_municipality(self, queryset: OrganisationQuerySet, name: str, code: str) -> OrganisationQuerySet:
        served = Organisation.municipalities_served.through.objects.filter(
            organisation=OuterRef("pk"), municipality=code
        )
        return queryset.filter(Q(municipality=code) | Exists(served))

    def by_sector(self, queryset: OrganisationQuerySet, name: str, sector: str) -> OrganisationQuerySet:
        return queryset.in_sector(sector)
