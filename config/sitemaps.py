import datetime as dt

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from meetings.models import Meeting
from network.models import Bulletin, Organisation
from services.models import Service


class PageSitemap(Sitemap):
    i18n = True
    alternates = True

    def items(self) -> list[str]:
        return [
            "front_page",
            "services:list",
            "services:changed",
            "services:feedback",
            "organisation_list",
            "meetings:list",
            "meetings:trainings",
            "meetings:groups",
            "experts:profile_list",
            "experts:about",
            "bulletin_list",
            "about",
            "accessibility",
            "privacy",
            "cookies",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class ServiceSitemap(Sitemap):
    i18n = True
    alternates = True

    def items(self) -> QuerySet[Service]:
        return Service.objects.published().order_by("pk").only("slug", "updated_at")

    def lastmod(self, item: Service) -> dt.datetime:
        return item.updated_at


class OrganisationSitemap(Sitemap):
    i18n = True
    alternates = True

    def items(self) -> QuerySet[Organisation]:
        return Organisation.objects.active().order_by("pk").only("slug", "updated_at")

    def lastmod(self, item: Organisation) -> dt.datetime:
        return item.updated_at


class BulletinSitemap(Sitemap):
    i18n = True
    alternates = True

    def items(self) -> QuerySet[Bulletin]:
        return Bulletin.objects.published().filter(is_public=True).order_by("pk").only("pk", "updated_at")

    def lastmod(self, item: Bulletin) -> dt.datetime:
        return item.updated_at


class MeetingSitemap(Sitemap):
    i18n = True
    alternates = True

    def items(self) -> QuerySet[Meeting]:
        return Meeting.objects.published().filter(is_public=True).order_by("pk").only("pk", "updated_at")

    def lastmod(self, item: Meeting) -> dt.datetime:
        return item.updated_at


SITEMAPS = {
    "pages": PageSitemap,
    "services": ServiceSitemap,
    "organisations": OrganisationSitemap,
    "bulletins": BulletinSitemap,
    "meetings": MeetingSitemap,
}
