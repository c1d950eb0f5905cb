"""Words that change what a question means, rather than what it is about. Base forms, as `network.finnish_text` makes them."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# People of one's own. Beside drinking, using or gambling they mean: help for me, who am close.
FAMILY = _set(
    "mies vaimo puoliso aviomies aviopuoliso avopuoliso kumppani avomies avovaimo äiti isä vanhempi äitipuoli isäpuoli poika"
    " tytär tyttö lapsi sisko veli sisar sisarus veljentytär mummo mummi vaari ukki isoäiti isoisä"
    " isovanhempi lapsenlapsi täti setä eno serkku ystävä kaveri poikaystävä tyttöystävä ex exä eksä miesystävä naisystävä"
    " muija akka ukko eukko isäukko siippa pikkuveli isoveli isosisko pikkusisko esikoinen kuopus tenava skidi vanhemmat"
    " avokki heila kollega tuttava naapuri työkaveri työtoveri perheenjäsen sukulainen rakas kämppis faija mutsi iskä äiskä"
    " jälkikasvu"
    " man make fru hustru maka mamma pappa son dotter bror syster mormor farmor morfar farfar vän barn förälder"
    " sambo appiukko anoppi appi lanko miniä vävy exmies exvaimo exavokki"
    " husband wife partner mother father mum mom dad son daughter brother sister grandmother grandfather friend child"
    " parent boyfriend girlfriend"
)
CHILDREN = _set(
    "esikoinen kuopus tenava skidi poika tytär tyttö lapsi jälkikasvu lapsenlapsi son dotter barn daughter child"
)
ELDERS = _set(
    "mummo mummi mummeli vaari ukki isoäiti isoisä pappa mormor farmor morfar farfar grandmother grandfather vanha iäkäs"
    " gammal old"
)
PARENTS = _set(
    "isäukko vanhemmat äiti isä vanhempi äitipuoli isäpuoli faija mutsi iskä äiskä mamma pappa mother father mum mom dad parent"
)
AMBIGUOUS_FAMILY = _set("nuori lapsi tyttö poika mies vanhempi ystävä perheenjäsen")  # also those a service is for
WORRY = _set(
    "huoli huolestua huolissaan huolettaa pelätä pelko epäillä epäily jättää lopettaa valehdella väkivaltainen huolestunut"
    " auttaa tukea support stöd huolestuttaa suostua kieltäytyä raitistua oro orolig oroa worry worried afraid rädd"
)
# Said of one of them without telling of what: *vanhemmat käyttää*.
USING = _set("kokeilla käyttää sekoilla retkahtaa ratketa sortua vetää koukku koukussa addikti sekaisin riippuvainen")
# Of oneself: the question is not a close one's, even when it names one.
OWN = _set("juon käytän pelaan poltan ryyppään dokaan vedän join käytin haluan olen itse omaan omasta jäin jouduin")

URGENT = _set(
    "viikonloppuisin lauantaisin sunnuntaisin yö öisin yöllinen yöaika heti pian kiire kiireellinen kiireesti akuutti päivystys päivystää hätä hätätilanne hätänumero"
    " ensiapu yliannostus myrkytys viikonloppu pyhä tajuton kouristella itsemurha itsetuhoinen"
    " jour jourhavande akut natt nödsituation överdos emergency urgent urgently overdose tonight night suicide suicidal immediately"
)
URGENT_PHRASES = (
    "juuri nyt", "nyt heti", "tänä yönä", "tänä iltana", "ei herää", "ei hengitä", "right now", "just nu", "en jaksa enää", "pakko saada apua", "apua nyt", "nyt apua", "apua heti",
    "tappaa itsensä", "tapan itseni", "haluan kuolla",
)  # fmt: skip

# A time is a habit, not a need for help now, after one of these or in one of these forms: *joka viikonloppu*, *yöt läpi*.
HABIT = _set("joka kaikki kaiket aina varje every alla")
TIMES = _set("yö viikonloppu ilta pyhä natt night weekend helg")
HABITUAL = _set("yöt yökaudet")

LANGUAGES = {
    **dict.fromkeys(["englanti", "englanniksi", "englanninkielinen", "english", "engelska", "engelskspråkig"], "en"),
    **dict.fromkeys(["ruotsi", "ruotsiksi", "ruotsinkielinen", "svenska", "swedish", "svenskspråkig"], "sv"),
    **dict.fromkeys(
        ["venäjä", "venäjäksi", "venäjänkielinen", "ryska", "russian", "русский", "русском", "русски", "помощь"], "ru"
    ),
    **dict.fromkeys(
        ["ukraina", "ukrainaksi", "ukrainankielinen", "ukrainska", "ukrainian", "українська", "українською"], "uk"
    ),
    **dict.fromkeys(
        ["arabia", "arabiaksi", "arabiankielinen", "arabiska", "arabic", "العربية", "عربي", "بالعربية"], "ar"
    ),
    **dict.fromkeys(["persia", "persiaksi", "farsi", "farsiksi", "dari", "persiska", "persian", "فارسی"], "fa"),
    **dict.fromkeys(["somali", "somaliksi", "somalinkielinen", "somaliska", "soomaali"], "so"),
    **dict.fromkeys(["viro", "viroksi", "vironkielinen", "eesti", "estniska", "estonian"], "et"),
    **dict.fromkeys(
        [
            "saame",
            "saameksi",
            "saamenkielinen",
            "pohjoissaame",
            "pohjoissaameksi",
            "samiska",
            "sámi",
            "davvisámegiella",
        ],
        "se",
    ),
}
SPOKEN = _set(
    "speak speaking spoken language tala talar talas talande puhuva kieltä kielellä kielinen-apu kieli kielinen språk language palvelu puhua puhuva på in"
)  # stands beside a language and adds nothing

# They say that help is wanted, not which: never asked for, and worth a little where they stand.
WEAK = _set(
    "apu auttaa tuki tukea palvelu paikka pääsy hakea hakeutua hakeminen hakeutuminen saada etsiä löytyä löytää neuvo ongelma"
    " asia ihminen henkilö mahdollisuus mahdollinen keskustella puhua jutella soittaa yhteys ottaa tieto alue lähin lähi"
    " hoitaa toiminta yksikkö kysyä kysymys toivoa halu haluta voida pystyä osata alkaa aloittaa jatkaa käydä jäädä tehdä"
    " help support service services need want get find hjälp stöd tjänst behöva vilja få hitta söka mer lisää hyvä paras uusi"
    " ilmainen-apu kaupunki kunta paikkakunta maksuton_apu meillä mun mulla oma joutua tuntua tietää sanoa luvata miettiä"
    " koukku koukussa hooked addicted jälkeinen aikainen liittyvä koskeva johtuva päivittäin"
    " kauan pitkä viime vuosi viikko päivä usein joskus enää vaan ihan nyt vapaa ilta aika kerta kohta taas edelleen vaikea"
    " jonottaa jonottaminen jono hinta kesto väkisin poikki auki avoinna aukiolo öppet open takia vuoksi koska aiheuttaa juttu elämä arki tilanne kohdata kertoa kuulua maksaa lupa kuukausi eilen tänään huomenna koko"
)

# What stands behind a number that is somebody's age.
AGES = _set("vuotias vuotiaat v år årig åring year years")

# Everyday words that are slang as well: they lead somewhere, but alone they prove nothing.
DOUBTFUL = _set(
    "puhelin ajokortti körkort pilvi kukka ruoho hepo heppa hera vauhti kola koka esso lakka gamma lappu happo sieni aine piikki konsoli meta keta nappi"
    " nappula alfa aines gräs pot full speed hash wax savu putki laitos tupa auto kerho osasto ohjaus koulutus verkko luento"
    " rahat raha lasku pian kama stuffi ryhmä pullo korkki viini olut laiva aineet pelaaja alakulo ruoka kahvi"
    " laina luottokortti youtube instagram snapchat tiktok discord twitch älypuhelin kännykkä bostad lägenhet"
    " apartment flat loan bill räkning mat meal food tyhjä työelämä työ työkokeilu workshop lehti sijoitus liima kortti"
    " senior hormoni stimulantti wine beer öl vin bensa ice"
)

# Kinds of services that one simply walks into.
WALK_IN = (
    "type=pop-up",
    "type=day-centre",
    "type=outreach",
    "type=health-counselling",
    "access=intoxicated-ok",
    "access=anonymous",
)

WALKING_IN = frozenset({"access=no-appointment", "access=anonymous", "access=intoxicated-ok", "access=low-threshold"})

# Parts of compounds that name a kind of place or work and nothing more.
GENERIC = _set(
    "asema keskus paikka yksikkö hoito työ toiminta palvelu aika ongelma klinikka poliklinikka ryhmä tuki apu neuvonta huolto"
    " kurssi koulu talo koti päivä yö kausi jakso käynti tapa väline keino asia ihminen tekijä työntekijä toimija hoitaja"
    " ohjaaja kunta seura alue osa raha nainen mies uusi vaihto haku tarve muoto laji ala kunto terveys asiantuntija"
)

# Last parts of compounds that say no more than where help is: *turvakotipaikka*, *missbruksvård*.
PLACES_OF_HELP = _set("paikka jono palvelu apu tuki pääsy yksikkö aikainen ongelma vaikeus asia lääke pilleri")
PLACES_OF_HELP_SWEDISH = _set(
    "terapi krets samtal vård grupp hjälp stöd mottagning problem rådgivning enhet klinik tjänst tjänster behandling center missbruk"
)

# Last parts of compounds that are of one kind, longest first: what one of them makes, the others make too.
KINDS = tuple(
    tuple(sorted(kind.split(), key=len, reverse=True))
    for kind in (
        "koti talo paikka asunto keskus asema yksikkö laitos piste tila tupa toimisto neuvola klinikka poliklinikka vastaanotto kioski maja",
        "ryhmä kerho piiri kokous kurssi palaveri tapaaminen ilta porukka yhteisö",
        "hoito terapia kuntoutus apu tuki palvelu palvelut neuvonta ohjaus työ toiminta jakso hoitojakso",
        "ongelma riippuvuus koukku addiktio kierre himo käyttö pulma vaikeus riippuvainen ongelmainen addikti",
        "puhelin linja numero chat neuvonta päivystys",
        "hoitaja sairaanhoitaja ohjaaja työntekijä lääkäri neuvoja terapeutti toimija henkilö vastaava asiantuntija",
        "majoitus maja paikka suoja sija asunto asuminen asunnot",
        "vaihto jako jakelu piste",
        "mies nainen äiti isä nuori lapsi perhe vanhempi",
    )
)

# What is near enough to be offered below, when little answers exactly.
RELATED = {
    "type=detox-ward": ("type=detox-outpatient", "type=withdrawal", "type=sobering-up"),
    "type=detox-outpatient": ("type=detox-ward", "type=withdrawal"),
    "type=withdrawal": ("type=detox-ward", "type=detox-outpatient"),
    "type=sobering-up": ("type=emergency", "type=detox-ward"),
    "type=opioid-substitution": ("addiction=opioids",),
    "type=health-counselling": ("addiction=opioids", "type=outreach"),
    "type=peer-group": ("type=peer-person",),
    "type=peer-person": ("type=peer-group",),
    "type=residential-rehab": ("type=outpatient-rehab",),
    "type=outpatient-rehab": ("type=residential-rehab",),
    "type=emergency": ("type=crisis", "type=sobering-up"),
    "type=crisis": ("type=emergency",),
    "type=housing": ("type=emergency",),
    "type=debt": ("audience=people-in-debt", "type=diaconia"),
    "type=diaconia": (),
    "type=gambling": ("addiction=gambling",),
    "type=gaming": ("addiction=gaming",),
    "type=tobacco": ("addiction=tobacco",),
    "type=close-ones": ("audience=close-ones",),
    "type=youth": ("audience=youth",),
    "type=family": ("audience=families",),
    "type=outreach": ("channel=outreach", "type=pop-up"),
    "type=pop-up": ("type=outreach",),
    "type=day-centre": ("type=work-activity",),
    "type=online-phone": ("channel=online", "channel=phone", "channel=chat"),
    "type=mental-health": ("type=crisis",),
    "type=experience-expert": ("type=peer-person",),
    "type=training": ("audience=professionals",),
    "type=consultation": ("audience=professionals",),
    "addiction=cannabis": ("addiction=drugs",),
    "addiction=opioids": ("addiction=drugs",),
    "access=low-threshold": ("access=no-referral", "access=no-appointment", "access=anonymous"),
}
