"""Triggers in migrations, without building every model anew for each of them.

pgtrigger's own operations reload the model and all that points at it, a hundred times in a first `migrate`, although a
trigger changes no field. Write `network.triggers.AddTrigger` where makemigrations wrote `pgtrigger.migrations.AddTrigger`.
"""

from collections.abc import Sequence
from typing import Any

import pgtrigger.migrations
from django.db.migrations.operations.special import RunSQL
from django.db.migrations.state import ProjectState


class AddTrigger(pgtrigger.migrations.AddTrigger):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


class RemoveTrigger(pgtrigger.migrations.RemoveTrigger):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [one for one in options.get("triggers", []) if one.name != self.name]


CHANGED = """
CREATE OR REPLACE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO network_cataloguechange (mark) VALUES ((random() * 9007199254740992)::bigint);
    RETURN NULL;
END $$"""


class WatchTables(RunSQL):
    """Let each statement that changes one of the tables change the catalogue's number (see `network.versions`).

    `columns`: of one table, when a change of its other columns changes no page.
    """

    def __init__(self, *tables: str, columns: Sequence[str] = ()) -> None:
        self.tables, self.columns = tables, columns
        of = f" OF {', '.join(columns)}" if columns else ""
        super().__init__(
            [
                f"CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE{of} OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()"
                for table in tables
            ],
            [f"DROP TRIGGER IF EXISTS catalogue_changed ON {table}" for table in tables],
        )

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__name__, self.tables, {"columns": self.columns} if self.columns else {}
