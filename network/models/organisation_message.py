from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.guards import no_identity_code_constraint

from .incoming import Incoming
from .organisation import Organisation


class OrganisationMessage(Incoming):
    """Somebody has written to an organisation on its page. See `network.incoming` for what is done with it."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="messages", verbose_name=gettext_lazy("organisation")
    )
    language = models.CharField(gettext_lazy("language"), max_length=2, choices=settings.LANGUAGES, default="fi")

    class Meta(Incoming.Meta):
        verbose_name = gettext_lazy("message to an organisation")
        verbose_name_plural = gettext_lazy("messages to organisations")
        constraints = [
            no_identity_code_constraint("body", "answer", "sender_name", name="a_message_holds_no_identity_code"),
        ]

    @property
    def subject_line(self) -> str:
        return _("A message to %(organisation)s") % {"organisation": self.organisation}

    @property
    def about_url(self) -> str:
        return self.organisation.get_absolute_url()
