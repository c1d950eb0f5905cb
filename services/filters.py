"""The catalogue's filters, read from plain GET parameters so that every state of the list has an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Case, F, Q, Value, When
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from network.models import Municipality, Network, Organisation, OrganisationAddress
from network.models.organisation import Sector
from network.versions import catalogue_version

from . import models
from .counts import Counts, Kept, counts
from .facts import ACCESS_FACTS
from .models import Service
from .models.query import Reach, ServiceQuerySet
from .models.terms import Term
from .search import indexing, steps
from .search.steps import Answer, most_promising

Choices = Sequence[tuple[str, StrOrPromise]]

ACCESS_CHOICES: Choices = [
    ("low-threshold", _("Low threshold: no referral, no appointment")),
    *[(fact.code, fact.yes) for fact in ACCESS_FACTS],
]
SORTS: Choices = [("", _("Best match")), ("name", _("Name")), ("checked", _("Last checked"))]

# Filter → its vocabulary.
VOCABULARIES: dict[str, type[Term]] = {
    "type": models.ServiceType,
    "audience": models.Audience,
    "addiction": models.Addiction,
    "channel": models.Channel,
    "stage": models.Stage,
    "setting": models.Setting,
    "aim": models.Aim,
    "content": models.Component,
    "language": models.Language,
}
# What a service's facets say in codes, so that one of the chosen ones must be among them.
CODED = (*VOCABULARIES, "sector", "municipality")
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
    version: str = ""  # the catalogue's number, read before all else


OFFERED = Kept(12)
ANSWERS = Kept(100)  # how words are answered, not the services that answer them


def led_to(slugs: list[str]) -> list[str]:
    """Where former addresses of organisations lead, and addresses of those that are part of another now."""
    former = Q(old_addresses__slug__in=slugs) | Q(slug__in=slugs, merged_into__isnull=False)
    bodies = Organisation.objects.filter(former).select_related("merged_into__merged_into").distinct()
    return [(body.successor or body).slug for body in bodies] if slugs else []


def organisation_choices(slugs: list[str]) -> Choices:
    """What the organisations of these addresses, of today or before, are called now."""
    if not slugs:
        return []
    known = [(one.slug, one.local_name) for one in Organisation.objects.filter(slug__in=slugs)]
    rows = OrganisationAddress.objects.filter(slug__in=slugs).select_related("organisation")
    return [*known, *((row.slug, row.organisation.local_name) for row in rows)]


def load_offered() -> Offered:
    """Every vocabulary in the reader's language, and which of its words are shown before “More filters”.

    Remembered until the catalogue changes: one query instead of eleven.
    """
    key = catalogue_version(), get_language()
    offered: Offered | None = OFFERED.get(key)
    if offered is None:
        offered = read_offered()._replace(version=key[0])
        OFFERED.keep(key, offered)
    return offered


def read_offered() -> Offered:
    terms = {name: list(model._default_manager.filter(in_use=True)) for name, model in VOCABULARIES.items()}
    choices: dict[str, Choices] = {
        name: [(term.code, term.local_name) for term in rows] for name, rows in terms.items()
    }
    whole_region = Network.current().local("region_name_whole").text or gettext("Whole region")
    places = [(place.code, place.local_name) for place in Municipality.objects.in_region()]
    choices["municipality"] = [("", whole_region), *places]
    return Offered(
        choices, {name: {term.code for term in terms[name] if getattr(term, "is_common", False)} for name in SPLIT}
    )


def _boxes(label: StrOrPromise, choices: Choices | None = None) -> django_filters.MultipleChoiceFilter:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    return django_filters.MultipleChoiceFilter(label=label, choices=choices or [], widget=widget)


class ServiceFilter(django_filters.FilterSet):
    """Each filter narrows the list; several values of one widen it – but access facts must all hold."""

    q = django_filters.CharFilter(
        label=_("What are you looking for?"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "class": "form-control"}),
    )
    municipality = django_filters.ChoiceFilter(
        label=_("Where?"),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    access = _boxes(_("How you get in"), ACCESS_CHOICES)
    audience = _boxes(_("For whom"))
    type = _boxes(_("What kind of help"))
    open = _boxes(_("When"), [("now", _("Open now"))])
    age = django_filters.NumberFilter(
        label=_("Age"),
        min_value=0,
        max_value=120,
        decimal_places=0,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    addiction = _boxes(_("What it is about"))
    language = _boxes(_("Language of service"))
    channel = _boxes(_("How it is given"))
    sector = _boxes(_("Who offers it"), Sector.choices)
    stage = _boxes(_("Stage"))
    setting = _boxes(_("Outpatient or residential"))
    aim = _boxes(_("Aim"))
    content = _boxes(_("What it consists of"))
    organisation = django_filters.MultipleChoiceFilter(label=_("Organisation"), widget=forms.MultipleHiddenInput)
    unknown = django_filters.ChoiceFilter(choices=[("1", _("Also where it is not known"))], widget=forms.HiddenInput)
    old = django_filters.ChoiceFilter(
        choices=[("1", _("Also what has not been checked for very long"))],
        widget=forms.HiddenInput,
    )
    sort = django_filters.ChoiceFilter(label=_("Order"), choices=SORTS[1:], widget=forms.HiddenInput)

    class Meta:
        model = Service
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: ServiceQuerySet, offered: Offered, network: Network) -> None:
        """`queryset`: published listings, also those that nobody has confirmed for very long."""
        super().__init__(without_empty(data), queryset=queryset)
        self.network = network
        self.includes_unknown = data.get("unknown") == "1"
        self.is_cut = False  # there are more than are shown
        self.offered = offered
        for name, values in offered.choices.items():
            self.filters[name].extra["choices"] = values
        # A slug has no NUL and is short; nothing else is worth asking the database for.
        asked = [slug for slug in data.getlist("organisation")[:20] if slug and len(slug) <= 80 and "\x00" not in slug]
        self.filters["organisation"].extra["choices"] = organisation_choices(asked)

    # Conditions ---------------------------------------------------------------------------------------------------
    # What a listing says in codes (`ServiceFacets`) is one condition a filter, so that it can be counted too.

    @cached_property
    def answer(self) -> Answer | None:
        """What the words find in the whole catalogue, before any filter; None without words."""
        words = self.chosen.get("q")
        if not words:
            return None
        indexing.refresh()
        key = catalogue_version(), words  # synonyms change the number too
        found: Answer | None = ANSWERS.get(key)
        if found is None:
            found = steps.answer(self.queryset, words)
            ANSWERS.keep(key, found)
        return found

    def coded_conditions(self) -> dict[str, Q]:
        """Chosen filters of which one value must hold. Access facts are not among them: they must all hold."""
        conditions = {}
        for name in CODED:
            value = self.chosen.get(name)
            if name == "municipality" and value:
                conditions[name] = has_one("municipality", value, "")
            elif value:
                conditions[name] = has_one(name, *value)
        return conditions

    def access_conditions(self) -> tuple[Q | None, Q | None]:
        """That each chosen fact is known to hold, and that none is known not to; the first is None when “not known” is
        shown too, both when nothing is chosen."""
        codes = self.chosen.get("access")
        if not codes:
            return None, None
        lenient = Q()
        for code in codes:
            lenient &= has_one("access", code, f"{code}?")
        strict = Q(facets__codes__contains=[f"access={code}" for code in codes])
        return None if self.includes_unknown else strict, lenient

    def old_condition(self) -> Any:
        """An expression: the listing is left out because nobody has confirmed it for very long."""
        if self.includes_old:
            return Value(False)
        return Case(When(Service.objects.old_condition(self.network), then=True), default=False)

    def uncoded(self) -> ServiceQuerySet:
        """Narrowed by what is no code: words, age, opening hours, the organisation."""
        chosen = self.chosen
        found: ServiceQuerySet = self.answer.services if self.answer else self.queryset.all()
        if chosen.get("age") is not None:
            found = found.for_age(int(chosen["age"]))
        if chosen.get("open"):
            found = found.open_at(timezone.now())
        if chosen.get("organisation"):
            # Links that people have saved name organisations by addresses they had before.
            found = found.of_organisation(*chosen["organisation"], *led_to(chosen["organisation"]))
        return found

    def filter_queryset(self, queryset: ServiceQuerySet) -> ServiceQuerySet:
        found = self.uncoded()
        for condition in self.coded_conditions().values():
            found = found.filter(condition)
        strict, lenient = self.access_conditions()
        if access := strict or lenient:
            found = found.filter(access)
        return found if self.includes_old else found.in_search(self.network)

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

    @property
    def includes_old(self) -> bool:
        return self.chosen.get("old") == "1"

    @cached_property
    def counts(self) -> Counts:
        return counts(self)

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

    @cached_property
    def place_field(self) -> Any:
        """The field with each place's number in its words. Chips and checks go on with the plain names."""
        field = self.form["municipality"]
        field.field.widget.choices = [
            (code, f"{name} ({self.count_of('municipality', code)})" if code else name)
            for code, name in field.field.choices
        ]
        return field

    def first_groups(self) -> list["Group"]:
        """Boxes shown at once: the common words, and whatever is chosen."""
        return [self._group(name, self._boxes(name, shown=True)) for name in FIRST]

    def seldom_groups(self) -> list["Group"]:
        """What stays behind “More filters”."""
        rest = [self._group(name, self._boxes(name, shown=False), of=name) for name in SPLIT]
        return [group for group in rest if group.boxes] + [
            self._group(name, [] if name == "age" else list(self.form[name])) for name in SELDOM
        ]

    def group(self, name: str) -> "Group":
        """All the values of a filter together."""
        return self._group(name, list(self.form[name]))

    def _group(self, name: str, boxes: list[Any], of: str = "") -> "Group":
        return Group(self.form[name], [Box(box, self.count_of(name, str(box.data["value"]))) for box in boxes], of)

    def count_of(self, name: str, code: str) -> int | None:
        """How many services the value would show; None where that is not counted."""
        if name == "open":
            return self.counts.total if self.chosen.get("open") else None
        return self.counts.of(name, code)

    def _boxes(self, name: str, *, shown: bool) -> list[Any]:
        if name not in SPLIT:
            return list(self.form[name])
        at_once = self.offered.common[name] | set(self.data.getlist(name))
        return [box for box in self.form[name] if (box.data["value"] in at_once) == shown]

    @property
    def seldom_in_use(self) -> bool:
        return any(value for name in SELDOM for value in self.data.getlist(name))


@dataclass(frozen=True)
class Box:
    """A value of a filter, with how many services it would show (None: not counted)."""

    box: Any
    count: int | None

    @property
    def tag(self) -> SafeString:
        """The box itself, as Django's widget writes it, without a template for each of a hundred."""
        data = self.box.data
        attributes = {"type": "checkbox", "name": data["name"], "value": data["value"], **data["attrs"]}
        return format_html("<input{}>", flatatt(attributes))

    @property
    def is_nothing(self) -> bool:
        """Muted: it shows nothing now, and is not chosen either."""
        return self.count == 0 and not self.box.data["selected"]


class Group(NamedTuple):
    """A field with those of its boxes that stand in one place; `of` names the group that it goes on from."""

    field: Any
    boxes: list[Box]
    of: str = ""


def has_one(name: str, *codes: str) -> Q:
    """The service says one of the codes of the filter."""
    return Q(facets__codes__overlap=[f"{name}={code}" for code in codes])


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
