"""Carrying out a person's rights over her data, with a row in the log of requests for each."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from network import invitations, personal_data
from network.models import DataRequest, Membership, Network, Organisation, User
from network.transitions import InvalidTransition

from . import emails


def record(person: User, *, by_desk: bool = False) -> dict[str, Any]:
    """All that is held about the person, as the download tells it; `by_desk`: without what is kept from the desk."""
    kinds = personal_data.for_desk() if by_desk else personal_data.everything()
    return {
        "format": 1,
        "made_at": timezone.now().isoformat(),
        "of": person.email,
        "kinds": {str(kind.code): str(kind.title) for kind in kinds},
        "data": personal_data.held_about(person, kinds),
    }


def download(person: User, *, by_desk: bool = False) -> HttpResponse:
    """The record as a file that nothing on the way keeps."""
    options = {"ensure_ascii": False, "indent": 1}
    response = JsonResponse(record(person, by_desk=by_desk), encoder=DjangoJSONEncoder, json_dumps_params=options)
    response["Content-Disposition"] = f'attachment; filename="own-data-{timezone.localdate():%Y-%m-%d}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def log_done(kind: str, *, person: User | None, by: User | None) -> DataRequest:
    """What is done at once. `by` is empty when the person did it herself, or the night's work did."""
    by = None if by is None or (person is not None and by.pk == person.pk) else by
    return DataRequest.objects.create(kind=kind, person=person, done_at=timezone.now(), done_by=by)


@transaction.atomic
def ask(person: User, text: str) -> DataRequest:
    """Ask the coordinator to correct what the person cannot correct herself."""
    asked = DataRequest.objects.create(kind=DataRequest.Kind.CORRECT, person=person, note=text)
    emails.request_came(asked)
    return asked


# Erasing --------------------------------------------------------------------------------------------------------------


def why_not(person: User) -> str:
    """Why this account cannot be erased now; empty when it can. A network is not left without its coordinator."""
    if not person.is_coordinator:
        return ""
    if not User.objects.coordinators().exclude(pk=person.pk).exists():
        return _("You are the only coordinator. Hand your work over to another coordinator first.")
    if Network.objects.filter(coordinator=person).exists():
        return _("You are named as the network’s coordinator. Hand your work over first.")
    return ""


def edits_alone(person: User) -> list[Organisation]:
    """Organisations that have no other editor of their own."""
    current = Membership.objects.current().filter(is_editor=True, person__is_active=True)
    own = current.filter(person=person).values("organisation")
    others = current.exclude(person=person).values("organisation")
    return list(Organisation.objects.filter(pk__in=own).exclude(pk__in=others))


@transaction.atomic
def erase(person: User, *, by: User | None) -> None:
    """Erase the account and all personal data for good; coordinators hear which organisations lost their last editor.

    `by`: who pressed, the person or a coordinator; empty when the night's work did. InvalidTransition when the network
    would be left without its coordinator.
    """
    list(User.objects.filter(is_staff=True).order_by("pk").select_for_update())  # of two last ones, one stays
    found = User.objects.select_for_update().filter(pk=person.pk).first()
    if found is None:
        raise InvalidTransition(_("This account has been erased already."))
    if reason := why_not(found):
        raise InvalidTransition(reason)
    left = edits_alone(found)
    asked = DataRequest.objects.open().filter(person=found)
    done = {"done_at": timezone.now(), "done_by": None if by is None or by.pk == found.pk else by}
    if not asked.filter(kind=DataRequest.Kind.ERASE).exists():
        log_done(DataRequest.Kind.ERASE, person=found, by=by)
    asked.update(**done)  # there is nothing left to see or to correct
    invitations.revoke_of(found, by=by, leaving=True)  # nobody would be left to know that they were given
    personal_data.erase(found)
    for organisation in left:
        emails.no_editor_left(organisation)
