"""The catalogue's rules on how long things are kept; see `network.retention`. What comes in about listings (reports)
is anonymised by the ground floor's rule `incoming`, which knows every kind of it."""
