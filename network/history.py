"""People in the history that database triggers keep: who acted stands in contexts, names in the events themselves."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import F, Func, Q, Value

if TYPE_CHECKING:
    from .models import User

AUTHOR = ("author",)  # key of an event's context that tells whose text another person let through
WHO = ("user", "user_email", "name")  # keys of an event's context that tell who acted
CONTEXT = ("pghistory", "Context")
NAMES = ("confirmed_name",)  # columns of tracked models that hold a person's name


def forget(person: "User") -> None:
    """Events stay; that it was this person goes from their contexts, and her name from what they kept.

    A name is found by its letters: another person of the same name loses hers too, which does no harm.
    """
    contexts().filter(Q(metadata__user=person.pk) | Q(metadata__user=str(person.pk))).update(metadata=without(*WHO))
    contexts().filter(metadata__author=person.pk).update(metadata=without(*AUTHOR))
    for model in event_models():
        columns = {column.name for column in model._meta.concrete_fields}
        events: Any = model._base_manager
        for column in columns.intersection(NAMES) if person.name else ():
            events.filter(**{column: person.name}).update(**{column: ""})
        for link in model._meta.concrete_fields:
            if link.related_model is type(person) and link.null:
                events.filter(**{link.name: person.pk}).update(**{link.name: None})


def forget_before(before: dt.datetime, dry_run: bool) -> int:
    """As `forget`, for everybody who acted before then. How many acts there were."""
    known = contexts().filter(created_at__lt=before, metadata__has_any_keys=[*WHO, *AUTHOR])
    return known.count() if dry_run else known.update(metadata=without(*WHO, *AUTHOR))


def contexts() -> Any:
    return apps.get_model(*CONTEXT)._default_manager.all()


def without(*keys: str) -> Func:
    return Func(F("metadata"), Value(list(keys)), template="(%(expressions)s::text[])", arg_joiner=" - ")


def event_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
