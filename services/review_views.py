"""To be filled."""

from typing import Any


def __getattr__(name: str) -> Any:
    def view(request, **kwargs):
        raise NotImplementedError

    return view
