from . import membership, network, organisation, user, words

__all__ = ["membership", "network", "organisation", "user", "words"]
