"""Words for invented services: enough to make each text its own and the whole read like a catalogue."""

import random
from typing import NamedTuple

BEFORE = (
    "Avoin", "Lempeä", "Kevään", "Uusi", "Toivon", "Kulman", "Rannan", "Keskustan", "Aallon", "Harjun", "Lähteen",
    "Sillan", "Metsän", "Polun", "Valon", "Koivun", "Puron", "Saaren", "Kallion", "Tähden", "Pihlajan", "Niityn",
    "Lammen", "Suvannon", "Vaaran", "Kosken", "Honkien", "Käpylän", "Myllyn", "Aseman", "Torin", "Satakielen",
)  # fmt: skip


class Kind(NamedTuple):
    """A kind of service: code of its type, what it is called, how often it comes, whom and what it is for."""

    code: str
    nouns: tuple[str, ...]
    weight: int
    audiences: tuple[str, ...]
    addictions: tuple[str, ...]
    stage: str
    setting: str
    sentence: str


KINDS = (
    Kind("peer-group", ("vertaisryhmä", "ryhmä toipuville", "keskusteluryhmä", "naisten ryhmä", "miesten ryhmä"), 20,
         ("adults", "men", "women"), ("alcohol", "drugs"), "aftercare", "outpatient",
         "Ryhmässä puhutaan omista kokemuksista ja kuunnellaan muita"),
    Kind("close-ones", ("läheisten ryhmä", "läheisten ilta", "tuki läheisille", "läheisneuvonta"), 12,
         ("close-ones", "families"), ("alcohol", "drugs", "gambling"), "early-support", "outpatient",
         "Läheinen saa tukea, kun toisen päihteiden käyttö huolettaa"),
    Kind("outpatient", ("päihdeklinikka", "avohoito", "päihdevastaanotto", "päihdehoitajan vastaanotto"), 14,
         ("adults", "worried-about-own-use"), ("alcohol", "drugs", "medicines"), "treatment", "outpatient",
         "Vastaanotolla arvioidaan tilanne ja tehdään yhdessä hoidon suunnitelma"),
    Kind("detox-outpatient", ("katkaisuhoito kotona", "avokatkaisu", "kotikatkaisu"), 5,
         ("adults",), ("alcohol", "medicines"), "treatment", "outpatient",
         "Katkaisuhoito tehdään avohoidossa sairaanhoitajan tuella"),
    Kind("detox-ward", ("katkaisuhoito osastolla", "katkaisuyksikkö", "vieroitusosasto"), 4,
         ("adults",), ("alcohol", "drugs", "medicines"), "treatment", "residential",
         "Osastolla päihteet katkaistaan turvallisesti ympäri vuorokauden"),
    Kind("opioid-substitution", ("korvaushoito", "korvaushoidon vastaanotto"), 4,
         ("adults",), ("opioids",), "treatment", "outpatient", "Hoitoon kuuluu lääke ja psykososiaalinen tuki"),
    Kind("residential-rehab", ("päihdekuntoutus", "kuntoutuskoti", "laitoskuntoutus"), 5,
         ("adults", "families"), ("alcohol", "drugs"), "rehabilitation", "residential",
         "Kuntoutus kestää viikkoja ja tähtää päihteettömään arkeen"),
    Kind("day-centre", ("päiväkeskus", "kohtaamispaikka", "matalan kynnyksen olohuone"), 8,
         ("adults", "worried-about-own-use"), ("alcohol", "drugs"), "waiting", "outpatient",
         "Päiväkeskukseen voi tulla syömään, lepäämään ja juttelemaan"),
    Kind("youth", ("nuorten päihdetyö", "nuorten vastaanotto", "nuorten neuvonta"), 7,
         ("youth", "students"), ("cannabis", "alcohol", "drugs"), "early-support", "outpatient",
         "Nuori tapaa työntekijän, joka kuuntelee eikä tuomitse"),
    Kind("health-counselling", ("terveysneuvonta", "neulanvaihto", "terveysneuvontapiste"), 4,
         ("adults",), ("drugs",), "prevention", "outpatient", "Pisteestä saa puhtaita välineitä ja neuvoja nimettömästi"),
    Kind("gambling", ("peliriippuvuuden tuki", "pelaajien ryhmä", "peliklinikka"), 4,
         ("adults", "people-in-debt"), ("gambling", "gaming"), "treatment", "outpatient",
         "Pelaamisesta voi puhua ilman häpeää ja velkoihin haetaan yhdessä ratkaisua"),
    Kind("mental-health", ("mielenterveyden ja päihteiden vastaanotto", "miepä-vastaanotto"), 6,
         ("adults",), ("alcohol", "drugs"), "treatment", "outpatient",
         "Mielenterveyttä ja päihteiden käyttöä hoidetaan samassa paikassa"),
    Kind("housing", ("tuettu asuminen", "asumispäivystys", "asumisen tuki"), 4,
         ("adults",), ("alcohol", "drugs"), "rehabilitation", "residential",
         "Asukas saa oman kodin ja tukea arkeen"),
    Kind("crisis", ("kriisivastaanotto", "kriisipäivystys"), 2,
         ("adults", "families"), ("alcohol", "drugs"), "early-support", "outpatient", "Apua saa heti, myös yöllä"),
    Kind("outreach", ("etsivä työ", "katupartio", "liikkuva päihdetyö"), 3,
         ("adults", "youth"), ("drugs", "alcohol"), "waiting", "outpatient", "Työntekijät kulkevat siellä missä ihmiset ovat"),
    Kind("diaconia", ("diakonian vastaanotto", "diakoniatyö"), 3,
         ("adults", "close-ones"), ("alcohol", "other"), "early-support", "outpatient",
         "Diakoniatyöntekijän kanssa voi puhua luottamuksella"),
    Kind("online-phone", ("chat", "puhelinneuvonta", "verkkoryhmä"), 4,
         ("adults", "close-ones"), ("alcohol", "drugs", "gambling"), "early-support", "outpatient",
         "Neuvoa saa nimettömästi puhelimessa ja verkossa"),
    Kind("tobacco", ("tupakasta vieroituksen ryhmä", "nikotiiniton neuvonta"), 2,
         ("adults", "students"), ("tobacco",), "prevention", "outpatient", "Lopettamiseen saa tukea ja seurantaa"),
    Kind("prevention", ("ehkäisevä päihdetyö", "päihdekasvatus"), 3,
         ("families", "students", "professionals"), ("alcohol", "cannabis"), "prevention", "outpatient",
         "Kouluissa ja työpaikoilla puhutaan päihteistä ennen kuin ne ovat ongelma"),
    Kind("debt", ("velkaneuvonta", "talousneuvonta"), 2,
         ("people-in-debt", "adults"), ("gambling",), "early-support", "outpatient",
         "Laskut käydään läpi ja tehdään suunnitelma, joka kestää"),
)  # fmt: skip

SENTENCES = (
    "Sinun ei tarvitse olla raitis, kun tulet ensimmäisen kerran.", "Voit tulla yksin tai läheisen kanssa.",
    "Kanssasi työskentelee sairaanhoitaja, sosiaaliohjaaja ja kokemusasiantuntija.", "Käynti kestää noin tunnin.",
    "Puhumme siitä, mikä sinulle on nyt tärkeintä.", "Tulkki järjestyy, kun kerrot siitä etukäteen.",
    "Kaikki, mitä kerrot, jää meidän välillemme.", "Autamme myös hakemuksissa ja virastojen kanssa.",
    "Ryhmä on sama koko syksyn, ja uusia otetaan mukaan tammikuussa.", "Saat tueksi henkilön, jonka voit tavata viikoittain.",
    "Hoidon aikana voit asua kotona ja käydä töissä.", "Jos tilanne on kiireellinen, kerro siitä heti soittaessasi.",
    "Tarjoamme kahvia ja keittoa.", "Lapset voivat tulla mukaan, heille on oma huone.", "Paikalla on aina kaksi ohjaajaa.",
    "Suunnitelma tarkistetaan kolmen kuukauden välein.", "Jatkosta sovitaan ennen kuin jakso päättyy.",
    "Retkahdus ei katkaise hoitoa.", "Tapaamme samassa paikassa myös kesällä.", "Voit kysyä neuvoa nimettömästi.",
)  # fmt: skip
WAYS_IN = (
    "Soita tai lähetä viesti. Et tarvitse lähetettä.", "Tule suoraan paikalle aukioloaikana.",
    "Tarvitset lääkärin tai sosiaalityöntekijän lähetteen.", "Varaa aika puhelimella arkisin.",
    "Ota yhteyttä ryhmän ohjaajaan ennen ensimmäistä kertaa.", "Täytä hakemus verkossa tai työntekijän kanssa.",
)  # fmt: skip
KEYWORDS = ("tuki", "toipuminen", "neuvonta", "retkahdus", "raittius", "vertaistuki", "haittojen vähentäminen", "arki")
BODIES = (
    ("association", "yhdistys ry"), ("association", "päihdetyön tuki ry"), ("association", "toipujat ry"),
    ("parish", "seurakunta"), ("company", "kuntoutus oy"), ("municipality", "kaupunki"), ("foundation", "säätiö"),
    ("wellbeing-county", "hyvinvointialueen palvelualue"), ("project", "hanke"),
)  # fmt: skip
STREETS = ("Asemakatu", "Rantatie", "Kirkkokatu", "Harjutie", "Torikatu", "Koulutie", "Myllytie", "Niittypolku")
TITLES = ("sairaanhoitaja", "sosiaaliohjaaja", "toiminnanjohtaja", "diakoniatyöntekijä", "vertaisohjaaja")
FIRST_NAMES = (
    "Aino",
    "Eero",
    "Helmi",
    "Ilmari",
    "Kaisa",
    "Lauri",
    "Maija",
    "Olavi",
    "Pihla",
    "Risto",
    "Sanni",
    "Veikko",
)
FAMILY_NAMES = ("Esimerkki", "Keksitty", "Koeajo", "Malli", "Näyte", "Demonen", "Harjoitus", "Kuormala")


def description(pick: random.Random, kind: Kind) -> str:
    """A few sentences in two paragraphs."""
    told = pick.sample(SENTENCES, pick.randint(4, 8))
    return f"{kind.sentence}. {' '.join(told[:3])}\n\n{' '.join(told[3:])}"
