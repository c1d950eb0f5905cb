import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from network.models import User


def new_key() -> str:
    return secrets.token_urlsafe(32)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def opened_by(self, key: str) -> "CalendarFeed | None":
        """The feed of a secret address, unless its person has left."""
        return self.select_related("person").filter(key=key, person__is_active=True).first()

    def rotate(self, person: "User") -> None:
        """A new address, which closes the old one."""
        self.update_or_create(person=person, defaults={"key": new_key(), "created_at": timezone.now()})


class CalendarFeed(models.Model):
    """The secret address at which a person's calendar program fetches her meetings. A new key closes the old address."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("person")
    )
    key = models.CharField(_("key"), max_length=64, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")

    def __str__(self) -> str:
        return str(self.person)
