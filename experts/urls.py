from django.urls import path

from . import fee_views, order_views

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

urlpatterns = [*order_urls]
