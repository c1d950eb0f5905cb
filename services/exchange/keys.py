"""What a row is called in the file: an organisation and a service by slug, everything else by code."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from network.models import Organisation
from services.models import Service

_KEY_FIELD: dict[type[Model], str] = {Organisation: "slug", Service: "slug"}


def key_field(model: type[Model]) -> str:
    return _KEY_FIELD.get(model, "code")


class Keys:
    """Slugs and codes to primary keys and back, each table read once and only when it is asked for."""

    def __init__(self) -> None:
        self._pks: dict[type[Model], dict[str, Any]] = {}
        self._keys: dict[type[Model], dict[Any, str]] = {}

    def _read(self, model: type[Model]) -> None:
        if model not in self._pks:
            rows = list(model._default_manager.order_by().values_list(key_field(model), "pk"))
            self._pks[model] = dict(rows)
            self._keys[model] = {pk: key for key, pk in rows}

    def has(self, model: type[Model], key: str) -> bool:
        self._read(model)
        return key in self._pks[model]

    def pk(self, model: type[Model], key: str | None) -> Any:
        """None for None. Raises KeyError for a key that was promised and never made."""
        if key is None:
            return None
        self._read(model)
        found = self._pks[model][key]
        if found is None:
            raise KeyError(key)
        return found

    def key(self, model: type[Model], pk: Any) -> str | None:
        if pk is None:
            return None
        self._read(model)
        return self._keys[model][pk]

    def names(self, model: type[Model]) -> dict[Any, str]:
        """Primary key → slug or code, of all rows that are there."""
        self._read(model)
        return self._keys[model]

    def promise(self, model: type[Model], keys: Iterable[str]) -> None:
        """The file is going to make these rows."""
        self._read(model)
        for key in keys:
            self._pks[model].setdefault(key, None)

    def learn(self, model: type[Model], rows: Iterable[Model]) -> None:
        """These rows have been made."""
        self._read(model)
        for row in rows:
            key = getattr(row, key_field(model))
            self._pks[model][key] = row.pk
            self._keys[model][row.pk] = key
