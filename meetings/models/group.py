import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.finnish import finnish_order_field
from network.guards import no_identity_code_constraint
from network.models import Bulletin, Membership, Organisation, User
from network.translated import Translated

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class GroupQuerySet(models.QuerySet["Group"]):
    def active(self, on: dt.date | None = None) -> "GroupQuerySet":
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on or timezone.localdate()))

    def of(self, person: "User") -> "GroupQuerySet":
        """Groups whose list the person is on now; the network itself has no list."""
        return self.filter(Exists(GroupMembership.objects.current().filter(group=OuterRef("pk"), person=person)))

    def visible_to(self, user: "User | AnonymousUser") -> "GroupQuerySet":
        """Public ones for all; those that members may join for members; one's own; everything for a coordinator."""
        if not user.is_authenticated:
            return self.filter(is_public=True)
        if user.is_coordinator:
            return self
        member = Exists(Membership.objects.current().filter(person=user.pk))
        own = Exists(GroupMembership.objects.current().filter(group=OuterRef("pk"), person=user.pk))
        return self.filter(Q(is_public=True) | own | Q(member, is_open=True) | Q(member, kind=Group.Kind.NETWORK))


class Group(Translated, models.Model):
    """Who meets: the network itself, a working group, a steering group … The network's members are all of the network."""

    class Kind(models.TextChoices):
        NETWORK = "network", _("The whole network")
        WORKING = "working", _("Working group")
        CORE = "core", _("Core group")
        STEERING = "steering", _("Steering group")
        EXPERTS = "experts", _("Group of experience experts")
        COMMUNITY = "community", _("Client representatives of a community")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.WORKING)
    name = models.CharField(_("name"), max_length=120, unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    purpose = models.TextField(_("what it is for"), max_length=5000, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="meeting_groups", verbose_name=_("organisation")
    )  # fmt: skip
    is_open = models.BooleanField(
        _("open"), default=False, help_text=_("Members of the network see it and may join by themselves.")
    )
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Everybody sees that there is such a group.")
    )
    expert_seats = models.PositiveSmallIntegerField(
        _("seats wished for experience experts"), default=0, help_text=_("The page shows how many of them are taken.")
    )
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    bulletins = models.ManyToManyField(
        Bulletin, blank=True, editable=False, related_name="to_groups", verbose_name=_("bulletins to its people")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sort_name = finnish_order_field("name")

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ("sort_name",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="network"), name="there_is_one_whole_network",
                violation_error_message=_("There is one group for the whole network already."),
            ),
            no_identity_code_constraint("name", "name_sv", "name_en", "purpose", name="no_identity_code_in_a_group"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.local_name

    def get_absolute_url(self) -> str:
        return reverse("meetings:group", args=[self.slug])

    @property
    def is_whole_network(self) -> bool:
        return self.kind == self.Kind.NETWORK

    def people(self) -> models.QuerySet[User]:
        """Who belongs to it now: for the whole network everybody who stands for something in it."""
        people = User.objects.filter(is_active=True)
        own = GroupMembership.objects.current().filter(group=self, person=OuterRef("pk"))
        if self.is_whole_network:
            return people.filter(Exists(Membership.objects.current().filter(person=OuterRef("pk"))) | Exists(own))
        return people.filter(Exists(own))

    def invited(self) -> models.QuerySet[User]:
        """Those of them who want to hear of its meetings."""
        silent = GroupMembership.objects.current().filter(group=self, person=OuterRef("pk"), wants_mail=False)
        people = self.people().exclude(Exists(silent))
        return people.filter(wants_meetings=True) if self.is_whole_network else people


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def current(self, on: dt.date | None = None) -> "GroupMembershipQuerySet":
        """In force on the day (default today)."""
        on = on or timezone.localdate()
        return self.filter(Q(since__lte=on), Q(until__isnull=True) | Q(until__gt=on))


class GroupMembership(models.Model):
    """A person belongs to a group from a day to a day; who has left is not on its list from that day on."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        CHAIR = "chair", _("Chair")
        SECRETARY = "secretary", _("Secretary")

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", verbose_name=_("group"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="group_memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_organiser = models.BooleanField(
        _("organiser"), default=False, help_text=_("Prepares the group's meetings and writes their minutes.")
    )
    has_expert_seat = models.BooleanField(_("in an experience expert's seat"), default=False)
    wants_mail = models.BooleanField(_("gets the group's invitations by e-mail"), default=True)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        ordering = ("group", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(until__isnull=True), name="one_open_membership_per_person_and_group",
                violation_error_message=_("This person is a member of the group already."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="a_group_membership_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} – {self.group}"
