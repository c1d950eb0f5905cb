"""Every address of the portal. Finnish has no prefix; Swedish and English are under /sv/ and /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.cache import cache_control

from network.accounts.urls import callback
from network.views import organisation_list

from . import handing_over, pages, styleguide, views
from .sitemaps import SITEMAPS

urlpatterns = [
    path("robots.txt", pages.robots, name="robots"),
    path(
        "sitemap.xml",
        login_not_required(cache_control(public=True, max_age=3600)(sitemap)),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
    callback,
    *i18n_patterns(
        path("", views.front_page, name="front_page"),
        path("palvelut/", include("services.urls")),
        path("", include("network.people.urls")),
        path("omat/luovutus/", handing_over.hand_over, name="hand_over"),
        path("omat/luovutus/sijainen/", handing_over.deputy_name, name="deputy_name"),
        path("omat/luovutus/sijainen/<int:pk>/paata/", handing_over.deputy_end, name="deputy_end"),
        path("verkosto/", organisation_list, name="organisation_list"),
        path("verkosto/<slug:slug>/", views.organisation_detail, name="organisation_detail"),
        path("tietoa/", pages.about, name="about"),
        path("tietoa/sahkoposti/", pages.coordinator_email, name="coordinator_email"),
        path("saavutettavuus/", pages.accessibility, name="accessibility"),
        path("tietosuoja/", pages.privacy, name="privacy"),
        path("evasteet/", pages.cookies, name="cookies"),
        path("tili/", include("network.accounts.urls")),
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("hallinta/", admin.site.urls),
        prefix_default_language=False,
    ),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
