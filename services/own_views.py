"""To be filled."""

from typing import Any


def __getattr__(name: str) -> Any:
    def view(request, **kwargs):
        from django.http import HttpResponse

        return HttpResponse("own")

    return view
