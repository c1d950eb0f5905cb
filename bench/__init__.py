"""How fast the pages are, beside the simplest page that Django can make: `make bench`. See docs/operations.md."""
