from . import holiday, place, service, voices, words

__all__ = ["holiday", "place", "service", "voices", "words"]
