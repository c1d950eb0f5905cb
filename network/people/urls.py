from django.urls import path

from .views import inbox

urlpatterns = [
    path("omat/viestit/", inbox.incoming_list, name="incoming_list"),
    path("omat/viestit/<slug:kind>/<int:pk>/", inbox.incoming_detail, name="incoming_detail"),
]
