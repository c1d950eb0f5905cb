from django.urls import path

from . import views

app_name = "services"

urlpatterns = [
    path("", views.service_list, name="list"),
    path("csv/", views.service_csv, name="csv"),
    path("yhteys/<str:token>/", views.contact_email, name="contact_email"),
    path("<slug:slug>/", views.service_detail, name="detail"),
]
