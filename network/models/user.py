from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .membership import Membership
from .organisation import Organisation
from .organisation_terms import Competence


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Addresses are kept in lower case: nobody means two people by `Aino@` and `aino@`."""
        return super().normalize_email(email).strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def coordinators(self) -> models.QuerySet["User"]:
        """The coordinator and the deputies: they have the same rights, and get what waits for a coordinator."""
        return self.filter(is_active=True, is_staff=True)

    def expert_coordinators(self) -> models.QuerySet["User"]:
        """Who has the right of a coordinator of expert activity."""
        return self.filter(is_active=True, coordinates_experts=True)

    def editors_of(self, organisation: "Organisation | None") -> models.QuerySet["User"]:
        """Who keeps the organisation's listings right: its own editors, else those of the nearest body above it that
        has some; nobody when there is none. One query for each level that is asked."""
        body = organisation
        while body is not None:
            current = Membership.objects.current().filter(organisation=body, is_editor=True)
            found = self.filter(is_active=True, pk__in=current.values("person"))
            if found.exists():
                return found
            body = body.parent
        return self.none()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **(fields | {"is_staff": True, "is_superuser": True}))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The e-mail address is the login; staff are the network's coordinators."""

    class ShownTo(models.TextChoices):
        COORDINATORS = "coordinators", _("Coordinators only")
        MEMBERS = "members", _("Members of the network")
        EVERYONE = "everyone", _("Everyone")

    class Delivery(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        WEEKLY = "weekly", _("Once a week")
        NONE = "none", _("Not at all")

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("This address already has an account.")}
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    name_shown_to = models.CharField(
        _("who sees my name"), max_length=12, choices=ShownTo.choices, default=ShownTo.COORDINATORS
    )
    contact_shown_to = models.CharField(
        _("who sees my e-mail and telephone"), max_length=12, choices=ShownTo.choices, default=ShownTo.COORDINATORS
    )
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="people", verbose_name=_("what others may ask me about")
    )
    wants_meetings = models.BooleanField(_("meetings"), default=True)
    wants_mailing_list = models.BooleanField(_("mailing list"), default=True)
    wants_working_groups = models.BooleanField(_("working groups"), default=False)
    wants_expert_tasks = models.BooleanField(_("tasks of an experience expert"), default=False)
    bulletin_delivery = models.CharField(
        _("bulletins"), max_length=10, choices=Delivery.choices, default=Delivery.AT_ONCE
    )
    changes_delivery = models.CharField(
        _("changed services"), max_length=10, choices=Delivery.choices, default=Delivery.WEEKLY
    )
    is_staff = models.BooleanField(_("coordinator"), default=False, help_text=_("May use the coordinator's workplace."))
    coordinates_experts = models.BooleanField(
        _("coordinator of expert activity"), default=False,
        help_text=_("Sees all profiles of experience experts and all orders. A right of its own, given by coordinators."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    rules_first = models.BooleanField(_("accepts the ground rules before anything else"), default=False, editable=False)
    warned_at = models.DateTimeField(_("told that the unused account will be erased"), null=True, editable=False)
    kept_at = models.DateTimeField(_("asked to keep the unused account"), null=True, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("email",)
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_address",
                violation_error_message=_("This address already has an account."),
            ),
        ]

    # Set for a request by SecondFactorMiddleware: a coordinator (of the network or of expert activity) who has not shown
    # a second factor has no rights there.
    lacks_second_factor = False

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also keeps the row in step that the sign-in's library has for the address."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            if (fields := kwargs.get("update_fields")) is None or "email" in fields:
                from network.accounts import addresses  # which imports this module

                addresses.agree(self)

    def clean(self) -> None:
        self.email = type(self).objects.normalize_email(self.email)

    @property
    def is_coordinator(self) -> bool:
        return self.is_active and self.is_staff and not self.lacks_second_factor

    @property
    def is_expert_coordinator(self) -> bool:
        """A right of its own: a coordinator of the network does not have it by that."""
        return self.is_active and self.coordinates_experts and not self.lacks_second_factor

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """A coordinator may use the whole admin; nobody else has model permissions."""
        return self.is_coordinator

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_coordinator

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0] if self.name else self.email
