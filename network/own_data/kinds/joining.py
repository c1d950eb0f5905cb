"""Joining, and what is known of a member."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from network.models import InternalNote, JoinRequest, KeptForm, RulesAcceptance, User
from network.personal_data import AGREEMENT, GONE, PUBLIC_INTEREST, TAKEN_OUT, add, clear, delete, of_model


def requests_of(person: User) -> QuerySet[JoinRequest]:
    """Also under an address that she had when she joined, and has changed since."""
    return JoinRequest.objects.filter(Q(email=person.email) | Q(invitation__accepted_by=person))


add(
    of_model(
        "requests-to-join",
        title=_("Your requests to join"),
        model=JoinRequest,
        fields=(
            "email", "name", "organisation", "organisation_name", "function", "role", "title", "level", "municipality",
            "why", "rules", "language", "created_at", "approved_at", "declined_at", "decline_reason",
        ),
        of=requests_of,
        erase=delete,
        fate=GONE,
        why=_("Joining the network"),
        basis=AGREEMENT,
        rules=("join-requests",),
    ),
    of_model(
        "requests-to-join-decided",
        title=_("Others’ requests to join that you decided on"),
        model=JoinRequest,
        fields=("created_at", "approved_at", "declined_at"),  # whose: that is the other person's
        of=lambda person: JoinRequest.objects.filter(decided_by=person),
        erase=clear(decided_by=None),
        fate=TAKEN_OUT,
        why=_("Joining the network"),
        basis=PUBLIC_INTEREST,
        rules=("join-requests",),
    ),
    of_model(
        "ground-rules",
        title=_("Ground rules you have accepted"),
        model=RulesAcceptance,
        fields=("rules", "at"),
        of=lambda person: RulesAcceptance.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("To know that members know the rules"),
        basis=AGREEMENT,
        how_long=_("As long as you have an account"),
    ),
    of_model(
        "notes",
        title=_("Coordinators’ notes about you; ask the coordinator for their words"),
        model=InternalNote,
        fields=("written_at",),  # the words are for coordinators, who give them when asked: they may tell of others
        of=lambda person: InternalNote.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("Looking after the network"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as you have an account"),
    ),
    of_model(
        "notes-written",
        title=_("Notes you wrote as a coordinator"),
        model=InternalNote,
        fields=("organisation", "written_at"),  # of whom and what: that may be another person's
        of=lambda person: InternalNote.objects.filter(written_by=person),
        erase=clear(written_by=None),
        fate=TAKEN_OUT,
        why=_("Looking after the network"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as what they are about is in the portal"),
    ),
    of_model(
        "kept-forms",
        title=_("Forms that could not be sent, kept for an hour"),
        model=KeptForm,
        fields=("path", "created_at"),  # the text is encrypted: only the browser that sent it can open it
        of=lambda person: KeptForm.objects.filter(writer=person),
        erase=delete,
        fate=GONE,
        why=_("So that what was typed is not lost"),
        basis=AGREEMENT,
        how_long=_("An hour"),
    ),
)  # fmt: skip
