from . import holiday, place, searches, service, voices, words

__all__ = ["holiday", "place", "searches", "service", "voices", "words"]
