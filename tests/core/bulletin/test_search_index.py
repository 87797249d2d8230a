"""The files that the browser searches in."""

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.bulletin.model import AreaRef, Place
from haq.bulletin.search import search_files
from haq.bulletin.search.fold import fold
from haq.bulletin.search.index import FOLDER, LARGEST_SHARD, STATIONS, encode, in_order
from haq.bulletin.slugs import area_slug, slug_of
from haq.entries import Names

ZHAMBYL = AreaRef("region", "31", "31-region", Names(kk="Жамбыл облысы", ru="Жамбылская область"), "31")


def place(
    number: int | str,
    address: str = "",
    *,
    areas: tuple[AreaRef, ...] = (ZHAMBYL,),
    addresses: Names | None = None,
    prefix: str = "31/",
) -> Place:
    unit = f"{prefix}{number}"
    return Place(unit, slug_of(unit), str(number), Names(), addresses or Names(), "", address, areas)


def read(places: Sequence[Place]) -> dict[str, Any]:
    return {path.removeprefix(f"{FOLDER}/"): json.loads(text) for path, text in search_files(places)}


def decode(coded: Sequence[int]) -> list[int]:
    found: list[int] = []
    last = -1
    for step in coded:
        for _ in range(max(1, -step)):
            last += 1 if step < 0 else step
            found.append(last)
    return found


def stations_of(files: dict[str, Any], kind: str, token: str) -> list[str]:
    """Find the numbers of the stations that a token stands for, as the browser does."""
    manifest = files["manifest.json"]
    prefixes = manifest["words" if kind == "w" else "numbers"]
    prefix = next((token[:size] for size in (3, 2, 1) if len(token) >= size and token[:size] in prefixes), "")
    shards = range(-(-manifest["stations"] // STATIONS))
    shown = [station[0] for shard in shards for station in files[f"s-{shard}.json"]["stations"]]
    return [shown[index] for index in decode(files.get(f"{kind}-{prefix}.json", {}).get(token, []))]


@given(st.sets(st.integers(0, 300)))
def test_distances_are_read_back(stations: set[int]) -> None:
    assert decode(encode(sorted(stations))) == sorted(stations)


def test_a_whole_area_takes_two_numbers() -> None:
    assert encode(range(5, 5000)) == [6, -4994]


def test_a_station_is_found_by_every_language_number_and_area() -> None:
    files = read(
        [
            place("0012", addresses=Names(kk="Бейбітшілік көшесі, 3", ru="улица Мира, 3")),
            place("0013", "Абай көшесі, 12"),
        ]
    )
    for token in (*fold("Beibitshilik"), *fold("Мира"), "3"):
        assert stations_of(files, "w", token) == ["0012"], token
    assert stations_of(files, "n", "12") == ["0012"]
    assert stations_of(files, "w", "12") == ["0013"]
    assert stations_of(files, "w", *fold("Jambyl")) == ["0012", "0013"]


def test_a_number_of_several_parts_is_found_whole() -> None:
    files = read([place("31-0027"), place("27-0031"), place("AKM-5")])
    assert stations_of(files, "n", "31-27") == ["31-0027"]
    assert stations_of(files, "n", "akm-5") == ["AKM-5"]
    assert stations_of(files, "n", "27") == ["27-0031", "31-0027"]


def test_a_shard_shows_names_by_language_and_areas_once() -> None:
    oblast = AreaRef("region", "31", "31-region", Names(ru="Жамбылская область"), "31")
    district = AreaRef("district", "31/1", "31_1-district", Names(), "1")
    files = read(
        [
            place("2", "Абай", areas=(oblast, district)),
            place("1", addresses=Names(kk="Абай", en="Abay"), areas=(oblast, district)),
        ]
    )
    assert files["s-0.json"] == {
        "areas": [["region", "31", {"ru": "Жамбылская область"}, -1], ["district", "1", "", 0]],
        "stations": [
            ["1", slug_of("31/1"), 1, "", {"kk": "Абай", "en": "Abay"}],
            ["2", slug_of("31/2"), 1, "", "Абай"],
        ],
    }


@given(st.permutations([place(number, f"Көше {number % 3}, {number}") for number in range(30)]))
def test_the_order_of_the_stations_changes_no_byte(places: list[Place]) -> None:
    assert dict(search_files(places)) == dict(search_files(in_order(places)))


def test_hostile_texts_and_other_alphabets_stay_json_and_plain_file_names() -> None:
    places = [
        place("</script>", "東京 \u202e\"'\\ \ud800", areas=()),
        place("2", "../../etc", areas=()),
        place("", "", areas=(), prefix="only-key"),
    ]
    for path, text in search_files(places):
        assert path.startswith(f"{FOLDER}/") and path.removeprefix(f"{FOLDER}/").replace("-", "").isascii()
        assert not set(path.removeprefix(f"{FOLDER}/")) & set('/\\:*?"<>|')
        json.loads(text.decode("utf-8"))


def test_longer_words_are_listed_by_their_third_letter() -> None:
    texts = ("Бәйтерек көшесі, 12", "Мира, 東京東京東京", "Бейбітшілік")
    files = read([place(number, text) for number, text in enumerate(texts, 1)])
    assert "baiterek" in files["t-i.json"] and "baibicilik" in files["t-i.json"]
    assert files["manifest.json"]["thirds"] == ["i", "l", "m", "東"]
    assert files["t-x6771.json"] == ["東京東京東京"]
    # Whatever is listed has a shard.
    for tokens in (files["t-i.json"], files["t-m.json"]):
        assert all(stations_of(files, "w", token) for token in tokens)


def test_no_stations_make_an_index_all_the_same() -> None:
    assert read([]) == {
        "manifest.json": {
            "format": 1, "stations": 0, "shard": STATIONS, "words": [], "numbers": [], "thirds": [],
            "common": [],
        }
    }  # fmt: skip


def test_a_word_of_nearly_every_address_is_named_and_has_no_shard() -> None:
    # Every second station has it, so that no run makes it short.
    places = [place(number, "Şcoala" if number % 2 else "Liceul") for number in range(6000)]
    manifest = read(places)["manifest.json"]
    assert manifest["common"] == sorted({*fold("Şcoala"), *fold("Liceul")})


def test_a_large_shard_is_split_by_a_third_letter() -> None:
    letters = "бвгдзклмнпрст"
    places = [
        place(
            f"{number}",
            f"Ба{letters[number % 13]}а{letters[number // 13 % 13]}о{letters[number // 169 % 13]}",
        )
        for number in range(4000)
    ]
    files = dict(search_files(places))
    shards = [name.removeprefix(f"{FOLDER}/w-") for name in files if "/w-ba" in name]
    assert len(shards) == 13 and all(len(name) == len("bab.json") for name in shards)
    assert max(len(text) for path, text in files.items() if "/w-" in path) < LARGEST_SHARD


@pytest.mark.data
def test_real_addresses_stay_small(shared_data: Path) -> None:
    with gzip.open(
        shared_data / "stations" / "romanian-polling-stations.csv.gz", "rt", encoding="utf-8"
    ) as file:
        rows = list(csv.DictReader(file))
    counties = {
        row["County"]: AreaRef(
            "county", row["County"], area_slug("county", row["County"]), Names(), row["County"]
        )
        for row in rows
    }
    places = [
        place(row["Number"], row["Address"], areas=(counties[row["County"]],), prefix=f"{row['County']}/")
        for row in rows
    ]
    files = dict(search_files(places))
    assert len(places) == 18_794
    assert sum(map(len, files.values())) < 3_000_000
    assert max(map(len, files.values())) < 64_000
    assert len(files[f"{FOLDER}/manifest.json"]) < 4_000
    # ţ written in two ways, and without its mark, is one letter.
    assert fold("Libertăţii") == fold("Libertății") == fold("LIBERTATII")
    decoded = {path: json.loads(text) for path, text in files.items()}
    found = stations_of(
        {path.removeprefix(f"{FOLDER}/"): value for path, value in decoded.items()},
        "w",
        fold("Libertăţii")[0],
    )
    assert len(found) == sum(1 for row in rows if fold("Libertatii")[0] in fold(row["Address"]))
