"""Opening the reader's mail program without showing an address to harvesters."""

from django.http import HttpResponse


def mail_to(address: str) -> HttpResponse:
    """A redirect to `mailto:` that no robot should follow and no cache keep."""
    return HttpResponse(
        status=302,
        headers={
            "Location": f"mailto:{address}",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "private, no-store",
        },
    )
