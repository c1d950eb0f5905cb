import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import audiences
from network.guards import no_identity_code_constraint
from network.transitions import move
from network.translated import Translated

from .membership import MemberRole, Membership
from .municipality import Municipality
from .organisation import Organisation
from .user import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MARKDOWN_HELP = gettext_lazy(
    "An empty line starts a new paragraph. **Bold**, [a link](https://www.example.org), # Heading, - item of a list."
)


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def published(self) -> "BulletinQuerySet":
        return self.filter(sent_at__isnull=False, withdrawn_at__isnull=True)

    def unsent(self) -> "BulletinQuerySet":
        return self.filter(sent_at__isnull=True, withdrawn_at__isnull=True)

    def proposed(self) -> "BulletinQuerySet":
        """A member's, that no coordinator has dealt with."""
        return self.unsent().filter(proposed_by__isnull=False, scheduled_for__isnull=True)

    def due(self, now: dt.datetime | None = None) -> "BulletinQuerySet":
        return self.unsent().filter(scheduled_for__lte=now or timezone.now())

    def visible_to(self, user: "User | AnonymousUser") -> "BulletinQuerySet":
        """Published, and public unless the reader is a member now; in one query also for them."""
        published = self.published()
        if not user.is_authenticated:
            return published.filter(is_public=True)
        if user.is_coordinator:
            return published
        return published.filter(Q(is_public=True) | Exists(Membership.objects.current().filter(person=user.pk)))


class Bulletin(Translated, models.Model):
    """News of the network: on the portal's pages and by e-mail. Its dates tell its state.

    Sent once: pages and mail begin at the same moment. A correction is sent again as the next version.
    """

    SENT_AGAIN = "sent again"  # the event's name

    title = models.CharField(gettext_lazy("headline"), max_length=150)
    title_sv = models.CharField(gettext_lazy("headline in Swedish"), max_length=150, blank=True)
    title_en = models.CharField(gettext_lazy("headline in English"), max_length=150, blank=True)
    body = models.TextField(gettext_lazy("text"), max_length=20000, help_text=MARKDOWN_HELP)
    body_sv = models.TextField(gettext_lazy("text in Swedish"), max_length=20000, blank=True)
    body_en = models.TextField(gettext_lazy("text in English"), max_length=20000, blank=True)
    is_public = models.BooleanField(
        gettext_lazy("public"), default=False,
        help_text=gettext_lazy("Everybody may read it on the portal. Otherwise members of the network only."),
    )  # fmt: skip
    to_roles = models.ManyToManyField(
        MemberRole, blank=True, related_name="+", verbose_name=gettext_lazy("to people in these roles"),
    )  # fmt: skip
    to_kinds = ArrayField(
        models.CharField(max_length=30, choices=Organisation.Kind.choices), default=list, blank=True,
        verbose_name=gettext_lazy("to organisations of these kinds"),
    )  # fmt: skip
    to_municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="+", verbose_name=gettext_lazy("to members in these municipalities")
    )
    to_contact_persons = models.BooleanField(
        gettext_lazy("to contact persons only"), default=False,
        help_text=gettext_lazy("To those whom organisations have named to order experience experts."),
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="proposed_bulletins",
        verbose_name=gettext_lazy("proposed by"),
    )  # fmt: skip
    version = models.PositiveIntegerField(gettext_lazy("version"), default=1, editable=False)
    scheduled_for = models.DateTimeField(gettext_lazy("to be sent at"), null=True, blank=True)
    sent_at = models.DateTimeField(gettext_lazy("sent at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(gettext_lazy("withdrawn at"), null=True, blank=True)
    created_at = models.DateTimeField(gettext_lazy("created"), auto_now_add=True)
    updated_at = models.DateTimeField(gettext_lazy("changed"), auto_now=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("bulletin")
        verbose_name_plural = gettext_lazy("bulletins")
        ordering = (F("sent_at").desc(nulls_first=True), "-pk")
        constraints = [
            no_identity_code_constraint(
                "title", "title_sv", "title_en", "body", "body_sv", "body_en",
                name="no_identity_code_in_a_bulletin",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-sent_at"], name="bulletin_newest")]

    def __str__(self) -> str:
        return self.local("title").text

    def get_absolute_url(self) -> str:
        return reverse("bulletin_detail", args=[self.pk])

    @property
    def local_name(self) -> str:
        return self.local("title").text

    @property
    def state(self) -> str:
        """withdrawn, sent, scheduled, proposed or draft."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.sent_at:
            return "sent"
        if self.scheduled_for:
            return "scheduled"
        return "proposed" if self.proposed_by_id else "draft"

    # To whom --------------------------------------------------------------------------------------------------------

    @property
    def to_all(self) -> bool:
        places, roles = self.to_municipalities.all(), self.to_roles.all()
        own = self.to_contact_persons or self.to_kinds or roles or places
        return not (own or audiences.conditions(self))

    def audience(self) -> models.QuerySet[User]:
        """Whom it is meant for: members now, narrowed by role, kind and municipality of one and the same membership, and by
        what other parts of the code know (see `network.audiences`).

        Of several roles (kinds, municipalities) any will do. One that goes to all goes to coordinators, too.
        """
        people = User.objects.filter(is_active=True)
        memberships = Membership.objects.current().filter(person=OuterRef("pk"))
        if self.to_all:
            return people.filter(Q(is_staff=True) | Exists(memberships)).order_by("pk")
        if self.to_contact_persons:
            memberships = memberships.filter(is_contact_person=True)
        if roles := [role.pk for role in self.to_roles.all()]:
            memberships = memberships.filter(role__in=roles)
        if self.to_kinds:
            memberships = memberships.filter(organisation__kind__in=self.to_kinds)
        if places := [place.pk for place in self.to_municipalities.all()]:
            memberships = memberships.filter(
                Q(organisation__municipality__in=places)
                | Exists(
                    Organisation.municipalities_served.through.objects.filter(
                        organisation_id=OuterRef("organisation_id"), municipality_id__in=places
                    )
                )
            )
        return people.filter(*audiences.conditions(self), Exists(memberships)).order_by("pk")

    # What is done with it -------------------------------------------------------------------------------------------

    @transaction.atomic
    def send(self, *, by: User | None) -> None:
        """On the portal now, and a job sends the mails. Of two who press at once one succeeds."""
        self._move("sent", Bulletin.objects.unsent(), by, sent_at=timezone.now(), scheduled_for=None)
        self._defer_mails()

    @transaction.atomic
    def send_again(self, *, by: User) -> None:
        """What was corrected goes to everybody again."""
        same = Bulletin.objects.published().filter(version=self.version)
        self._move(self.SENT_AGAIN, same, by, version=self.version + 1)
        self._defer_mails()

    def schedule(self, at: dt.datetime, *, by: User) -> None:
        if at <= timezone.now():
            raise ValidationError(_("Choose a time that is still to come."))
        self._move("scheduled", Bulletin.objects.unsent(), by, scheduled_for=at)

    def unschedule(self, *, by: User) -> None:
        self._move("unscheduled", Bulletin.objects.unsent().exclude(scheduled_for=None), by, scheduled_for=None)

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """Off the portal, or not sent at all: then who proposed it is told. Mails that have left cannot be called back."""
        from network import emails  # which imports the models

        standing = Bulletin.objects.filter(withdrawn_at__isnull=True)
        self._move("withdrawn", standing, by, withdrawn_at=timezone.now(), scheduled_for=None)
        if self.sent_at is None and self.proposed_by is not None and self.proposed_by != by:
            emails.bulletin_declined(self, self.proposed_by)

    def _move(self, to: str, allowed: BulletinQuerySet, by: User | None, **fields: Any) -> None:
        refusal = _("This is not possible now: the bulletin may have been sent or withdrawn meanwhile.")
        move(self, to=to, allowed=allowed, refusal=refusal, by=by, **fields)

    def _defer_mails(self) -> None:
        from network.tasks import mail_bulletin  # which imports the models

        mail_bulletin.defer(bulletin=self.pk, version=self.version)
