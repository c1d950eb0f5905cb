"""The ground floor's own kinds of personal data, in the order of the page; see `network.personal_data`."""

from . import account, signing_in, messages, joining, incoming, acts  # noqa: F401, I001 – they register what they tell of
