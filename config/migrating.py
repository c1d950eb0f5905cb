"""Running many migrations in a fraction of the time: one picture of the models for a row of operations, not one for each."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Operations of one kind that read nothing but what they add: the models as they stand after all of them tell each the same.
CREATING, ADDING = (CreateModel,), (AddField, AddConstraint, AddIndex)


class Together(Operation):
    """Operations that are done one after another with the models as they stand before the first and after the last.

    After each operation Django builds the classes of its model, and of all that point to it, anew: with a hundred models
    that takes most of the time of a first `migrate`. Here they are built once.
    """

    reduces_to_sql = True
    reversible = False  # only rows that are applied forwards are put together

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations
        self.atomic = operations[0].atomic  # type: ignore[misc]

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # built when they are next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


def put_together(operations: Iterable[Operation]) -> Iterator[Operation]:
    """The same operations in the same order, with neighbours of one kind as one `Together`."""
    for kind, row in groupby(operations, key=_kind):
        same = list(row)
        if kind and len(same) > 1:
            yield Together(same)
        else:
            yield from same


def _kind(operation: Operation) -> str:
    # A subclass may do more than its name tells, and runs alone.
    if type(operation) in CREATING:
        return "creating"
    return "adding" if type(operation) in ADDING else ""


class Executor(MigrationExecutor):
    """Django's, which applies neighbouring operations together."""

    def apply_migration(self, state: ProjectState, migration: Migration, *args: Any, **kwargs: Any) -> ProjectState:
        one_by_one = migration.operations
        migration.operations = list(put_together(one_by_one))  # type: ignore[misc]
        try:
            return super().apply_migration(state, migration, *args, **kwargs)
        finally:
            migration.operations = one_by_one  # type: ignore[misc]
