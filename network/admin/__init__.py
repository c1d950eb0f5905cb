from . import bulletin, data, membership, message, network, organisation, user, words

__all__ = ["bulletin", "data", "membership", "message", "network", "organisation", "user", "words"]
