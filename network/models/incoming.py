import datetime as dt
from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.transitions import move

from .network import Network
from .organisation import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .user import User

_Kind = TypeVar("_Kind", bound="Incoming")


class IncomingQuerySet(models.QuerySet[_Kind]):
    """What came in without login and waits for somebody's answer."""

    def open(self) -> "IncomingQuerySet[_Kind]":
        return self.filter(handled_at__isnull=True)

    def overdue(self, network: Network, now: dt.datetime | None = None) -> "IncomingQuerySet[_Kind]":
        """Nobody has handled it in the network's `answer_days`, and the coordinator has not been told yet."""
        before = (now or timezone.now()) - dt.timedelta(days=network.answer_days)
        return self.open().filter(escalated_at__isnull=True, created_at__lt=before)

    def visible_to(self, user: "User | AnonymousUser") -> "IncomingQuerySet[_Kind]":
        """What is for the organisations that the user keeps; everything for a coordinator."""
        if user.is_authenticated and user.is_coordinator:
            return self
        path = self.model.organisation_path
        if not user.is_authenticated or not path:
            return self.none()
        return self.filter(Exists(Organisation.objects.editable_by(user).filter(pk=OuterRef(path))))


class Incoming(models.Model):
    """A word from somebody who need not have an account: to an organisation, about a listing, about the portal.

    See `network.incoming` for what a subclass tells of itself.
    """

    organisation_path: ClassVar[str] = "organisation"  # empty: about the portal, for coordinators only

    body = models.TextField(_("message"), max_length=3000)
    sender_name = models.CharField(_("sender's name"), max_length=100, blank=True)
    sender_email = models.EmailField(_("sender's e-mail address"), blank=True)
    created_at = models.DateTimeField(_("came"), default=timezone.now)
    escalated_at = models.DateTimeField(_("told to the coordinator"), null=True, blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    answer = models.TextField(_("what was done"), max_length=2000, blank=True)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.body[:60]

    @classmethod
    def for_listing(cls, rows: "IncomingQuerySet[Incoming]") -> "IncomingQuerySet[Incoming]":
        """With what their subject lines tell of."""
        return rows.select_related(cls.organisation_path) if cls.organisation_path else rows

    @property
    def subject_line(self) -> str:
        """What it is about, in a few words that need not be kept secret."""
        return str(self._meta.verbose_name)

    @property
    def about_url(self) -> str:
        """The page that it is about; empty when there is none."""
        return ""

    def handle(self, *, by: "User", answer: str = "") -> None:
        """Somebody has seen to it. InvalidTransition when another was faster."""
        waiting = type(self)._default_manager.filter(handled_at__isnull=True)
        refusal = _("Somebody has handled this already.")
        now = timezone.now()
        move(self, to="handled", allowed=waiting, refusal=refusal, by=by, handled_at=now, handled_by=by, answer=answer)
