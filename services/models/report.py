from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.models import Incoming, Organisation

from .service import Service


class ListingReport(Incoming):
    """Somebody tells that a listing is wrong. Its organisation's editors get it, else the coordinator."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("A telephone number, e-mail address or link is wrong")
        HOURS = "hours", _("Opening hours are wrong")
        PLACE = "place", _("The place or address is wrong")
        CLOSED = "closed", _("The service has closed or changed")
        OTHER = "other", _("Something else")

    organisation_path = "service__organisation"

    service = models.ForeignKey(Service, models.CASCADE, related_name="reports", verbose_name=_("service"))
    kind = models.CharField(_("what is wrong"), max_length=10, choices=Kind.choices)

    class Meta(Incoming.Meta):
        verbose_name = _("report of an error")
        verbose_name_plural = _("reports of errors")
        constraints = [
            no_identity_code_constraint("body", "answer", "sender_name", name="a_report_holds_no_identity_code")
        ]

    @property
    def organisation(self) -> Organisation | None:
        return self.service.organisation

    @property
    def subject_line(self) -> str:
        return gettext("Error in a listing: %(name)s") % {"name": self.service.name}

    @property
    def about_url(self) -> str:
        return self.service.get_absolute_url()
