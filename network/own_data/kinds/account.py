"""The account itself, whom the person stands for, and where her name is shown."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from network import history
from network.models import Membership, Network, Organisation, User
from network.personal_data import ACCOUNT, AGREEMENT, GONE, PUBLIC_INTEREST, add, clear, delete, of_model


def erase_account(people: QuerySet[User]) -> None:
    """Last of all. What a coordinator has written of herself on every page's foot goes with her."""
    person = people.get()
    Network.objects.filter(Q(coordinator=person) | Q(coordinator_email=person.email)).update(
        coordinator_name="", coordinator_email="", coordinator_phone=""
    )
    history.forget(person)
    people.delete()


add(
    of_model(
        ACCOUNT,
        title=_("Account"),
        model=User,
        fields=(
            "email", "name", "language", "phone", "name_shown_to", "contact_shown_to", "competences", "wants_meetings",
            "wants_mailing_list", "wants_working_groups", "wants_expert_tasks", "bulletin_delivery", "changes_delivery",
            "is_staff", "coordinates_experts", "date_joined", "last_login", "warned_at", "kept_at", "rules_first",
        ),
        of=lambda person: User.objects.filter(pk=person.pk),
        erase=erase_account,
        fate=GONE,
        why=_("Signing in and keeping listings right"),
        basis=AGREEMENT,
        how_long=_("Until you erase it; an account that nobody uses, as told below"),
        also=("account.EmailAddress", "account.EmailConfirmation", "mfa.Authenticator", "socialaccount.SocialAccount",
              "socialaccount.SocialToken", "usersessions.UserSession"),
    ),
    of_model(
        "memberships",
        title=_("Whom you stand for"),
        model=Membership,
        fields=("organisation", "function", "role", "level", "title", "is_editor", "is_contact_person", "since", "until"),
        of=lambda person: Membership.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("To know who may change which details"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as you have an account"),
    ),
)  # fmt: skip


def confirmed_by(person: User) -> QuerySet[Organisation]:
    """Found by the name that she chose to show: an organisation keeps no number of who confirmed it."""
    return Organisation.objects.filter(confirmed_name=person.name) if person.name else Organisation.objects.none()


add(
    of_model(
        "confirmed-organisations",
        title=_("Organisations that tell by name who confirmed their details"),
        model=Organisation,
        fields=("name", "confirmed_at", "confirmed_title", "confirmed_name"),
        of=confirmed_by,
        erase=clear(confirmed_name=""),
        fate=_("The name is taken off; organisation, title and date stay."),
        why=_("So that people see who says that the details are right"),
        basis=PUBLIC_INTEREST,
        how_long=_("Until the details are confirmed again"),
    )
)
