"""The fixed words of pictures in Kazakh, Russian and English.

Phrases put numbers after a colon, so that no language needs plural forms.
"""

from __future__ import annotations

from typing import Literal

Language = Literal["kk", "ru", "en"]

WORDS: dict[str, dict[Language, str]] = {
    "counted.title": {
        "kk": "Көшірмелер және жарияланған нәтиже",
        "ru": "Копии и объявленный результат",
        "en": "Copies and declared result",
    },
    "counted.of": {
        "kk": "Хаттамалардың көшірмелері: {of} ішінен {n}. Осы учаскелерде:",
        "ru": "Копии протоколов: {n} из {of}. На этих участках:",
        "en": "Copies of {n} of {of} protocols. On these stations:",
    },
    "counted.copies": {"kk": "көшірмелер", "ru": "копии", "en": "copies"},
    "counted.declared": {"kk": "жарияланған", "ru": "объявлено", "en": "declared"},
    "counted.above": {
        "kk": "{d} көшірмелердегіден көп",
        "ru": "{d} объявлено больше, чем в копиях",
        "en": "{d} declared above the copies",
    },
    "counted.below": {
        "kk": "{d} көшірмелердегіден аз",
        "ru": "{d} объявлено меньше, чем в копиях",
        "en": "{d} declared below the copies",
    },
    "counted.same": {"kk": "{d} бірдей", "ru": "{d} совпадает", "en": "{d} same"},
    "counted.empty": {
        "kk": "Хаттамалардың көшірмелері: {of} ішінен 0. Салыстыратын ештеңе жоқ.",
        "ru": "Копии протоколов: 0 из {of}. Сравнивать нечего.",
        "en": "Copies of 0 of {of} protocols. There is nothing to compare.",
    },
    "turnout.title": {
        "kk": "Дауыс беруге қатысу және үлес: {leader}",
        "ru": "Явка и доля: {leader}",
        "en": "Turnout and share: {leader}",
    },
    "turnout.of": {
        "kk": "Суреттегі учаскелер: {of} ішінен {n}.",
        "ru": "На рисунке участков: {n} из {of}.",
        "en": "Stations drawn: {n} of {of}.",
    },
    "turnout.x": {
        "kk": "қатысу, тізімге енгізілгендердің %",
        "ru": "явка, % внесённых в список",
        "en": "turnout, % of registered voters",
    },
    "turnout.y": {
        "kk": "үлес, жарамды дауыстардың %",
        "ru": "доля, % действительных голосов",
        "en": "share, % of valid votes",
    },
    "turnout.over": {
        "kk": "Қатысу 100 %-дан жоғары: {n}.",
        "ru": "Явка выше 100 %: {n}.",
        "en": "Turnout above 100%: {n}.",
    },
    "turnout.over_share": {
        "kk": "Үлес 100 %-дан жоғары: {n}.",
        "ru": "Доля выше 100 %: {n}.",
        "en": "Share above 100%: {n}.",
    },
    "turnout.missing": {
        "kk": "Салынбады (сан жоқ, теріс немесе бөлімі нөл): {n}.",
        "ru": "Не нарисовано (числа нет, оно отрицательно или знаменатель ноль): {n}.",
        "en": "Not drawn (a figure is missing, negative, or a zero denominator): {n}.",
    },
    "turnout.cell": {
        "kk": "бір ұяшықтағы учаскелер",
        "ru": "участков в клетке",
        "en": "stations in a cell",
    },
    "turnout.most": {
        "kk": "Ең көп учаске ({n}) мына ұяшықта: қатысу {x} %, үлес {y} %.",
        "ru": "Больше всего участков ({n}) в клетке: явка {x} %, доля {y} %.",
        "en": "Most stations ({n}) stand in the cell: turnout {x}%, share {y}%.",
    },
    "turnout.limits": {
        "kk": "Сурет сұрақ қояды, бірақ өздігінен ештеңені дәлелдемейді.",
        "ru": "Рисунок ставит вопрос, но сам по себе ничего не доказывает.",
        "en": "The picture asks a question; by itself it proves nothing.",
    },
    "turnout.empty": {
        "kk": "Салуға болатын учаске жоқ.",
        "ru": "Нет участков, которые можно нарисовать.",
        "en": "There are no stations that can be drawn.",
    },
    "relations.title": {
        "kk": "Бұзылған бақылау арақатынастары",
        "ru": "Нарушенные контрольные соотношения",
        "en": "Broken control relations",
    },
    "relations.of": {
        "kk": "Әр жолда: тексерілген хаттамалардың ішінен нешеуі бұзылған.",
        "ru": "В каждой строке: сколько из проверенных протоколов его нарушают.",
        "en": "Each row: how many of the checked protocols break it.",
    },
    "relations.row": {
        "kk": "тексерілген {checked} ішінен {broken}; барлығы {of}",
        "ru": "{broken} из {checked} проверенных; всего {of}",
        "en": "{broken} of {checked} checked; {of} in all",
    },
    "relations.unchecked": {
        "kk": "тексерілмеді; барлығы {of}",
        "ru": "не проверено; всего {of}",
        "en": "not checked; {of} in all",
    },
    "relations.empty": {
        "kk": "Тексерілген арақатынас жоқ.",
        "ru": "Ни одно соотношение не проверено.",
        "en": "No relation was checked.",
    },
    "largest.title": {
        "kk": "Ең үлкен айырмалар",
        "ru": "Самые большие расхождения",
        "en": "Largest differences",
    },
    "largest.of": {
        "kk": "Айырмасы бар жолдар: {n}, салыстырылған учаскелер: {of}. Суретте ең үлкендері: {shown}.",
        "ru": "Строк с расхождением: {n}, сравнено участков: {of}. На рисунке самые большие: {shown}.",
        "en": "Lines that differ: {n}; stations compared: {of}. Drawn, the largest: {shown}.",
    },
    "largest.row": {
        "kk": "{d} (көшірмеде {copy}, жарияланған {official})",
        "ru": "{d} (в копии {copy}, объявлено {official})",
        "en": "{d} (copy {copy}, declared {official})",
    },
    "largest.same": {
        "kk": "Салыстырылған учаскелер: {of}. Айырма жоқ.",
        "ru": "Сравнено участков: {of}. Расхождений нет.",
        "en": "Stations compared: {of}. There are no differences.",
    },
    "largest.empty": {
        "kk": "Салыстырылған учаскелер: 0.",
        "ru": "Сравнено участков: 0.",
        "en": "Stations compared: 0.",
    },
}


def say(key: str, language: Language, **values: int | str) -> str:
    """Say a fixed phrase with its numbers written as the language writes them.

    Args:
        key: key of ``WORDS``.
        language: ``kk``, ``ru`` or ``en``.
        values: what stands in the braces; whole numbers get their thousands apart.

    Returns:
        The phrase.
    """
    texts = {
        name: number(value, language) if isinstance(value, int) else value for name, value in values.items()
    }
    # A percent sign never starts a line.
    return WORDS[key][language].format(**texts).replace(" %", "\u00a0%")


def number(value: int, language: Language) -> str:
    """Write a whole number: ``10 061`` in Kazakh and Russian, ``10,061`` in English."""
    text = f"{abs(value):,}"
    if language != "en":
        # Four digits stand together in Russian and Kazakh typesetting.
        text = text.replace(",", "\u00a0") if len(text) > 5 else text.replace(",", "")
    return f"\u2212{text}" if value < 0 else text


def signed(value: int, language: Language) -> str:
    """Write a difference with shape and sign: ``▲ +330``, ``▼ −140``, ``= 0``."""
    if value == 0:
        return "= 0"
    return f"▲ +{number(value, language)}" if value > 0 else f"▼ {number(value, language)}"
