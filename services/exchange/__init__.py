"""The exchange file: a whole small catalogue as JSON, read by `load_catalogue` and written by `dump_catalogue`.

The format is described in `docs/catalogue-format.md`. Loading and dumping share one picture of a record: a dictionary
with one JSON value for each thing the portal knows about it. A load compares the file's picture with the database's and
writes what differs; a dump writes the database's picture out.
"""
