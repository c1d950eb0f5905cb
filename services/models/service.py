from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from network.finnish import finnish_order_field
from network.models import Confirmable, Municipality, Network, Organisation, User
from network.models.confirmable import hidden_before
from network.transitions import move

from ..facts import ACCESS_FACTS, AccessFact
from .query import DISTANT_CHANNELS, ServiceQuerySet
from .shown import KnownFact, ShownText, shown_text
from .terms import Addiction, Aim, Audience, Channel, Component, Language, ServiceType, Setting, Stage

if TYPE_CHECKING:
    from .contact import Contact
    from .place import ServicePlace

# Words that are addresses of their own under /palvelut/ and are never given out as slugs.
RESERVED_SLUGS = frozenset({"uusi", "haku", "lista", "csv", "polut", "yhteys", "ohjattu", "muuttuneet", "kokemuksia"})


class Service(Confirmable, models.Model):
    """A listing of the catalogue. Its dates tell its state: draft, published, archived; confirmed is not edited."""

    class Temporary(models.TextChoices):
        PILOT = "pilot", _("Pilot")
        PROJECT = "project", _("Project")

    class Capacity(models.TextChoices):
        ROOM = "room", _("There is room")
        QUEUE = "queue", _("There is a queue")
        FULL = "full", _("No new people are taken now")

    class ArchiveReason(models.TextChoices):
        """Why a listing is out of use, as its own address tells those who come for it."""

        ENDED = "ended", _("The service has ended")
        MOVED = "moved", _("The service has moved to another organisation or place")
        MERGED = "merged", _("The service has become part of another service")
        PAUSED = "paused", _("The service is on a break")
        OTHER = "other", _("Another reason")

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=100)
    summary = models.CharField(_("summary"), max_length=150, blank=True)
    description = models.TextField(
        _("description"), max_length=5000, blank=True, help_text=_("An empty line starts a new paragraph.")
    )
    how_to_get = models.TextField(_("how to get the service"), max_length=2500, blank=True)

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("responsible organisation"),
    )
    producers = models.ManyToManyField(
        Organisation, blank=True, related_name="produced_services", verbose_name=_("producers")
    )
    main_type = models.ForeignKey(
        ServiceType, models.PROTECT, null=True, blank=True, related_name="main_services", verbose_name=_("main type")
    )
    further_types = models.ManyToManyField(
        ServiceType, blank=True, related_name="further_services", verbose_name=_("further types")
    )
    audiences = models.ManyToManyField(Audience, blank=True, related_name="services", verbose_name=_("audiences"))
    addictions = models.ManyToManyField(Addiction, blank=True, related_name="services", verbose_name=_("addictions"))
    stages = models.ManyToManyField(Stage, blank=True, related_name="services", verbose_name=_("stages"))
    settings = models.ManyToManyField(Setting, blank=True, related_name="services", verbose_name=_("settings"))
    aims = models.ManyToManyField(Aim, blank=True, related_name="services", verbose_name=_("aims"))
    components = models.ManyToManyField(Component, blank=True, related_name="services", verbose_name=_("contents"))
    channels = models.ManyToManyField(Channel, blank=True, related_name="services", verbose_name=_("channels"))
    languages = models.ManyToManyField(
        Language, blank=True, related_name="services", verbose_name=_("languages of service")
    )
    municipalities = models.ManyToManyField(
        Municipality,
        blank=True,
        related_name="services",
        verbose_name=_("municipalities"),
        help_text=_("None chosen means the whole region."),
    )
    outside_region = models.BooleanField(_("is outside the region"), default=False)
    keywords = models.CharField(
        _("keywords"), max_length=500, blank=True, help_text=_("Words people use, separated by commas.")
    )

    min_age = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("oldest age"), null=True, blank=True)
    cost = models.CharField(_("cost"), max_length=500, blank=True)
    no_referral = models.BooleanField(_("no referral needed"), null=True, blank=True)
    no_appointment = models.BooleanField(_("no appointment needed"), null=True, blank=True)
    anonymous = models.BooleanField(_("may come anonymously"), null=True, blank=True)
    free = models.BooleanField(_("free of charge"), null=True, blank=True)
    intoxicated_ok = models.BooleanField(_("may come intoxicated"), null=True, blank=True)
    no_diagnosis_excluded = models.BooleanField(_("no diagnosis keeps anyone out"), null=True, blank=True)

    who_cannot_come = models.TextField(_("who cannot come"), max_length=1000, blank=True)
    first_visit = models.TextField(_("what happens at the first visit"), max_length=2000, blank=True)
    capacity = models.CharField(_("room"), max_length=10, choices=Capacity.choices, blank=True)
    waiting = models.CharField(
        _("waiting"), max_length=300, blank=True, help_text=_("In words, for example “about two weeks”.")
    )
    capacity_on = models.DateField(_("room and waiting as of"), null=True, blank=True)
    hours_note = models.CharField(_("note on opening hours"), max_length=300, blank=True)
    referral_for_professionals = models.TextField(_("for professionals: how to refer"), max_length=2000, blank=True)
    tell_the_client = models.TextField(_("for professionals: what to tell the client"), max_length=2000, blank=True)
    consult = models.TextField(_("for professionals: whom to consult (members only)"), max_length=1000, blank=True)

    temporary = models.CharField(_("pilot or project"), max_length=10, choices=Temporary.choices, blank=True)
    temporary_until = models.DateField(_("pilot or project ends"), null=True, blank=True)
    next_steps = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="previous_steps", verbose_name=_("next steps")
    )
    ptv_id = models.UUIDField(_("PTV identifier"), null=True, blank=True, unique=True)
    lahella_url = models.URLField(_("Lähellä.fi address"), blank=True)
    sources = models.TextField(_("sources"), blank=True, help_text=_("Where the facts come from, one a line."))

    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    archive_reason = models.CharField(
        _("why it was archived"), max_length=10, choices=ArchiveReason.choices, blank=True
    )
    archive_note = models.CharField(
        _("note on why it was archived"), max_length=300, blank=True,
        help_text=_("Shown to those who come to the listing's address."),
    )  # fmt: skip
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )
    confirmed_organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmed for")
    )
    kept_in_search = models.BooleanField(
        _("kept in search"), default=False, help_text=_("Found by search although it was confirmed very long ago.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    sort_name = finnish_order_field("name")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ("sort_name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | (~Q(name="") & ~Q(summary="") & ~Q(how_to_get="") & Q(main_type__isnull=False) & Q(organisation__isnull=False)),
                name="a_published_listing_tells_the_essentials",
                violation_error_message=_(
                    "A published listing needs a name, a summary, how to get the service, a main type and a responsible organisation."
                ),
            ),
            models.CheckConstraint(
                condition=Q(max_age__gte=F("min_age")), name="the_oldest_age_is_not_below_the_youngest",
                violation_error_message=_("The oldest age is below the youngest."),
            ),
            models.CheckConstraint(
                condition=Q(temporary_until__isnull=True) | ~Q(temporary=""), name="only_a_pilot_or_project_has_an_end",
                violation_error_message=_("Say whether this is a pilot or a project that ends."),
            ),
            models.CheckConstraint(
                condition=~Q(replaced_by=F("id")), name="a_service_is_not_replaced_by_itself",
                violation_error_message=_("A service is not replaced by itself."),
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)), name="a_service_takes_no_reserved_address",
                violation_error_message=_("This address is used by another page."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["sort_name", "id"], name="service_by_name"),
            models.Index(fields=["-confirmed_at", "id"], name="service_by_freshness"),
            models.Index(fields=["main_type", "sort_name", "id"], name="service_by_type"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:detail", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.archived_at is None

    @property
    def is_closed(self) -> bool:
        """It was there for everybody and is archived now: its address tells what has become of it."""
        return self.published_at is not None and self.archived_at is not None

    @property
    def replacement(self) -> "Service | None":
        """What replaces it, when everybody may see that: in use, or closed itself with a page that tells further."""
        other = self.replaced_by
        return other if other is not None and other.published_at is not None else None

    # State ---------------------------------------------------------------------------------------------------------
    # One guarded UPDATE decides each: of two people pressing at once only one moves the listing.

    ESSENTIALS = ("name", "summary", "how_to_get", "main_type", "organisation")

    def publish(self, *, by: User | None = None) -> None:
        """Show a draft to everyone. ValidationError tells what is missing, or that it is no draft."""
        missing = [
            getattr(self._meta.get_field(field), "verbose_name", field)
            for field in self.ESSENTIALS
            if not getattr(self, field)
        ]
        if missing:
            raise ValidationError(_("Still missing: %(fields)s.") % {"fields": ", ".join(map(str, missing))})
        told = Service.objects.exclude(Q(name="") | Q(summary="") | Q(how_to_get=""))
        ready = told.drafts().filter(main_type__isnull=False, organisation__isnull=False)
        refusal = _("Only a draft that has all that is needed can be published.")
        self._move("published", ready, refusal, by, published_at=timezone.now())

    def unpublish(self, *, by: User | None = None) -> None:
        """Take a published listing back to a draft. ValidationError when it is not published."""
        refusal = _("Only a published listing can become a draft again.")
        self._move("draft", Service.objects.published(), refusal, by, published_at=None)

    def archive(
        self,
        *,
        by: User | None = None,
        reason: str = "",
        note: str = "",
        replaced_by: "Service | None" = None,
        show_note: bool = True,
    ) -> None:
        """Take the listing out of use; it keeps what it was before. ValidationError when it is archived already.

        Those who come to its address are told the reason (one of `ArchiveReason`), the note and what replaces it.
        Without `show_note` the note stands in the event only, for the coordinator: nobody has reviewed it.
        """
        if replaced_by is not None and replaced_by.pk == self.pk:
            raise ValidationError(_("A service is not replaced by itself."))
        told: dict[str, Any] = {"archive_reason": reason, "archive_note": note * show_note, "replaced_by": replaced_by}
        in_use = Service.objects.filter(archived_at__isnull=True)
        refusal = _("This listing is archived already.")
        self._move("archived", in_use, refusal, by, note, archived_at=timezone.now(), **told)

    def restore(self, *, by: User | None = None) -> None:
        """Bring the listing back as it was before the archive. ValidationError when it is not archived."""
        told: dict[str, Any] = {"archive_reason": "", "archive_note": "", "replaced_by": None}
        refusal = _("This listing is not archived.")
        self._move("restored", Service.objects.archived(), refusal, by, archived_at=None, **told)

    def _move(
        self, to: str, allowed: ServiceQuerySet, refusal: StrOrPromise, by: User | None, note: str = "", **fields: Any
    ) -> None:
        from ..changes import telling

        with telling(self.pk):
            move(self, to=to, allowed=allowed, refusal=refusal, by=by, note=note, **fields, updated_at=timezone.now())

    def keep_in_search(self, *, by: User | None = None) -> None:
        """Found by search however old its confirmation is, until somebody confirms it. ValidationError when it is kept."""
        allowed = Service.objects.published().filter(kept_in_search=False)
        refusal = _("This listing is kept in search already, or is not published.")
        move(self, to="kept in search", allowed=allowed, refusal=refusal, by=by, kept_in_search=True)

    def let_out_of_search(self, *, by: User | None = None) -> None:
        """No longer kept. ValidationError when it was not."""
        allowed = Service.objects.filter(kept_in_search=True)
        refusal = _("This listing is not kept in search.")
        move(self, to="not kept in search", allowed=allowed, refusal=refusal, by=by, kept_in_search=False)

    def is_out_of_search(self, network: Network) -> bool:
        """As `ServiceQuerySet.out_of_search` says of many."""
        if self.confirmed_at is None or self.kept_in_search:
            return False
        return self.confirmed_at < hidden_before(network, timezone.now())

    # What a page shows of the facts ------------------------------------------------------------------------------

    @cached_property
    def text(self) -> "ShownText":
        """Name, summary and so on in the active language, each falling back to Finnish by itself."""
        return shown_text(self, get_language() or "fi")

    @property
    def access_facts(self) -> list[KnownFact]:
        return [self._known(fact) for fact in ACCESS_FACTS]

    def _known(self, fact: AccessFact) -> KnownFact:
        value: bool | None = getattr(self, fact.field)
        return KnownFact(fact.code, value, {True: fact.yes, False: fact.no, None: fact.name}[value])

    def organisers(self) -> list[Organisation]:
        """The responsible organisation first, then the producers. Uses prefetched producers."""
        first = [self.organisation] if self.organisation else []
        return first + [one for one in self.producers.all() if one.pk != self.organisation_id]

    def own_contacts(self, places: "list[ServicePlace]") -> "list[Contact]":
        """Contacts of the service itself, then those of the given places. Uses prefetched contacts."""
        return [*self.contacts.all(), *(contact for place in places for contact in place.contacts.all())]

    @property
    def place_label(self) -> str:
        """Where it may be used, in a few words. Uses prefetched municipalities and channels."""
        names = [municipality.local_name for municipality in self.municipalities.all()]
        if self.outside_region:
            return gettext("Outside the region") + (f": {', '.join(names)}" if names else "")
        if names:
            return ", ".join(names) if len(names) <= 4 else gettext("%(count)d municipalities") % {"count": len(names)}
        codes = {channel.code for channel in self.channels.all()}
        return "" if not codes or codes - set(DISTANT_CHANNELS) else gettext("Online or by telephone")

    @property
    def age_text(self) -> str:
        if self.min_age is not None and self.max_age is not None:
            return gettext("For people aged %(from)d–%(to)d") % {"from": self.min_age, "to": self.max_age}
        if self.min_age is not None:
            return gettext("For people aged %(from)d and over") % {"from": self.min_age}
        if self.max_age is not None:
            return gettext("For people up to %(to)d") % {"to": self.max_age}
        return ""
