import contextlib

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NetworkConfig(AppConfig):
    name = "network"

    def ready(self) -> None:
        from . import reference
        from .finnish_text import WordsMissing, dictionary
        from .own_data import kinds, rules  # noqa: F401 – they register what they tell of

        with contextlib.suppress(WordsMissing):  # `/health/ready` tells of it; what builds them runs without them
            dictionary.load()
        # After every migrate and every test flush, so that it is never missing; it adds what is not there and
        # leaves alone what a coordinator has changed.
        post_migrate.connect(reference.load_after_migrate, sender=self, dispatch_uid="network.reference")
