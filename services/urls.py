from django.urls import path

from . import public_views, views

app_name = "services"

urlpatterns = [
    path("", views.service_list, name="list"),
    path("csv/", views.service_csv, name="csv"),
    path("yhteys/<str:token>/", views.contact_email, name="contact_email"),
    path("muuttuneet/", public_views.changed_list, name="changed"),
    path("muuttuneet/rss/", public_views.changed_rss, name="changed_rss"),
    path("muuttuneet/peru/<str:token>/", public_views.changed_unsubscribe, name="changed_unsubscribe"),
    path("kokemuksia/", public_views.feedback_list, name="feedback"),
    path("<slug:slug>/", views.service_detail, name="detail"),
    path("<slug:slug>/ilmoita/", public_views.service_report, name="report"),
    path("<slug:slug>/ilmoita/kiitos/", public_views.service_report_sent, name="report_sent"),
    path("<slug:slug>/loysitko-apua/", public_views.service_helped, name="helped"),
    path("<slug:slug>/loysitko-apua/lisaa/", public_views.service_helped_more, name="helped_more"),
]
