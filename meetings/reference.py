"""What every portal starts with: the group of the whole network, and themes of meetings."""

from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS, transaction

from network.reference import add_missing, add_to_empty, read

DATA = Path(__file__).parent / "data"


def load(using: str = DEFAULT_DB_ALIAS) -> None:
    from .models import Group, MeetingTheme

    facts = read(DATA / "reference.json")
    with transaction.atomic(using=using):
        if not Group.objects.using(using).filter(kind=Group.Kind.NETWORK).exists():
            add_missing(Group, facts["Group"], using=using)
        add_to_empty(MeetingTheme, facts["MeetingTheme"], using=using)


def load_after_migrate(using: str = DEFAULT_DB_ALIAS, apps: Any = installed_apps, **_kwargs: Any) -> None:
    try:
        apps.get_model("meetings", "MeetingTheme")
    except LookupError:  # after `migrate meetings zero`
        return
    load(using)
