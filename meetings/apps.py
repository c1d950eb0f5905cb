from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self) -> None:
        from . import bulletins, personal_data, reference, retention, succession  # noqa: F401 – all but one register what they tell

        # After every migrate and every test flush; adds what is missing, leaves alone what has been changed.
        post_migrate.connect(reference.load_after_migrate, sender=self, dispatch_uid="meetings.reference")
