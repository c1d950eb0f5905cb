from . import group, meeting

__all__ = ["group", "meeting"]
