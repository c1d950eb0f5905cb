from django.urls import path

from .views import inbox, invitations, joining, profile

urlpatterns = [
    path("omat/profiili/", profile.profile, name="profile"),
    path("omat/viestit/", inbox.incoming_list, name="incoming_list"),
    path("omat/viestit/<slug:kind>/<int:pk>/", inbox.incoming_detail, name="incoming_detail"),
    path("omat/kutsut/", invitations.invitation_list, name="invitation_list"),
    path("omat/kutsut/<int:pk>/peru/", invitations.invitation_revoke, name="invitation_revoke"),
    path("omat/kutsut/<int:pk>/uudelleen/", invitations.invitation_resend, name="invitation_resend"),
    path("omat/liittymiset/", joining.join_request_list, name="join_request_list"),
    path("omat/liittymiset/<int:pk>/", joining.join_request_detail, name="join_request_detail"),
    path("kutsu/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
    path("verkosto/liity/", joining.join_request_new, name="join_request_new"),
    path("verkosto/liity/kiitos/", joining.join_request_sent, name="join_request_sent"),
    path("verkosto/pelisaannot/", joining.ground_rules, name="ground_rules"),
    path("verkosto/<slug:slug>/viesti/", inbox.organisation_message_new, name="organisation_message_new"),
    path("verkosto/<slug:slug>/viesti/kiitos/", inbox.organisation_message_sent, name="organisation_message_sent"),
]
