"""``datapackage.json``: what every file is, so that programs can read it without asking."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from haq.bulletin.downloads.flat import GAPS
from haq.bulletin.model import Context, Download
from haq.entries import Names
from haq.law import Text
from haq.tables.harmless import harmless_headers

_TYPES: dict[object, str] = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Boolean: "boolean",
    pl.Date: "date",
}
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "toml": "application/toml",
    "zip": "application/zip",
}
#: Files that hold no table of the package's kind: under these words programs check their hashes and do not
#: try to read them as rows, which the common validator cannot do with Parquet and with mixed JSON lines.
_FORMATS = {"parquet": "apache-parquet", "jsonl": "text"}
#: What each kind of file is, in words for people; pages have their own sentences.
_TITLES = {
    "stations": Text(en="Polling stations", ru="Избирательные участки", kk="Сайлау учаскелері"),
    "areas": Text(en="Areas", ru="Территории", kk="Аумақтар"),
    "source": Text(en="Figures of a source", ru="Цифры источника", kk="Дереккөздегі сандар"),
    "gaps": Text(
        en="Figures that could not be read or were read in two ways",
        ru="Цифры, которые не удалось прочесть или прочли по-разному",
        kk="Оқылмаған немесе екі түрлі оқылған сандар",
    ),
    "findings": Text(
        en="Findings",
        ru="Расхождения, требующие объяснения",
        kk="Түсіндіруді қажет ететін сәйкессіздіктер",
    ),
    "differences": Text(
        en="Declared minus copy, line by line",
        ru="Объявлено минус копия, по строкам",
        kk="Жарияланған сан мен көшірме арасындағы айырма, жолма-жол",
    ),
    "totals": Text(en="Totals", ru="Итоги", kk="Қорытындылар"),
    "replies": Text(en="Replies of commissions", ru="Ответы комиссий", kk="Комиссиялардың жауаптары"),
    "nist": Text(
        en="Results in the common data format of NIST SP 1500-100",
        ru="Результаты в общем формате NIST SP 1500-100",
        kk="Нәтижелер NIST SP 1500-100 ортақ пішімінде",
    ),
    "check": Text(
        en="A folder that haq check reads as it is",
        ru="Папка, которую haq check читает как есть",
        kk="haq check тікелей оқитын қалта",
    ),
    "entries": Text(
        en="All published entries", ru="Все опубликованные записи", kk="Барлық жарияланған жазбалар"
    ),
    "law": Text(en="Law profile", ru="Правила этих выборов", kk="Осы сайлаудың ережелері"),
}


@dataclass(frozen=True)
class Described:
    """A file of the package.

    Attributes:
        download: the file.
        frame: the table in it, or one with the same columns; None for other files.
        source: key of the source whose figures it holds; empty otherwise.
        title: key of its words where they are not those of ``download.what``.
    """

    download: Download
    frame: pl.DataFrame | None = None
    source: str = ""
    title: str = ""


def package_of(context: Context, files: Iterable[Described]) -> bytes:
    """Describe the downloads as a Frictionless data package.

    Args:
        context: the election.
        files: what is in the package.

    Returns:
        ``datapackage.json`` as bytes. Paths are relative to the folder ``data``. There is no licence: the
        publisher of the site gives one, haq cannot.

    Source: Data Package 2.0, datapackage.org; tabular resources carry the words of version 1 too, so that
        tools of both read them.
    """
    election = context.election
    names = _Names(context)
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "profile": "data-package",
        "name": election.election,
        "title": _best(_spoken(election.title)) or election.election,
        "titles": _spoken(election.title),
        "description": (
            "What has been published of this election: every table with its hash. In CSV files an empty "
            "cell is one of the source, 'unreadable' could not be read, 'different' was read in two "
            "ways, and a text that a spreadsheet would run as a formula has an apostrophe in front. Parquet "
            "files are exact."
        ),
        "sources": [
            {"title": s.file, "name": s.key, "hash": f"sha256:{s.sha256}"}
            for s in sorted(election.sources, key=lambda s: s.key)
        ],
        "resources": [_resource(file, names) for file in files],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


class _Names:
    """Words for columns: lines and levels from the law profile, choices from the election."""

    def __init__(self, context: Context) -> None:
        self.sources = {source.key: source for source in context.election.sources}
        self.organisations = {o.key: _spoken(o.name) for o in context.election.organisations}
        self.levels = {level.key: _spoken(level.name) for level in context.profile.levels}
        self.lines = {
            level.key: {line.key: _spoken(line.name) for line in context.profile.form(level.key).lines}
            for level in context.profile.levels
        }
        self.choices = {
            rules.key: {choice.key: _spoken(choice.name) for choice in rules.choices}
            for rules in context.election.contests
        }

    def columns(self, source: str) -> Mapping[str, Mapping[str, str]]:
        """Give the words for the columns of a table."""
        if source not in self.sources:
            return self.levels
        of = self.sources[source]
        return self.levels | self.lines.get(of.level, {}) | self.choices.get(of.contest or "", {})


def _spoken(names: Names | Text) -> dict[str, str]:
    return {code: text for code in ("kk", "ru", "en") if (text := getattr(names, code))}


def _best(names: Mapping[str, str]) -> str:
    return next((names[code] for code in ("en", "ru", "kk") if code in names), "")


def _resource(file: Described, names: _Names) -> dict[str, Any]:
    download = file.download
    path = download.path.removeprefix("data/")
    ending = path.rpartition(".")[2]
    titles = _spoken(_TITLES[file.title or download.what])
    if file.source:
        titles = {code: f"{text}: {file.source}" for code, text in titles.items()}
    resource: dict[str, Any] = {
        "name": path.replace("/", "-").lower(),
        "path": path,
        "title": titles["en"],
        "titles": titles,
        "format": _FORMATS.get(ending, ending),
        "mediatype": _MEDIA[ending],
        "bytes": download.bytes,
        "hash": f"sha256:{download.sha256}",
    }
    if file.frame is not None and ending == "csv":
        resource |= {
            "type": "table",
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "schema": {
                "fields": _fields(file.frame, names.columns(file.source)),
                "missingValues": ["", *(GAPS if file.source else ())],
            },
        }
    return resource


def _fields(frame: pl.DataFrame, words: Mapping[str, Mapping[str, str]]) -> Sequence[dict[str, Any]]:
    fields = []
    headers = harmless_headers(frame.columns)
    for name, kind in frame.schema.items():
        field: dict[str, Any] = {"name": headers[name], "type": _TYPES.get(kind.base_type(), "string")}
        if spoken := words.get(name):
            field |= {"title": _best(spoken), "titles": spoken}
        fields.append(field)
    return fields
