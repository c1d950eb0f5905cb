"""What a page will look like: the public page itself, of a record that is saved for as long as it takes to draw."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from network.models import Network, Organisation

from . import anatomy, editing
from .exchange.keys import Keys
from .exchange.shapes import Row
from .models import Service

Page = Callable[[Any, HttpRequest], dict[str, Any]]

# How each kind of thing is shown: config adds the page of organisations, which is its own.
PAGES: dict[type[Any], Page] = {}
TEMPLATES = {Service: "services/service_preview.html", Organisation: "services/organisation_preview.html"}


def _service(service: Service, request: HttpRequest) -> dict[str, Any]:
    return anatomy.anatomy(anatomy.fetch(service.slug, request.user), Network.current())


PAGES[Service] = _service


def page(thing: editing.Thing, record: Row, request: HttpRequest, context: dict[str, Any]) -> str:
    """The page as HTML; nothing stays saved. Raises ValidationError as saving would."""
    with transaction.atomic():
        try:
            locked, keys = editing.lock(thing), Keys()
            published = editing.record_of(locked, keys)
            editing.save(locked, editing.checked(editing.shape_of(locked), published | record, keys), keys)
            found = PAGES[type(locked)](locked, request) | context
            return render_to_string(TEMPLATES[type(locked)], found, request)
        finally:
            transaction.set_rollback(True)
