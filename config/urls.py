"""Every address of the portal. Finnish has no prefix; Swedish and English are under /sv/ and /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.cache import cache_control

from network import bulletin_views, feedback
from network.accounts.urls import callback
from network.views import organisation_list

from . import demo_mail, handing_over, own_pages, pages, styleguide, views
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
        path("omat/", own_pages.own_pages, name="own_pages"),
        path("", include("meetings.urls")),
        path("", include("experts.urls")),
        path("", include("services.urls")),
        path("", include("network.people.urls")),
        path("", include("network.own_data.urls")),
        path("palaute/", feedback.feedback, name="feedback"),
        path("palaute/kiitos/", feedback.feedback_sent, name="feedback_sent"),
        path("omat/luovutus/", handing_over.hand_over, name="hand_over"),
        path("omat/luovutus/sijainen/", handing_over.deputy_name, name="deputy_name"),
        path("omat/luovutus/sijainen/<int:pk>/paata/", handing_over.deputy_end, name="deputy_end"),
        path("verkosto/", organisation_list, name="organisation_list"),
        path("verkosto/<slug:slug>/", views.organisation_detail, name="organisation_detail"),
        path("tiedotteet/", bulletin_views.bulletin_list, name="bulletin_list"),
        path("tiedotteet/ehdota/", bulletin_views.bulletin_propose, name="bulletin_propose"),
        path("tiedotteet/rss/", bulletin_views.bulletin_rss, name="bulletin_rss"),
        path("tiedotteet/tilaus/", bulletin_views.bulletin_subscription, name="bulletin_subscription"),
        path("tiedotteet/peru/<str:token>/", bulletin_views.bulletin_unsubscribe, name="bulletin_unsubscribe"),
        path("tiedotteet/<int:pk>/", bulletin_views.bulletin_detail, name="bulletin_detail"),
        path("tietoa/", pages.about, name="about"),
        path("tietoa/sahkoposti/", pages.coordinator_email, name="coordinator_email"),
        path("saavutettavuus/", pages.accessibility, name="accessibility"),
        path("tietosuoja/", pages.privacy, name="privacy"),
        path("tietosuoja/versiot/", pages.privacy_versions, name="privacy_versions"),
        path("tietosuoja/versiot/<int:number>/", pages.privacy_version, name="privacy_version"),
        path("evasteet/", pages.cookies, name="cookies"),
        path("tili/", include("network.accounts.urls")),
        path("demo/posti/", demo_mail.letter_list, name="demo_letters"),
        path("demo/posti/<slug:name>/", demo_mail.letter_detail, name="demo_letter"),
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("hallinta/", admin.site.urls),
        prefix_default_language=False,
    ),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
