"""What came in without login: it goes to whom it concerns, and to the coordinator when nobody answers.

Every concrete subclass of `network.models.Incoming` is taken care of here. A subclass has `organisation` (a field or a
property; None: it is about the portal itself) and `subject_line`; `organisation_path` tells how a query finds the
organisation. Its rows are read and handled on the pages under /omat/viestit/.
"""

from collections.abc import Iterable

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from . import emails
from .models import Incoming, Network, Organisation, User


def kinds() -> list[type[Incoming]]:
    return [model for model in apps.get_models() if issubclass(model, Incoming)]


def kind_of(model_name: str) -> type[Incoming]:
    """Raises LookupError when there is none of this name."""
    for kind in kinds():
        if kind._meta.model_name == model_name:
            return kind
    raise LookupError(model_name)


def concerns(incoming: Incoming) -> Organisation | None:
    """The organisation whose editors it is for; None when it is about the portal."""
    organisation: Organisation | None = getattr(incoming, "organisation", None)
    return organisation


@transaction.atomic
def deliver(incoming: Incoming) -> None:
    """Mail it to the editors of its organisation; with none of them to the coordinators at once."""
    editors = list(User.objects.editors_of(concerns(incoming)))
    if not editors:
        escalate(incoming)
    for person in editors:
        emails.incoming_arrived(incoming, person)


@transaction.atomic
def escalate(incoming: Incoming) -> bool:
    """Tell the coordinators, once. False when they had been told, or somebody has handled it."""
    untold = type(incoming)._default_manager.filter(pk=incoming.pk, escalated_at__isnull=True, handled_at__isnull=True)
    if not untold.update(escalated_at=timezone.now()):
        return False
    incoming.refresh_from_db(fields=["escalated_at"])
    for person in coordinators():
        emails.incoming_escalated(incoming, person)
    return True


def coordinators() -> Iterable[User | str]:
    """Who is told; the network's own address when nobody has the coordinator's rights yet."""
    people = list(User.objects.coordinators())
    address = Network.current().coordinator_email
    return people or ([address] if address else [])


def escalate_overdue() -> int:
    """Tell the coordinators of what nobody has answered in `Network.answer_days`. How many there were."""
    network, count = Network.current(), 0
    for kind in kinds():
        for incoming in kind._default_manager.overdue(network):
            count += escalate(incoming)
    return count


@transaction.atomic
def handle(incoming: Incoming, *, by: User, answer: str = "", send: bool = False) -> None:
    """Somebody has seen to it; with `send` the sender gets to read the answer. InvalidTransition: another was faster."""
    incoming.handle(by=by, answer=answer)
    if send and answer and incoming.sender_email:
        emails.incoming_answered(incoming)
