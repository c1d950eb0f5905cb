from . import bulletin, data, joining, membership, message, network, organisation, user, words

__all__ = ["bulletin", "data", "joining", "membership", "message", "network", "organisation", "user", "words"]
