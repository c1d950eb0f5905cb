from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from network.models import Organisation
        from services import preview

        from . import checks, organisation_page  # noqa: F401  registers the checks

        preview.PAGES[Organisation] = organisation_page.preview


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin_site.PortalAdminSite"
