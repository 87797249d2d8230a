"""One coarse Latin spelling for Kazakh, Russian and the several ways people write them in Latin letters.

``Жамбыл``, ``Jambyl``, ``Zhambyl`` and ``Jambıl`` become the same token, so that what a visitor types
meets what the address of a station says. ``frontend/bulletin/fold.ts`` does the same in the browser:
both run one table of examples, and a test compares them on random texts. Change both together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in pairs.split())


#: A letter with its mark -> how it sounds; read before all other marks are dropped.
_MARKED = _table(
    "s\u0327:sh s\u0326:sh s\u030c:sh s\u0301:sh c\u0327:ch c\u030c:ch c\u0301:ch z\u030c:zh z\u0307:zh "
    "j\u030c:zh y\u0301:u"
)

#: A letter of another alphabet, or an unusual Latin one -> Latin letters.
_LETTERS = _table(
    "а:a ә:a б:b в:v г:g ғ:g ґ:g д:d е:e є:e ж:zh җ:zh з:z ҙ:z и:i і:i ы:i к:k қ:k ҡ:k л:l м:m н:n ң:n "
    "о:o ө:o п:p р:r с:s ҫ:s т:t у:u ұ:u ү:u ф:f х:h һ:h ҳ:h ц:ts ч:ch ҷ:ch ш:sh щ:sh ъ: ь: э:e ю:iu "
    "я:ia ა:a ბ:b გ:g დ:d ე:e ვ:v ზ:z თ:t ი:i კ:k ლ:l მ:m ნ:n ო:o პ:p ჟ:zh რ:r ს:s ტ:t უ:u ფ:p ქ:k ღ:g ყ:k "
    "შ:sh ჩ:ch ც:ts ძ:dz წ:ts ჭ:ch ხ:h ჯ:zh ჰ:h "
    "ı:i ə:a ł:l ø:o đ:d ß:s æ:e œ:e þ:t ð:d ŋ:n ħ:h q:k x:ks y:i"
)

#: Letters -> the sound that they stand for, one after the other over the whole word.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        # Kazakh in Latin letters writes the у of Наурыз as w.
        ("([aeiou])w", r"\1u"),
        ("w", "v"),
        # й in the endings of Достоевский and Советская; ж everywhere else.
        ("ij$", "i"),
        ("aja$", "aia"),
        ("ck", "k"),
        ("gh", "g"),
        ("kh", "h"),
        ("t?(?:sch|sh|ch)", "C"),
        ("c", "ts"),
        # One letter for ш, щ and ч: Шымкент was Чимкент.
        ("C", "c"),
        ("d?(?:zh|j)", "j"),
        ("ng", "n"),
        ("i+[eo]", "e"),
        (r"(.)\1+", r"\1"),
        # Бәйтерек is written Байтерек, Бейтерек and Beyterek.
        ("ei", "ai"),
    )
)

_VOWELS = "aeiou"
_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u2032]")

#: Words that say what kind of thing an address is part of, and never which one.
_STOP = (
    "улица ул көше көшесі көш street str st проспект просп пр даңғыл даңғылы avenue ave переулок пер "
    "тұйық тұйығы lane шоссе road rd бульвар бул boulevard blvd площадь алаң алаңы square дом үй үйі house "
    "здание ғимарат ғимараты building номер нөмірі number no nr имени им атындағы named учаске учаскесі "
    "участок участка station polling избирательный уик"
)

#: Words that mean the same in an address, a group a line; the first stands for all.
_SAME = (
    "мектеп мектебі школа школы school",
    "балабақша балабақшасы детсад бөбекжай kindergarten",
    "аурухана ауруханасы больница hospital",
    "емхана емханасы поликлиника clinic polyclinic",
    "кітапхана кітапханасы библиотека library",
    "университет университеті university",
    "колледж колледжі college",
    "гимназия гимназиясы gymnasium",
    "лицей лицейі lyceum",
    "мәдениет культуры culture",
    "клуб клубы club",
    "мкр мкрн микрорайон шағын ықшамаудан ықшамауданы microdistrict",
    "облыс облысы область области обл oblast region",
    "аудан ауданы район района district",
    "қала қаласы город города гор city town",
    "ауыл ауылы село села посёлок поселка кент кенті village",
)


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Spell one word by its sounds.

    Args:
        word: letters of any alphabet, in any case; marks and apostrophes may be among them.

    Returns:
        Small letters. Those of Cyrillic, Georgian and Latin become a to z; letters of other alphabets
        stay as they are. Sounds that the spellings mix are one letter: ``c`` for ш, щ, ч; ``j`` for ж;
        ``h`` for х, һ; ``k`` for к, қ; ``i`` for и, й, і, ы; ``u`` for у, ұ, ү; ``e`` for е, ё, э; and
        ``ai`` for ай, әй, ей, эй.
    """
    letters = unicodedata.normalize("NFD", word.lower())
    letters = _APOSTROPHES.sub("", letters)
    for marked, sound in _MARKED.items():
        letters = letters.replace(marked, sound)
    bare = "".join(_LETTERS.get(one, one) for one in letters if not "\u0300" <= one <= "\u036f")
    for pattern, sound in _SOUNDS:
        bare = pattern.sub(sound, bare)
    return bare


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Spell one word by its sounds and without the vowels of its ending.

    Endings change with the language and the case (Қарағанды, Караганда; Абай, улица Абая), the word
    does not. Words of fewer than six letters keep theirs, and four letters always stay.
    """
    spelt = skeleton(word)
    if len(spelt) >= 6:
        short = spelt.rstrip(_VOWELS)
        # The street of Достоевский is улица Достоевского.
        short = short.removesuffix("og") if short.endswith("skog") else short
        return short if len(short) >= 4 else spelt[:4]
    return spelt[:-1] if len(spelt) == 5 and spelt.endswith("ia") else spelt


def words(text: str) -> list[str]:
    """Cut a text into its words and numbers, as they are written: ``12а`` is ``12`` and ``а``."""
    found: list[str] = []
    kind = ""
    for one in unicodedata.normalize("NFC", text):
        category = "9" if "0" <= one <= "9" else _kind(one)
        if not category:
            kind = ""
        elif category == "'":
            if kind == "a":
                found[-1] += one
            else:
                kind = ""
        elif category == kind:
            found[-1] += one
        else:
            found.append(one)
            kind = category
    return found


def _kind(one: str) -> str:
    if _APOSTROPHES.match(one):
        return "'"
    return "a" if unicodedata.category(one)[0] in "LM" else ""


def fold(text: str) -> tuple[str, ...]:
    """Turn a text into the tokens that it is found by.

    Args:
        text: an address, a name, a number, or what a visitor typed.

    Returns:
        Tokens in the order of the text. Numbers lose leading zeros; words are spelt by ``stem``; words
        for street, house and the like are left out, and words that mean the same are one.
    """
    tokens: list[str] = []
    for word in words(text):
        token = (word.lstrip("0") or "0") if "0" <= word[0] <= "9" else stem(word)
        if token and token not in STOP:
            tokens.append(SAME.get(token, token))
    return tuple(tokens)


#: Tokens that ``fold`` leaves out.
STOP = frozenset(stem(word) for word in _STOP.split())
#: Token -> the token that stands for all of its group.
SAME = {stem(word): stem(group.split()[0]) for group in _SAME for word in group.split()}
#: Tokens that narrow a search only where that leaves something: they name a kind of place.
WEAK = frozenset(SAME.values())
