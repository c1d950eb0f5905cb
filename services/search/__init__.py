"""The search of the catalogue: what words mean, which services they find, and in what order.

`understood(words)` tells what was asked, `steps.answer(services, words)` finds it. Analysis of text is in
`network.finnish_text`; both sides, what is indexed and what is asked, go through it.
"""

from .asked import Understood
from .understanding import understood

__all__ = ["Understood", "understood"]
