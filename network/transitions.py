"""Changes of state: one guarded UPDATE decides, and one event row tells who did it. Nobody else writes a state."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

if TYPE_CHECKING:
    from network.models import User


class InvalidTransition(ValidationError):
    """The thing is not, or no longer, in a state for this."""


@transaction.atomic
def move(
    thing: models.Model,
    *,
    to: str,
    allowed: "models.QuerySet[Any]",
    refusal: StrOrPromise,
    by: "User | None",
    note: str = "",
    **fields: Any,
) -> None:
    """Set the fields of the thing if it is among the allowed, and write the event row with the new state's name.

    Of two who do it at once only one succeeds. Raises InvalidTransition with the refusal's words otherwise.
    """
    from network.models import StatusEvent

    if not allowed.filter(pk=thing.pk).update(**fields):
        raise InvalidTransition(str(refusal))
    thing.refresh_from_db(fields=list(fields))
    StatusEvent.objects.create(subject=thing, status=to, by=by, note=note)


class Transitions(models.Model):
    """For models with a `status` column of their own, where no date can tell the state."""

    status: Any

    class Meta:
        abstract = True

    def move(self, *, to: str, allowed_from: Collection[str], by: "User | None", note: str = "", **fields: Any) -> None:
        """From one of the states to another. Raises InvalidTransition when somebody was faster."""
        rows: models.QuerySet[Any] = type(self)._base_manager.all()
        allowed = rows.filter(status__in=allowed_from)
        refusal = _("This is no longer possible: somebody has dealt with it already.")
        move(self, to=to, allowed=allowed, refusal=refusal, by=by, note=note, status=to, **fields)
