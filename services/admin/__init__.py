from . import place, service, words

__all__ = ["place", "service", "words"]
