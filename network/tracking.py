"""Which tables keep their history: triggers of the database write each insert, change and delete to an event table.

Whoever writes – a form, the desk, an import, a job, a person at the database – leaves an event; who it was stands in
its context (see `network.actors`). Events hold no foreign key that the database checks: they outlive what they tell of.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

import pghistory
from django.apps import apps as django_apps
from django.db import models

MACHINE_MADE = {"updated_at", "sort_name", "search"}  # columns that the database fills in, and the time of an edit


def track(model: type[models.Model], *owners: str, fields: Iterable[str] | None = None) -> type[models.Model]:
    """Keep the table's history, and give back the model of its events.

    `owners`: foreign keys by which its events are looked for, beside the row's own number.
    """
    columns: Any = (model._meta.concrete_model or model)._meta.local_fields
    kept = [field.name for field in columns if field.name not in MACHINE_MADE]
    attrs: dict[str, Any] = {}
    for name in owners:
        target = cast(models.ForeignKey, model._meta.get_field(name)).remote_field.model
        attrs[name] = models.ForeignKey(
            target, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+"
        )
    own: Any = None if model._meta.proxy else pghistory.ObjForeignKey(related_name="events")
    return pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        fields=kept,
        obj_field=own,
        attrs=attrs,
        model_name=f"{model.__name__}Event",
        app_label=model._meta.app_label,
        meta={"default_permissions": ()},
        abstract=False,
    )


def track_relation(model: type[models.Model], name: str) -> type[models.Model]:
    """Keep the history of a many-to-many relation. Its table has no model of its own that a migration would know."""
    relation = cast("models.ManyToManyField[Any, Any]", model._meta.get_field(name))
    through = cast(type[models.Model], relation.remote_field.through)
    meta = {"proxy": True, "app_label": model._meta.app_label, "default_permissions": ()}
    title = "".join(part.capitalize() for part in name.split("_"))
    proxy = type(
        f"{model.__name__}{title}", (through,), {"__module__": model.__module__, "Meta": type("Meta", (), meta)}
    )
    return track(proxy, relation.m2m_field_name())


def begin_history(event_models: Iterable[type[models.Model]], connection: Any) -> None:
    """Write an event for each row that has none, so that its first change has something to differ from.

    For migrations: takes their historical models, and leaves alone those that are no events.
    """
    quote = connection.ops.quote_name
    for model in event_models:
        fields = {field.name: field.column for field in model._meta.local_fields}
        if "pgh_label" not in fields or not model.__name__.endswith("Event"):
            continue
        source = _table_of(model, connection)
        columns = [column for name, column in fields.items() if not name.startswith("pgh_")]
        into, taken = [quote(column) for column in columns], [f"row.{quote(column)}" for column in columns]
        if "pgh_obj" in fields:
            into, taken = [*into, quote(fields["pgh_obj"])], [*taken, "row.id"]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(into)}, pgh_created_at, pgh_label) "  # noqa: S608
                f"SELECT {', '.join(taken)}, clock_timestamp(), 'insert' FROM {quote(source)} AS row"
            )


def _table_of(model: Any, connection: Any) -> str:
    """The table whose rows the events tell of."""
    tracked = django_apps.get_model(model._meta.app_label, model.__name__).pgh_tracked_model
    return str(tracked._meta.db_table)


def delete_events(before: dt.datetime, dry_run: bool) -> int:
    """Delete events of before that month; what each row was then becomes the first version. How many went.

    The start of the month decides, so that the rows that stay are not rewritten every night.
    """
    start = before.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    gone = 0
    for model in event_models_of_all():
        events: Any = model._base_manager
        old = events.filter(pgh_created_at__lt=start)
        later = old.filter(id=models.OuterRef("id"), pgh_id__gt=models.OuterRef("pgh_id"))
        over = old.filter(models.Q(pgh_label="delete") | models.Exists(later))
        if dry_run:
            gone += over.count()
            continue
        gone += events.filter(pgh_id__in=list(over.values_list("pgh_id", flat=True))).delete()[0]
        events.filter(pgh_created_at__lt=start).update(pgh_created_at=start, pgh_context=None)
    return gone


def event_models_of_all() -> list[type[models.Model]]:
    return [model for model in django_apps.get_models() if hasattr(model, "pgh_tracked_model")]
