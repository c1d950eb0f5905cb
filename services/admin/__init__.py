from . import place, service, voices, words

__all__ = ["place", "service", "voices", "words"]
