from . import data, membership, network, organisation, user, words

__all__ = ["data", "membership", "network", "organisation", "user", "words"]
