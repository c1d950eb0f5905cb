"""Small records of the exchange format; give what the test is about and let the rest be."""

from typing import Any


def an_organisation(slug: str = "yhdistys", **said: Any) -> dict[str, Any]:
    return {"slug": slug, "name": slug.capitalize(), "kind": "association"} | said


def a_service(slug: str = "ryhma", **said: Any) -> dict[str, Any]:
    essentials = {"summary": "Apua.", "how_to_get": "Soita.", "types": ["peer-group"]}
    return {"slug": slug, "name": slug.capitalize(), "organisations": ["yhdistys"]} | essentials | said


def a_catalogue(*services: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"organisations": [an_organisation()], "services": list(services) or [a_service()]} | more


def without(record: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in keys}
