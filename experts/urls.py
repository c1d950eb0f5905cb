from django.urls import path

from . import catalogue_views, fee_views, figure_views, news_views, order_views, profile_views, right_views

app_name = "experts"

order_urls = [
    path("kokemusasiantuntijat/pyyda/", order_views.order_new, name="order_new"),
    path("kokemusasiantuntijat/pyyda/kiitos/", order_views.order_sent, name="order_sent"),
    path("kokemusasiantuntijat/toimintaohje/", order_views.guide, name="guide"),
    path("tilaukset/", order_views.order_list, name="order_list"),
    path("tilaukset/palkkiot/", fee_views.fee_list, name="fee_list"),
    path("tilaukset/palkkiot/csv/", fee_views.fee_csv, name="fee_csv"),
    path("tilaukset/omat-palkkiot/", fee_views.own_fees, name="own_fees"),
    path("tilaukset/linkki/<str:token>/", order_views.order_by_link, name="order_by_link"),
    path("tilaukset/linkki/<str:token>/<slug:verb>/", order_views.order_by_link, name="order_by_link"),
    path("tilaukset/<int:pk>/", order_views.order_detail, name="order_detail"),
    path("tilaukset/<int:pk>/<slug:verb>/", order_views.order_act, name="order_act"),
]

HOME = "kokemusasiantuntijat/"

profile_urls = [
    path(HOME, catalogue_views.profile_list, name="profile_list"),
    path(f"{HOME}mika/", catalogue_views.about, name="about"),
    path(f"{HOME}esite/", catalogue_views.flyer, name="flyer"),
    path(f"{HOME}jaa/", catalogue_views.share, name="share"),
    path(f"{HOME}upotus/", catalogue_views.embed, name="embed"),
    path(f"{HOME}luvut/", figure_views.figures, name="figures"),
    path(f"{HOME}luvut/csv/", figure_views.figures_csv, name="figures_csv"),
    path(f"{HOME}yhdyshenkilot/", news_views.news_list, name="news_list"),
    path(f"{HOME}yhdyshenkilot/<int:pk>/peru/", news_views.news_withdraw, name="news_withdraw"),
    path(f"{HOME}kaikki/", profile_views.profile_all, name="profile_all"),
    path(f"{HOME}kaikki/uusi/", profile_views.profile_new, name="profile_new"),
    path(f"{HOME}koordinaattorit/", right_views.right_list, name="right_list"),
    path(f"{HOME}koordinaattorit/<int:pk>/paata/", right_views.right_end, name="right_end"),
    path(f"{HOME}oma/", profile_views.own_profile, name="own_profile"),
    path(f"{HOME}<slug:slug>/", catalogue_views.profile_detail, name="profile_detail"),
    path(f"{HOME}<slug:slug>/kuva/", catalogue_views.profile_picture, name="profile_picture"),
    path(f"{HOME}<slug:slug>/esite/", catalogue_views.profile_flyer, name="profile_flyer"),
    path(f"{HOME}<slug:slug>/oma/", profile_views.profile_keep, name="profile_keep"),
    path(f"{HOME}<slug:slug>/muokkaa/", profile_views.profile_edit, name="profile_edit"),
    path(f"{HOME}<slug:slug>/oma-kuva/", profile_views.profile_picture_edit, name="profile_picture_edit"),
    path(f"{HOME}<slug:slug>/nayta/", profile_views.profile_widen, name="profile_widen"),
    path(f"{HOME}<slug:slug>/piilota/", profile_views.profile_narrow, name="profile_narrow"),
    path(f"{HOME}<slug:slug>/poista/", profile_views.profile_close, name="profile_close"),
    path(f"{HOME}<slug:slug>/tauko/", profile_views.profile_pause, name="profile_pause"),
]

urlpatterns = [*order_urls, *profile_urls]
