"""The words every portal starts with, and the settings of the activity."""

from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS, transaction

from network.reference import add_missing, numbered, read

DATA = Path(__file__).parent / "data"


def load(using: str = DEFAULT_DB_ALIAS) -> None:
    from . import models

    facts = read(DATA / "words.json")
    with transaction.atomic(using=using):
        for model in (models.ExpertTheme, models.TalkFormat, models.TaskType, models.Occasion):
            add_missing(model, numbered(facts[model.__name__]), using=using)
        add_missing(models.ActivitySettings, [{"pk": 1}], using=using)


def load_after_migrate(using: str = DEFAULT_DB_ALIAS, apps: Any = installed_apps, **_kwargs: Any) -> None:
    try:
        apps.get_model("experts", "Order")
    except LookupError:  # after `migrate experts zero`
        return
    load(using)
