from django.urls import path

from . import confirmation_views, history_views, views

app_name = "services"

urlpatterns = [
    path("palvelut/", views.service_list, name="list"),
    path("palvelut/csv/", views.service_csv, name="csv"),
    path("palvelut/yhteys/<str:token>/", views.contact_email, name="contact_email"),
    path("palvelut/<slug:slug>/", views.service_detail, name="detail"),
    path("palvelut/<slug:slug>/vahvista/", confirmation_views.service_confirm, name="confirm"),
    path("verkosto/<slug:slug>/vahvista/", confirmation_views.organisation_confirm, name="organisation_confirm"),
    path("palvelut/<slug:slug>/historia/", history_views.service_history, name="history"),
    path("palvelut/<slug:slug>/historia/<str:key>/palauta/", history_views.service_restore, name="restore"),
    path("verkosto/<slug:slug>/historia/", history_views.organisation_history, name="organisation_history"),
    path(
        "verkosto/<slug:slug>/historia/<str:key>/palauta/",
        history_views.organisation_restore,
        name="organisation_restore",
    ),
    path("omat/palvelut/vahvista/", confirmation_views.confirm_own, name="confirm_own"),
    path("vahvista/<str:token>/", confirmation_views.confirm_by_link, name="confirm_by_link"),
]
