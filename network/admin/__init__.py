from . import joining, membership, network, organisation, user, words

__all__ = ["joining", "membership", "network", "organisation", "user", "words"]
