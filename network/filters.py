"""The member directory's filters, as plain GET parameters."""

from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .models import Competence, MemberRole, Membership, Municipality, Organisation, User
from .models.organisation import OrganisationQuerySet, Sector
from .people.visible import named
from .permissions import can_see_members_only

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def select(label: object, method: str | None, **more: object) -> django_filters.ChoiceFilter:
    how = {"method": method} if method else {}
    widget = forms.Select(attrs={"class": "form-select"})
    return django_filters.ChoiceFilter(label=label, empty_label=_("All"), widget=widget, **how, **more)


class OrganisationFilter(django_filters.FilterSet):
    """By name and texts, home or served municipality, kind, sector, whom it meets, competence, and people's role.

    The role is for members only, and it is looked for among the people whom the reader may see by name: an organisation
    that is found by it tells nothing of somebody who is hidden.
    """

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
    sector = select(_("Sector"), "by_sector", choices=Sector.choices)
    kind = select(_("Kind"), None, choices=Organisation.Kind.choices)
    meets = select(
        _("Whom it meets"),
        "by_meets",
        choices=[choice for choice in Organisation.Meets.choices if choice[0] in {"users", "close-ones"}],
    )
    competence = select(_("Competence"), "by_competence")
    role = select(_("People's role"), "by_role")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: OrganisationQuerySet, reader: "User | AnonymousUser") -> None:
        super().__init__(data, queryset=queryset)
        self.reader = reader
        self.filters["municipality"].extra["choices"] = [
            (place.code, place.local_name) for place in Municipality.objects.in_region()
        ]
        known = Competence.objects.filter(organisations__isnull=False).distinct()
        self.offer("competence", [(one.code, one.local_name) for one in known])
        roles = MemberRole.objects.filter(in_use=True) if can_see_members_only(reader) else []
        self.offer("role", [(one.code, one.local_name) for one in roles])

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A filter with nothing to choose from is not there."""
        if choices:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name not in SELDOM]

    @property
    def seldom_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name in SELDOM]

    @property
    def seldom_in_use(self) -> bool:
        return any(self.data.get(name) for name in SELDOM)

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

    def by_meets(self, queryset: OrganisationQuerySet, name: str, whom: str) -> OrganisationQuerySet:
        """Who meets both meets each of them."""
        return queryset.filter(meets__in=[whom, Organisation.Meets.BOTH])

    def by_competence(self, queryset: OrganisationQuerySet, name: str, code: str) -> OrganisationQuerySet:
        has = Competence.objects.filter(organisations=OuterRef("pk"), code=code)
        return queryset.filter(Exists(has))

    def by_role(self, queryset: OrganisationQuerySet, name: str, code: str) -> OrganisationQuerySet:
        people = User.objects.filter(named(self.reader))
        current = Membership.objects.current().filter(organisation=OuterRef("pk"), role__code=code, person__in=people)
        return queryset.filter(Exists(current))


SELDOM = ("sector", "kind", "meets", "competence", "role")  # in the directory behind “More filters”
