from django.urls import path

from . import confirmation_views, edit_views, history_views, holiday_views, own_views, public_views, review_views, views

app_name = "services"

urlpatterns = [
    path("palvelut/", views.service_list, name="list"),
    path("palvelut/csv/", views.service_csv, name="csv"),
    path("palvelut/uusi/", own_views.service_new, name="new"),
    path("palvelut/yhteys/<str:token>/", views.contact_email, name="contact_email"),
    path("palvelut/muuttuneet/", public_views.changed_list, name="changed"),
    path("palvelut/muuttuneet/rss/", public_views.changed_rss, name="changed_rss"),
    path("palvelut/muuttuneet/peru/<str:token>/", public_views.changed_unsubscribe, name="changed_unsubscribe"),
    path("palvelut/kokemuksia/", public_views.feedback_list, name="feedback"),
    path("palvelut/<slug:slug>/", views.service_detail, name="detail"),
    path("palvelut/<slug:slug>/vahvista/", confirmation_views.service_confirm, name="confirm"),
    path("verkosto/<slug:slug>/vahvista/", confirmation_views.organisation_confirm, name="organisation_confirm"),
    path("palvelut/<slug:slug>/historia/", history_views.service_history, name="history"),
    path("palvelut/<slug:slug>/historia/<str:key>/palauta/", history_views.service_restore, name="restore_version"),
    path("verkosto/<slug:slug>/historia/", history_views.organisation_history, name="organisation_history"),
    path(
        "verkosto/<slug:slug>/historia/<str:key>/palauta/",
        history_views.organisation_restore,
        name="organisation_restore",
    ),
    path("omat/palvelut/vahvista/", confirmation_views.confirm_own, name="confirm_own"),
    path("vahvista/<str:token>/", confirmation_views.confirm_by_link, name="confirm_by_link"),
    path("loma/<str:token>/", holiday_views.holiday, name="holiday"),
    path("palvelut/<slug:slug>/muokkaa/", edit_views.service_edit, name="edit"),
    path("palvelut/<slug:slug>/kopioi/", own_views.service_duplicate, name="duplicate"),
    path("palvelut/<slug:slug>/siirra/", own_views.service_move, name="move"),
    path("palvelut/<slug:slug>/arkistoi/", own_views.service_archive, name="archive"),
    path("palvelut/<slug:slug>/palauta/", own_views.service_restore, name="restore"),
    path("palvelut/<slug:slug>/tilanne/", own_views.service_capacity, name="capacity"),
    path("verkosto/<slug:slug>/arkistoi/", own_views.organisation_archive, name="organisation_archive"),
    path("verkosto/<slug:slug>/palauta/", own_views.organisation_reopen, name="organisation_reopen"),
    path("verkosto/<slug:slug>/muokkaa/", edit_views.organisation_edit, name="organisation_edit"),
    path("omat/palvelut/", own_views.own_list, name="own"),
    path("omat/palvelut/csv/", own_views.own_csv, name="own_csv"),
    path("omat/ehdotukset/<int:pk>/peru/", own_views.proposal_withdraw, name="proposal_withdraw"),
    path("tarkistettavat/", review_views.review_list, name="review_list"),
    path("tarkistettavat/<int:pk>/", review_views.review, name="review"),
    path("palvelut/<slug:slug>/ilmoita/", public_views.service_report, name="report"),
    path("palvelut/<slug:slug>/ilmoita/kiitos/", public_views.service_report_sent, name="report_sent"),
    path("palvelut/<slug:slug>/loysitko-apua/", public_views.service_helped, name="helped"),
    path("palvelut/<slug:slug>/loysitko-apua/lisaa/", public_views.service_helped_more, name="helped_more"),
]
