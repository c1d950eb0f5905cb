"""Opening the reader's mail program without showing an address to harvesters."""

from urllib.parse import quote

from django.http import HttpResponse


def mail_to(address: str) -> HttpResponse:
    """A redirect to `mailto:` that no robot should follow and no cache keep.

    Quoted, so that nothing in an address can add a header to the message or to the answer.
    """
    return HttpResponse(
        status=302,
        headers={
            "Location": f"mailto:{quote(address, safe='@+')}",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "private, no-store",
        },
    )
