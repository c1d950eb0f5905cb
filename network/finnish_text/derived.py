"""Words that are made of others: of a verb, of an adjective."""

from . import dictionary


def behind(form: str, base: str) -> tuple[str, ...]:
    """Words a derived one belongs with: *juominen* – *juoda*, *riippuvainen* – *riippuvuus*, *asunnoton* – *asunnottomuus*,
    *juonut* – *juoda*."""
    found: list[str] = []
    if base.endswith(("ut", "yt")) and (verb := _verb_of(base)):
        found.append(verb)
    for ending in ("mista", "mistä", "misen", "miseen", "misesta", "misestä", "misessa", "misessä", "misiin"):
        if form.endswith(ending) and not base.endswith("minen"):
            noun = form[: -len(ending)] + "minen"
            if dictionary.base_form(noun):
                found.append(noun)
    for noun in [base, *found]:
        if noun.endswith("minen") and len(noun) > 7:
            stemmed = noun[:-5]
            for third in (stemmed + stemmed[-1], stemmed):
                if (verb := dictionary.base_form(third)) and verb != third and verb[-1] in "aä":
                    found.append(verb)
                    break
    if base.endswith("inen") and len(base) > 7 and dictionary.base_form(base[:-4]) == base[:-4]:
        found.append(base[:-4])  # “huumeista” is of drugs, whatever else it may be
    for ending, other in (
        ("vainen", "vuus"), ("väinen", "vyys"), ("ton", "ttomuus"), ("tön", "ttömyys"), ("llinen", "llisuus"),
    ):  # fmt: skip
        if base.endswith(ending) and dictionary.base_form(base[: -len(ending)] + other):
            found.append(base[: -len(ending)] + other)
    return tuple(found)


def _verb_of(participle: str) -> str:
    """The verb of what somebody has done: *juonut* – *juoda*, *pelannut* – *pelata*, *noussut* – *nousta*; else nothing."""
    stemmed, a = participle[:-3], "a" if participle.endswith("ut") else "ä"
    endings = {"n": ("d" + a, a), "l": ("l" + a,), "r": ("r" + a,), "s": ("t" + a,)}.get(participle[-3], ())
    candidates = [stemmed + ending for ending in endings]
    if participle[-3:-2] == "n" and stemmed.endswith("n"):
        candidates.insert(0, stemmed[:-1] + "t" + a)
    return next((verb for verb in candidates if len(verb) > 3 and dictionary.base_form(verb) == verb), "")
