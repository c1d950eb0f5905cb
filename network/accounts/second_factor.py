"""Coordinators show a second factor beside password or code; without one they are no coordinators."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from network.models import User
from network.transitions import move

from . import emails


def is_missing(request: HttpRequest, person: User) -> bool:
    """Whether this session of a coordinator has not shown a factor that the person still has. The demo asks for none."""
    if settings.DEMO or not is_asked_of(person):
        return False
    shown = [record.get("id") for record in get_authentication_records(request, person) if record["method"] == "mfa"]
    return not (shown and Authenticator.objects.filter(user=person, pk__in=shown).exists())


def is_asked_of(person: User) -> bool:
    """Coordinators, and those of expert activity: what these see tells of people's health."""
    return person.is_staff or person.coordinates_experts


def has_one(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def remember_shown(request: HttpRequest, factor: Authenticator) -> None:
    """Count the factor as shown in this session: whoever sets it up has just typed its first code."""
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type)


@transaction.atomic
def remove(person: User, *, by: User | None) -> None:
    """Take all factors away from who has lost them, and tell the person by mail. InvalidTransition: there is none."""
    factors = Authenticator.objects.filter(user=person)
    with_one = User.objects.filter(pk__in=factors.values("user"))
    refusal = _("This person has no second step for signing in.")
    move(person, to="second factor removed", allowed=with_one, refusal=refusal, by=by, is_active=F("is_active"))
    factors.delete()
    emails.changed(person, "totp_deactivated")


def can_remove(user: User, person: User) -> bool:
    """A coordinator, from a member. A coordinator's own key to the desk is changed on the server only."""
    return user.is_coordinator and not person.is_staff
