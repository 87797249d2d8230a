"""Bytes to text: the encoding of a CSV file, recognised by its letters."""

from __future__ import annotations

import codecs
import itertools
import math
import re

from haq.errors import TableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_KAZAKH = _RUSSIAN + "әғқңөұүһі"
_WESTERN = "áéíóúñüàèìòùâêîôûäëïöçãõåæøß"
_TURKISH = "çğıöşüâîûİ"
# Candidates in the order of preference: of two that give the same text the first is named.
_CANDIDATES: tuple[tuple[str, str], ...] = (
    ("cp1251", _RUSSIAN),
    ("kz1048", _KAZAKH),
    ("koi8_r", _RUSSIAN),
    ("cp866", _RUSSIAN),
    ("iso8859_5", _RUSSIAN),
    ("mac_cyrillic", _RUSSIAN),
    ("cp1252", _WESTERN),
    ("cp1254", _TURKISH),
    ("iso8859_1", _WESTERN),
    ("iso8859_9", _TURKISH),
)
_MARKS = set("«»№–—“”„‘’…°ºª·§€£©®\u00a0\u2009\u202f¿¡")
_MARK_IN_WORD = re.compile(r"(?<=[^\W\d_])[«»№–—“”„…°ºª·§€£©®¿¡](?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# Letters of Russian per thousand, roughly; a Kazakh letter counts as a middling one.
_PER_MILLE = {
    letter: share
    for letters, share in (
        ("о", 110),
        ("еа", 82),
        ("инт", 68),
        ("срвл", 48),
        ("кмдпу", 30),
        ("яыьгзб", 18),
        ("чйхж", 11),
        ("шюцщэфъё", 4),
    )
    for letter in letters
}
# Logarithm of how much commoner a letter is than the average one.
_LOG_FREQUENCY = {letter: math.log(_PER_MILLE.get(letter, 20) * 33 / 1000) for letter in _KAZAKH}
_COMMON_ENCODINGS = "utf-8, utf-16, cp1251, kz1048, koi8_r, cp1252, cp1254"
# Seldom met: they must fit clearly better than the others.
_SELDOM = {"mac_cyrillic": 0.03, "iso8859_5": 0.03}
# Share of unlikely characters that a text may have and still be believed.
_DOUBT = 0.1


def _unusual(text: str, alphabet: str) -> float:
    """Return how far rare Cyrillic letters stand where common ones should.

    Capitals of one encoding are small letters of another: only their frequency tells.
    """
    letters = [letter for letter in text.lower() if letter in _LOG_FREQUENCY]
    if alphabet not in (_RUSSIAN, _KAZAKH) or len(letters) < 6:
        return 0.0
    usual = sum(_LOG_FREQUENCY[letter] for letter in letters) / len(letters)
    return 0.5 * max(0.0, 0.1 - usual)


def _unlikely(text: str, alphabet: str) -> float:
    """Return the share of the characters beyond ASCII that the alphabet does not explain."""
    letters = set(alphabet) | set(alphabet.upper())
    beyond = [char for char in text if char > "\x7f"]
    if not beyond:
        return 0.0
    # A mark says little for an encoding and little against it.
    wrong = sum(0.05 if char in _MARKS else 1.0 for char in beyond if char not in letters)
    wrong += len(_MARK_IN_WORD.findall(text))
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        count = sum(char > "\x7f" for char in word)
        mixed = bool(_CYRILLIC.search(word) and _LATIN.search(word))
        # KOI8 read as Windows-1251 swaps the case: «мОСКВА».
        swapped = len(word) > 2 and any(
            before.islower() and after.isupper() for before, after in itertools.pairwise(word)
        )
        # Cyrillic read as Latin: «ÓÈÊ». No Latin word is mostly accents.
        accented = alphabet in (_WESTERN, _TURKISH) and len(word) > 2 and 2 * count > len(word)
        if mixed or swapped or accented:
            wrong += count
    return wrong / len(beyond)


def _sample(data: bytes, limit: int = 40_000) -> bytes:
    """Return the lines that hold bytes beyond ASCII, up to a limit: only they tell."""
    kept: list[bytes] = []
    size = 0
    for line in data.splitlines():
        if not line.isascii():
            kept.append(line[:2_000])
            size += len(kept[-1])
            if size > limit:
                break
    return b"\n".join(kept)


def _by_letters(file: str, data: bytes) -> str:
    sample = _sample(data)
    scored: list[tuple[float, int, str, str]] = []
    for rank, (encoding, alphabet) in enumerate(_CANDIDATES):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        unlikely = _unlikely(text, alphabet)
        if unlikely <= _DOUBT:
            score = unlikely + _unusual(text, alphabet) + _SELDOM.get(encoding, 0.0)
            scored.append((score, rank, encoding, text))
    scored.sort()
    if not scored:
        raise TableError(
            f"{file}: the encoding of the text is not one that haq recognises; "
            'save the file as UTF-8, or name its encoding (encoding = "cp1251", for example)'
        )
    best, _, encoding, text = scored[0]
    rivals = [other for score, _, other, read in scored[1:] if score <= best + 0.02 and read != text]
    if rivals:
        raise TableError(
            f"{file}: the text could be {encoding} or {rivals[0]}, and haq does not guess; "
            f'name its encoding (encoding = "{encoding}", for example) or save the file as UTF-8'
        )
    return encoding


def _utf16(data: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark, told by where the zero bytes stand."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    # Separators, digits and line ends are ASCII in every language.
    if odd > 0.1 * half and even <= 0.02 * half:
        order = "utf-16-le"
    elif even > 0.1 * half and odd <= 0.02 * half:
        order = "utf-16-be"
    else:
        return None
    text = sample[: 2 * half].decode(order, "replace")
    strange = sum(char > "\u2fff" or (char < " " and char not in "\t\r\n") for char in text)
    return order if strange <= 0.02 * len(text) else None


def recognise(file: str, data: bytes) -> str:
    """Tell the encoding of a text.

    Args:
        file: name for messages.
        data: the whole file.

    Returns:
        the name of a Python codec that reads all of it.

    Raises:
        TableError: nothing fits, or two encodings fit and read different letters.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if b"\0" in data[:4096]:
        order = _utf16(data)
        if order is None:
            raise TableError(f"{file}: zero bytes among the text, so this is no CSV file; fetch it again")
        return order
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_letters(file, data)
    return "utf-8"


def decode(file: str, data: bytes, encoding: str) -> str:
    """Read bytes as text, strictly.

    Args:
        file: name for messages.
        data: the whole file.
        encoding: a text encoding known to Python.

    Returns:
        the text without a byte order mark.

    Raises:
        TableError: the encoding is unknown or does not fit.
    """
    try:
        text = data.decode(encoding)
        text.encode("utf-8")
    except LookupError:
        raise TableError(
            f"{file}: there is no text encoding {encoding!r}; common ones are {_COMMON_ENCODINGS}"
        ) from None
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"{file}: not valid {encoding} in line {row} (byte {error.start}: "
            f"0x{data[error.start : error.start + 1].hex()}); save the file as UTF-8 or name its encoding"
        ) from None
    except UnicodeError as error:
        raise TableError(f"{file}: not valid {encoding} ({error}); name its encoding") from None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise TableError(f"{file}: a zero byte in line {row}, so the file is damaged; fetch it again")
    return text.removeprefix("\ufeff")
