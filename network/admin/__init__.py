from . import bulletin, membership, message, network, organisation, user, words

__all__ = ["bulletin", "membership", "message", "network", "organisation", "user", "words"]
