import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_message_id() -> str:
    """One for the message's whole life: a mail program shows a second copy of it as the same message."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>"


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> "MessageQuerySet":
        return self.filter(sent_at=None, failed_at=None)

    def failed(self) -> "MessageQuerySet":
        return self.exclude(failed_at=None)


class Message(models.Model):
    """An outgoing e-mail: what it tells of, to whom, and whether it has left.

    Subject and bodies are in the reader's language. Bodies, calendar file and headers (they hold links and codes) are
    emptied when the message has left or was given up.
    """

    event = models.CharField(_("event"), max_length=200, help_text=_("What it tells of, such as “invitation:12”."))
    address = models.EmailField(_("address"))
    version = models.PositiveIntegerField(_("version"), default=1)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="messages", verbose_name=_("recipient")
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text as HTML"), blank=True)
    calendar = models.TextField(_("calendar file"), blank=True, help_text=_("An iCalendar object with its METHOD."))
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=320, unique=True, default=new_message_id, editable=False)
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    failure = models.CharField(
        _("what went wrong"), max_length=100, blank=True, help_text=_("The kind of the error and the server's code.")
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "address", "version"], name="one_message_per_event_recipient_and_version",
                violation_error_message=_("This message was written already."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["created_at"], name="message_waiting", condition=models.Q(sent_at=None, failed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.event})"
