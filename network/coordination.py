"""Who coordinates the network: naming deputies, and handing over. Nowhere else does a page make somebody coordinator."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import emails
from .models import Network, User
from .transitions import move


def check(by: User) -> None:
    if not by.is_coordinator:
        raise PermissionDenied


def locked_network() -> Network:
    """Two who change the coordinators at once wait for each other, so that somebody is always left."""
    return Network.objects.select_for_update().get(pk=1)


@transaction.atomic
def name_deputy(person: User, *, by: User) -> bool:
    """The same rights as the coordinator has. False when the person had them."""
    check(by)
    locked_network()
    if person.is_staff:
        return False
    refusal = _("This account has been closed.")
    move(person, to="coordinator", allowed=User.objects.filter(is_active=True), refusal=refusal, by=by, is_staff=True)
    emails.coordinator_named(person)
    return True


@transaction.atomic
def end_rights(person: User, *, by: User) -> None:
    """ValidationError when nobody would be left, or the person is the network's coordinator now: hand over first."""
    check(by)
    network = locked_network()
    if network.coordinator_id == person.pk:
        raise ValidationError(_("This person is the coordinator: hand the network over to somebody first."))
    if not User.objects.coordinators().exclude(pk=person.pk).exists():
        raise ValidationError(_("Nobody would be left to coordinate the network."))
    refusal = _("This person has no coordinator's rights.")
    move(
        person,
        to="no coordinator",
        allowed=User.objects.filter(is_staff=True),
        refusal=refusal,
        by=by,
        is_staff=False,
        is_superuser=False,
    )


@transaction.atomic
def hand_over(to: User, *, by: User, name: str, email: str, phone: str, end_own: bool = False) -> None:
    """Another person becomes the coordinator, with these public contact details.

    ValidationError when the account is closed, or when `by` would end the rights that nobody else has.
    """
    check(by)
    network = locked_network()
    if end_own and to.pk == by.pk:
        raise ValidationError(_("Choose another person, or keep your own rights."))
    name_deputy(to, by=by)
    move(
        network,
        to="handed over",
        allowed=Network.objects.all(),
        refusal="",
        by=by,
        note=f"{to.pk}",
        coordinator=to,
        coordinator_name=name,
        coordinator_email=email,
        coordinator_phone=phone,
    )
    if end_own:
        end_rights(by, by=by)
