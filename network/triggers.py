"""Triggers in migrations, without building every model anew for each of them.

pgtrigger's own operations reload the model and all that points at it, a hundred times in a first `migrate`, although a
trigger changes no field. Write `network.triggers.AddTrigger` where makemigrations wrote `pgtrigger.migrations.AddTrigger`.
"""

import pgtrigger.migrations
from django.db.migrations.state import ProjectState


class AddTrigger(pgtrigger.migrations.AddTrigger):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


class RemoveTrigger(pgtrigger.migrations.RemoveTrigger):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [one for one in options.get("triggers", []) if one.name != self.name]
