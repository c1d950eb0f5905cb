from django.urls import include, path

from . import views

app_name = "meetings"

urlpatterns = [
    path("", include("meetings.minutes.urls")),
    path("tapaamiset/", views.meeting_list, name="list"),
    path("tapaamiset/<int:pk>/", views.meeting_detail, name="detail"),
]
