"""Messages, invitations and bulletins."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from network.models import Bulletin, Invitation, Message, User
from network.personal_data import AGREEMENT, GONE, PUBLIC_INTEREST, TAKEN_OUT, add, clear, delete, of_model


def messages_to(person: User) -> QuerySet[Message]:
    return Message.objects.filter(Q(recipient=person) | Q(address=person.email))


def invitations_to(person: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(Q(email=person.email) | Q(accepted_by=person))


add(
    of_model(
        "messages",
        title=_("Messages sent to you"),
        model=Message,
        fields=("address", "subject", "created_at", "sent_at", "failed_at"),
        of=messages_to,
        erase=delete,
        fate=GONE,
        why=_("So that members hear what concerns them, and each message comes once"),
        basis=AGREEMENT,
        rules=("messages",),
    ),
    of_model(
        "invitations",
        title=_("Invitations you got"),
        model=Invitation,
        fields=("email", "organisation", "role", "is_editor", "is_contact_person", "created_at", "expires_at", "accepted_at"),
        of=invitations_to,
        erase=delete,
        fate=GONE,
        why=_("Joining the network"),
        basis=AGREEMENT,
        rules=("invitations",),
    ),
    of_model(
        "invitations-sent",
        title=_("Invitations you sent"),
        model=Invitation,
        fields=("organisation", "created_at", "accepted_at", "revoked_at"),  # whom: that is the other person's
        of=lambda person: Invitation.objects.filter(invited_by=person),
        erase=clear(invited_by=None),
        fate=TAKEN_OUT,
        why=_("Joining the network"),
        basis=PUBLIC_INTEREST,
        rules=("invitations",),
    ),
)  # fmt: skip


add(
    of_model(
        "bulletins-proposed",
        title=_("Bulletins you proposed"),
        model=Bulletin,
        fields=("title", "body", "created_at", "sent_at", "withdrawn_at"),
        of=lambda person: Bulletin.objects.filter(proposed_by=person),
        erase=clear(proposed_by=None),
        fate=TAKEN_OUT,
        why=_("So that the coordinator knows whom to ask about a proposal"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as you have an account"),
    )
)
