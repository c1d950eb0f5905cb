"""Minutes (muistio): written during the meeting, commented on, published in a members' and a public version."""
