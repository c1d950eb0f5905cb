"""The catalogue's filters, read from plain GET parameters so that every state of the list has an address."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Case, F, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from network.models import Municipality, Network, Organisation
from network.models.organisation import Sector

from . import models
from .facts import ACCESS_FACTS, LOW_THRESHOLD
from .models import Service
from .models.query import Reach, ServiceQuerySet
from .models.terms import Term
from .search.steps import Answer, answer, most_promising

Choices = Sequence[tuple[str, StrOrPromise]]

ACCESS_CHOICES: Choices = [
    ("low-threshold", _("Low threshold: no referral, no appointment")),
    *[(fact.code, fact.yes) for fact in ACCESS_FACTS],
]
SORTS: Choices = [("", _("Best match")), ("name", _("Name")), ("checked", _("Last checked"))]

# Filter → its vocabulary and the relation of a service that holds it.
VOCABULARIES: dict[str, tuple[type[Term], str]] = {
    "type": (models.ServiceType, "further_types"),
    "audience": (models.Audience, "audiences"),
    "addiction": (models.Addiction, "addictions"),
    "channel": (models.Channel, "channels"),
    "stage": (models.Stage, "stages"),
    "setting": (models.Setting, "settings"),
    "aim": (models.Aim, "aims"),
    "content": (models.Component, "components"),
    "language": (models.Language, "languages"),
}
# Shown at once; the rest stay behind “More filters” until one of them is chosen.
FIRST = ("access", "audience", "type")
# Long vocabularies whose seldom used words stay behind “More filters” too.
SPLIT = ("audience", "type")
SELDOM = ("open", "age", "addiction", "language", "channel", "sector", "stage", "setting", "aim", "content")


class Chip(NamedTuple):
    """One chosen value: its words and the address of the list without it."""

    label: StrOrPromise
    remove_url: str


class Offered(NamedTuple):
    """What the filters offer, asked from the database once a request however many filters it makes."""

    choices: dict[str, Choices]
    common: dict[str, set[str]]


def load_offered() -> Offered:
    """Every vocabulary in the reader's language, and which of its words are shown before “More filters”."""
    terms = {
        name: list(model._default_manager.filter(in_use=True)) for name, (model, _relation) in VOCABULARIES.items()
    }
    choices: dict[str, Choices] = {
        name: [(term.code, term.local_name) for term in rows] for name, rows in terms.items()
    }
    whole_region = Network.current().local("region_name_whole").text or _("Whole region")
    places = [(place.code, place.local_name) for place in Municipality.objects.in_region()]
    choices["municipality"] = [("", whole_region), *places]
    return Offered(
        choices, {name: {term.code for term in terms[name] if getattr(term, "is_common", False)} for name in SPLIT}
    )


def _boxes(label: StrOrPromise, method: str, choices: Choices | None = None) -> django_filters.MultipleChoiceFilter:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    return django_filters.MultipleChoiceFilter(label=label, method=method, choices=choices or [], widget=widget)


class ServiceFilter(django_filters.FilterSet):
    """Each filter narrows the list; several values of one widen it – but access facts must all hold."""

    q = django_filters.CharFilter(
        label=_("What are you looking for?"),
        max_length=200,
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "class": "form-control"}),
    )
    municipality = django_filters.ChoiceFilter(
        label=_("Where?"),
        method="by_municipality",
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    access = _boxes(_("How you get in"), "by_access", ACCESS_CHOICES)
    audience = _boxes(_("For whom"), "by_terms")
    type = _boxes(_("What kind of help"), "by_type")
    open = _boxes(_("When"), "by_open", [("now", _("Open now"))])
    age = django_filters.NumberFilter(
        label=_("Age"),
        min_value=0,
        max_value=120,
        decimal_places=0,
        method="by_age",
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    addiction = _boxes(_("What it is about"), "by_terms")
    language = _boxes(_("Language of service"), "by_terms")
    channel = _boxes(_("How it is given"), "by_terms")
    sector = _boxes(_("Who offers it"), "by_sector", Sector.choices)
    stage = _boxes(_("Stage"), "by_terms")
    setting = _boxes(_("Outpatient or residential"), "by_terms")
    aim = _boxes(_("Aim"), "by_terms")
    content = _boxes(_("What it consists of"), "by_terms")
    organisation = django_filters.MultipleChoiceFilter(
        label=_("Organisation"), method="by_organisation", widget=forms.MultipleHiddenInput
    )
    unknown = django_filters.ChoiceFilter(
        choices=[("1", _("Also where it is not known"))], method="left_as_it_is", widget=forms.HiddenInput
    )
    old = django_filters.ChoiceFilter(
        choices=[("1", _("Also what has not been checked for very long"))],
        method="left_as_it_is",
        widget=forms.HiddenInput,
    )
    sort = django_filters.ChoiceFilter(
        label=_("Order"), choices=SORTS[1:], method="left_as_it_is", widget=forms.HiddenInput
    )

    class Meta:
        model = Service
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: ServiceQuerySet, offered: Offered) -> None:
        super().__init__(without_empty(data), queryset=queryset)
        self.includes_unknown = data.get("unknown") == "1"
        self.answer: Answer | None = None
        self.is_cut = False  # there are more than are shown
        self.offered = offered
        for name, values in offered.choices.items():
            self.filters[name].extra["choices"] = values
        # A slug has no NUL and is short; nothing else is worth asking the database for.
        asked = [slug for slug in data.getlist("organisation")[:20] if slug and len(slug) <= 80 and "\x00" not in slug]
        known = Organisation.objects.filter(slug__in=asked) if asked else []
        self.filters["organisation"].extra["choices"] = [(one.slug, one.local_name) for one in known]

    # Conditions ---------------------------------------------------------------------------------------------------

    def by_words(self, queryset: ServiceQuerySet, name: str, words: str) -> ServiceQuerySet:
        """What was found first, in the list itself, is told as `answer`; counts beside it ask the same."""
        if self.answer:
            return self.answer.again(queryset)
        self.answer = answer(queryset, words)
        return self.answer.services

    def by_municipality(self, queryset: ServiceQuerySet, name: str, code: str) -> ServiceQuerySet:
        return queryset.in_municipality(code)

    def by_access(self, queryset: ServiceQuerySet, name: str, codes: list[str]) -> ServiceQuerySet:
        facts = access_codes(codes)
        return queryset.without_access_denied(*facts) if self.includes_unknown else queryset.with_access(*facts)

    def by_terms(self, queryset: ServiceQuerySet, name: str, codes: list[str]) -> ServiceQuerySet:
        return queryset.described_by(VOCABULARIES[name][1], *codes)

    def by_type(self, queryset: ServiceQuerySet, name: str, codes: list[str]) -> ServiceQuerySet:
        return queryset.of_type(*codes)

    def by_open(self, queryset: ServiceQuerySet, name: str, value: list[str]) -> ServiceQuerySet:
        return queryset.open_at(timezone.now())

    def by_age(self, queryset: ServiceQuerySet, name: str, age: Any) -> ServiceQuerySet:
        return queryset.for_age(int(age))

    def by_sector(self, queryset: ServiceQuerySet, name: str, sectors: list[str]) -> ServiceQuerySet:
        return queryset.in_sector(*sectors)

    def by_organisation(self, queryset: ServiceQuerySet, name: str, slugs: list[str]) -> ServiceQuerySet:
        return queryset.of_organisation(*slugs)

    def left_as_it_is(self, queryset: ServiceQuerySet, name: str, value: str) -> ServiceQuerySet:
        return queryset

    # What the page asks -------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> dict[str, Any]:
        """Valid values only; a wrong one is told at its field and leaves the rest in force."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def place(self) -> str:
        """The municipality's code: chosen, or named in the words."""
        return self.chosen.get("municipality") or (self.answer.asked.place if self.answer else "")

    @property
    def order(self) -> str:
        """`name`, `checked`, or nothing for the best match."""
        return self.chosen.get("sort") or ""

    @property
    def ordered(self) -> ServiceQuerySet:
        """The filtered services: nearest first where a place is chosen, then as asked. Never “official first”.

        Of very many that answer some words only the `MOST_RANKED` that promise most are put in order (see `is_cut`).
        """
        queryset: ServiceQuerySet = self.qs
        if self.answer and self.answer.step != "none":
            queryset = most_promising(queryset, self.answer)
            self.is_cut = queryset is not self.qs
        order: list[Any] = []
        words = self.chosen.get("q")
        if words and self.order == "":
            order.append("-whole")
        if self.chosen.get("municipality"):
            order.append("reach")
        elif words and self.order == "" and self.place:
            order.append(Case(When(whole=True, then="reach"), default=len(Reach)))
        if self.chosen.get("age") is not None and self.order == "":
            order.append("-age_is_told")
        if self.order == "checked":
            order.append(F("confirmed_at").desc(nulls_last=True))
        elif self.order == "" and words:
            order.append("-rank")
        return queryset.order_by(*order, "sort_name", "pk")

    def unknown_count(self) -> int:
        """How many more there would be if “not known” counted; 0 when no access fact is asked for."""
        if not self.chosen.get("access") or self.includes_unknown:
            return 0
        found = self.qs.count()
        self.includes_unknown = True
        try:
            return self.filter_queryset(self.queryset.all()).count() - found
        finally:
            self.includes_unknown = False

    def chips(self) -> list[Chip]:
        chips = []
        for name, value in self.chosen.items():
            if name == "sort" or value in (None, "", []) or (name == "unknown" and not self.chosen.get("access")):
                continue
            labels = dict(getattr(self.form.fields[name], "choices", []))
            for one in dict.fromkeys(value) if isinstance(value, list) else [value]:
                words = (
                    gettext("Age %(age)s") % {"age": int(one)}
                    if name == "age"
                    else gettext("“%(words)s”") % {"words": one}
                )
                label = labels.get(one) or words
                chips.append(Chip(label, self.address_without(name, str(one))))
        return chips

    def address_without(self, name: str, value: str) -> str:
        data = self.data.copy()
        data.pop("page", None)
        rest = [one for one in data.getlist(name) if name not in ("q", "age", "municipality") and one != value]
        if name == "access" and not rest:
            data.pop("unknown", None)  # it means nothing without an access fact
        data.setlist(name, rest)
        return query_string(data)

    def address_with(self, **values: str) -> str:
        data = self.data.copy()
        data.pop("page", None)
        for name, value in values.items():
            data[name] = value
        return query_string(data)

    def sorts(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self.address_with(sort=code), "current": code == self.order}
            for code, label in SORTS
        ]

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        """What the form carries along without showing a field for it."""
        chosen = self.chosen
        kept = [("sort", self.order), ("unknown", chosen.get("unknown") or ""), ("old", chosen.get("old") or "")] + [
            ("organisation", slug) for slug in chosen.get("organisation") or []
        ]
        return [(name, value) for name, value in kept if value]

    def first_groups(self) -> list["Group"]:
        """Boxes shown at once: the common words, and whatever is chosen."""
        return [Group(self.form[name], self._boxes(name, shown=True)) for name in FIRST]

    def seldom_groups(self) -> list["Group"]:
        """What stays behind “More filters”."""
        rest = [Group(self.form[name], self._boxes(name, shown=False), of=name) for name in SPLIT]
        return [group for group in rest if group.boxes] + [
            Group(self.form[name], list(self.form[name])) for name in SELDOM
        ]

    def _boxes(self, name: str, *, shown: bool) -> list[Any]:
        if name not in SPLIT:
            return list(self.form[name])
        at_once = self.offered.common[name] | set(self.data.getlist(name))
        return [box for box in self.form[name] if (box.data["value"] in at_once) == shown]

    @property
    def seldom_in_use(self) -> bool:
        return any(value for name in SELDOM for value in self.data.getlist(name))


class Group(NamedTuple):
    """A field with those of its boxes that stand in one place; `of` names the group that it goes on from."""

    field: Any
    boxes: list[Any]
    of: str = ""


def access_codes(codes: list[str]) -> list[str]:
    """Codes of facts, with the one chip over two facts taken apart."""
    return [fact for code in codes for fact in (LOW_THRESHOLD if code == "low-threshold" else (code,))]


def without_empty(data: QueryDict) -> QueryDict:
    """A mutable copy: `?type=&q=ryhm%C3%A4` asks for no type, not for one without a code."""
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if filled := [value for value in values if value]:
            kept.setlist(name, filled)
    return kept


def query_string(data: QueryDict) -> str:
    """`?a=b` without empty values, or `?` alone: a link to the bare list."""
    return "?" + without_empty(data).urlencode()
