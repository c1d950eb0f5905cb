"""What every catalogue starts with: vocabularies with their PTV codes, ready-made searches, synonyms of the search."""

from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS, transaction

from network.reference import add_missing, add_to_empty, numbered, read

DATA = Path(__file__).parent / "data"


def load(using: str = DEFAULT_DB_ALIAS) -> None:
    from . import models

    facts = read(DATA / "terms.json")
    with transaction.atomic(using=using):
        for model in (
            models.ServiceType, models.Audience, models.Addiction, models.Stage, models.Setting, models.Aim,
            models.Component, models.Channel, models.Language,
        ):  # fmt: skip
            add_missing(model, numbered(facts[model.__name__]), using=using)
        add_to_empty(models.ReadySearch, numbered(facts["ReadySearch"]), using=using)
        add_to_empty(models.Synonym, read(DATA / "synonyms.json")["Synonym"], using=using)


def load_after_migrate(using: str = DEFAULT_DB_ALIAS, apps: Any = installed_apps, **_kwargs: Any) -> None:
    try:
        apps.get_model("services", "Service")
    except LookupError:  # after `migrate services zero`
        return
    load(using)
