from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers the checks


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin_site.PortalAdminSite"
