from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    site_header = _("Coordinator's desk")
    site_title = _("Coordinator's desk")
    index_title = _("Overview")
