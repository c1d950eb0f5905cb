from django.urls import path

from . import views

urlpatterns = [
    path("omat/tiedot/", views.own_data, name="own_data"),
    path("omat/tiedot/lataa/", views.own_data_download, name="own_data_download"),
    path("omat/tiedot/korjaa/", views.own_data_correct, name="own_data_correct"),
    path("omat/tiedot/poista/", views.own_data_erase, name="own_data_erase"),
    path("omat/tiedot/poistettu/", views.own_data_erased, name="own_data_erased"),
    path("omat/sailyta/<str:token>/", views.account_keep, name="account_keep"),
]
