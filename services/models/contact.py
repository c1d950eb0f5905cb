from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import EmailValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from network.templatetags.look import no_harvest
from network.translated import Translated

from .place import ServicePlace
from .service import Service

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

# The redirect to an address cannot be found by counting numbers.
ADDRESS_SIGNER = Signer(salt="contact")

_telephone = RegexValidator(
    r"\A\+?[0-9][0-9 ]{1,19}\Z", _("Write the number with figures and spaces, for example 040 123 4567.")
)


class ContactQuerySet(models.QuerySet["Contact"]):
    def public(self) -> "ContactQuerySet":
        return self.filter(members_only=False)

    def signed(self, token: str) -> "ContactQuerySet":
        """The contact of a link's token; none when the token is not ours."""
        try:
            return self.filter(pk=ADDRESS_SIGNER.unsign(token))
        except BadSignature:
            return self.none()

    def visible_to(self, user: "User | AnonymousUser", *, members: bool) -> "ContactQuerySet":
        """Contacts of what the reader may see: a draft's or a confidential place's are found by its editors only."""
        if user.is_authenticated and user.is_coordinator:
            return self
        seen = Service.objects.visible_to(user)
        editable = Organisation.objects.editable_by(user).values("pk")
        contacts = self if members else self.public()
        return contacts.filter(
            Q(organisation__isnull=False)
            | Q(service__in=seen.values("pk"))
            | Q(place__service__in=seen.values("pk"), place__confidential=False)
            | Q(place__service__organisation__in=editable)
        )


class Contact(Translated, models.Model):
    """A way to reach a service, a place or an organisation: exactly one of them."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        EMAIL = "email", _("E-mail")
        WEB = "web", _("Website")
        BOOKING = "booking", _("Booking")
        CHAT = "chat", _("Chat")

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("service")
    )
    place = models.ForeignKey(
        ServicePlace, models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("place")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("number or address"), max_length=500)
    name = models.CharField(
        _("what it is"), max_length=100, blank=True, help_text=_("For example “booking” or “on call”.")
    )
    name_sv = models.CharField(_("what it is, in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("what it is, in English"), max_length=100, blank=True)
    hours = models.CharField(_("when it is answered"), max_length=150, blank=True)
    cost = models.CharField(_("what calling costs"), max_length=150, blank=True)
    members_only = models.BooleanField(
        _("members only"), default=False, help_text=_("For example a direct line for professionals.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, place__isnull=True, organisation__isnull=True)
                | Q(service__isnull=True, place__isnull=False, organisation__isnull=True)
                | Q(service__isnull=True, place__isnull=True, organisation__isnull=False),
                name="a_contact_belongs_to_one_thing",
                violation_error_message=_(
                    "A contact belongs to a service, to a place or to an organisation: exactly one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        check = _CHECKS.get(self.kind)
        if check:
            try:
                check(self.value)
            except ValidationError as error:
                raise ValidationError({"value": error.messages}) from error

    @property
    def href(self) -> str:
        """Where the link leads. An e-mail address stands in no page: its link goes through a redirect."""
        match self.kind:
            case self.Kind.PHONE:
                return "tel:" + "".join(sign for sign in self.value if sign.isdigit() or sign == "+")
            case self.Kind.EMAIL:
                return reverse("services:contact_email", args=[ADDRESS_SIGNER.sign(str(self.pk))])
        return self.value

    @property
    def label(self) -> str:
        return self.local_name

    @property
    def note(self) -> str:
        return ". ".join(part for part in (self.hours, self.cost) if part)

    @property
    def display(self) -> str:
        """The text of the link, good enough for paper."""
        match self.kind:
            case self.Kind.PHONE:
                return self.value
            case self.Kind.EMAIL:
                return no_harvest(self.value)
        return self.value.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


_CHECKS: dict[str, Callable[[str], None]] = {
    Contact.Kind.PHONE: _telephone,
    Contact.Kind.EMAIL: EmailValidator(),
    Contact.Kind.WEB: URLValidator(["http", "https"]),
    Contact.Kind.BOOKING: URLValidator(["http", "https"]),
    Contact.Kind.CHAT: URLValidator(["http", "https"]),
}
