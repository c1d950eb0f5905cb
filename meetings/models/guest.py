import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .choices import Language
from .meeting import Meeting
from .participation import Answer, Attendance

GUEST_SIGNER = Signer(salt="meeting guest")


class MeetingGuestQuerySet(models.QuerySet["MeetingGuest"]):
    def signed(self, token: str) -> "MeetingGuestQuerySet":
        """The guest of a link's token; none when the token is not ours or another has been given since."""
        try:
            return self.filter(key=uuid.UUID(GUEST_SIGNER.unsign(token)))
        except (BadSignature, ValueError):
            return self.none()


class MeetingGuest(models.Model):
    """Somebody from outside who speaks or visits, without an account. In the archive often known by role only."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests", verbose_name=_("meeting"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    organisation = models.CharField(_("organisation"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=150, blank=True, help_text=_("Such as “substance-use ombudsman”."))
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default=Language.FI)
    is_speaker = models.BooleanField(_("speaks"), default=True)
    name_may_be_published = models.BooleanField(_("the name may be published"), default=False)
    slides_may_be_published = models.BooleanField(_("the slides may be published"), default=False)
    consented_at = models.DateTimeField(_("gave consent"), null=True, blank=True, editable=False)
    key = models.UUIDField(_("key of the link"), default=uuid.uuid4, unique=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer.choices, default=Answer.INVITED)
    note = models.CharField(_("note"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance.choices, blank=True)
    told_sequence = models.PositiveIntegerField(_("calendar change told"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = MeetingGuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ("meeting", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="", organisation="", role=""), name="a_guest_is_somebody",
                violation_error_message=_("Give a name, an organisation or a role."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "email"], condition=~Q(email=""), name="a_guest_is_asked_once_to_a_meeting",
                violation_error_message=_("This address is a guest of the meeting already."),
            ),
            no_identity_code_constraint(
                "name", "organisation", "role", "topic", "note", name="no_identity_code_in_a_guest"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or self.role or self.organisation

    @property
    def token(self) -> str:
        return GUEST_SIGNER.sign(str(self.key))

    @property
    def public_name(self) -> str:
        """What others than members may read: the name with consent, else where the guest comes from."""
        if self.name and self.name_may_be_published:
            return ", ".join(part for part in (self.name, self.role, self.organisation) if part)
        return ", ".join(part for part in (self.role, self.organisation) if part)
