import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.models import Organisation
from network.models.organisation import Sector

from .meeting import Meeting

PARTICIPATION_SIGNER = Signer(salt="meeting participation")


class Answer(models.TextChoices):
    INVITED = "invited", _("Not answered")
    COMING = "coming", _("Coming")
    NOT_COMING = "not", _("Not coming")
    MAYBE = "maybe", _("Maybe")
    WAITING = "waiting", _("Waiting for a place")


class Attendance(models.TextChoices):
    PRESENT = "present", _("Present")
    REMOTE = "remote", _("Remote")
    ABSENT = "absent", _("Absent")


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def coming(self) -> "ParticipationQuerySet":
        return self.filter(answer=Answer.COMING)

    def waiting(self) -> "ParticipationQuerySet":
        """In line for a place, the first first."""
        return self.filter(answer=Answer.WAITING).order_by("answered_at", "pk")

    def was_there(self) -> "ParticipationQuerySet":
        return self.filter(attendance__in=[Attendance.PRESENT, Attendance.REMOTE])

    def signed(self, token: str) -> "ParticipationQuerySet":
        """That of a mail's link; none when the token is not ours."""
        try:
            return self.filter(key=uuid.UUID(PARTICIPATION_SIGNER.unsign(token)))
        except (BadSignature, ValueError):
            return self.none()


class Participation(models.Model):
    """One person and one meeting: asked, answered, been there. Without an account: a registrant or a walk-in by name."""

    Answer = Answer
    Attendance = Attendance

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participations", verbose_name=_("meeting"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="participations", verbose_name=_("person")
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=150, blank=True, help_text=_("Of somebody without an account."))
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="participations", verbose_name=_("organisation")
    )  # fmt: skip
    organisation_name = models.CharField(_("organisation in words"), max_length=150, blank=True)
    sector = models.CharField(_("sector"), max_length=10, choices=Sector.choices, blank=True)
    is_decision_maker = models.BooleanField(_("decision maker"), default=False)
    is_expert = models.BooleanField(_("experience expert"), default=False)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer.choices, default=Answer.INVITED)
    note = models.CharField(_("note"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance.choices, blank=True)
    is_walk_in = models.BooleanField(_("came without being asked"), default=False)
    key = models.UUIDField(_("key of the link"), default=uuid.uuid4, unique=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    told_sequence = models.PositiveIntegerField(_("calendar change told"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ("meeting", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="one_answer_per_person_per_meeting",
                violation_error_message=_("This person is on the list already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "email"], condition=~Q(email=""), name="one_registration_per_address_per_meeting",
                violation_error_message=_("This address is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(name="", email=""),
                name="a_person_with_an_account_has_the_name_of_the_account",
            ),
            no_identity_code_constraint(
                "name", "organisation_name", "note", name="no_identity_code_in_a_participation"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["meeting", "answer"], name="participation_by_answer")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """For members; empty when the account is gone."""
        return str(self.person) if self.person else self.name

    @property
    def token(self) -> str:
        return PARTICIPATION_SIGNER.sign(str(self.key))
