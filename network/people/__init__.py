"""Pages about people: joining and inviting, one's own profile, the inbox, who can help, handing the network over."""
