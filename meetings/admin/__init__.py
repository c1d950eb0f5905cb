from . import bulletin, group, meeting

__all__ = ["bulletin", "group", "meeting"]
