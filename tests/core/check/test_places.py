"""What stands beside the figures: areas with outlines, names by language, photographs, replies."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from haq.check import document, load_election
from haq.check.evidence import NAMED
from haq.check.publication import entries_of
from haq.entries import AreaEntry, CopyEntry, ElectionEntry, Names, ReplyEntry, StationEntry
from haq.errors import InputError

Row = dict[str, object]
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def geojson(*ids: object) -> str:
    features = [{"type": "Feature", "id": key, "properties": {}, "geometry": SQUARE} for key in ids]
    return json.dumps({"type": "FeatureCollection", "features": features})


def of_kind(village, kind: type):  # type: ignore[no-untyped-def]
    return [entry for entry in entries_of(village.check()) if isinstance(entry, kind)]


def test_areas_have_names_parents_and_outlines(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3, district="d1"), honest("2", 1, 2, 3, district="d2")])
    rows = [
        {"district": "d1", "region": "r1", "name_kk": "Бірінші", "name_ru": "Первый"},
        {"district": "d2", "region": "r1", "name_kk": "", "name_ru": "Второй"},
        {"district": "d3", "region": "", "name_kk": "", "name_ru": ""},
    ]
    village.add("districts", rows, kind="areas", level="district", shapes="d.geojson")
    (village.folder / "d.geojson").write_text(geojson("d1", "d3"), "utf-8")
    shape = sha256((village.folder / "d.geojson").read_bytes()).hexdigest()
    assert of_kind(village, AreaEntry) == [
        AreaEntry(
            election="village",
            level="district",
            area="d1",
            areas={"region": "r1"},
            names=Names(kk="Бірінші", ru="Первый"),
            shape=shape,
        ),
        AreaEntry(
            election="village",
            level="district",
            area="d2",
            areas={"region": "r1"},
            names=Names(ru="Второй"),
        ),
        AreaEntry(election="village", level="district", area="d3", shape=shape),
    ]
    assert "districts.csv: d.geojson: 1 of 3 areas have no outline ('d2')" in village.check().notes


def test_a_list_of_areas_is_no_protocol(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3, district="d1")])
    before = document(village.check(), verbose=True)["contests"]
    village.add("regions", [{"region": "r1", "name_en": "One"}], kind="areas", level="region")
    village.add("answers", [{"station": "1", "reply": "no"}], kind="replies")
    after = document(village.check(), verbose=True)
    assert after["contests"] == before
    assert after["rows"]["regions.csv"]["accepted"] == after["rows"]["answers.csv"]["accepted"] == 1


def test_a_list_of_areas_says_where_a_summary_belongs(village, honest: Callable[..., Row]) -> None:
    def summary(**keys: str) -> Row:
        return {**keys, **{k: v for k, v in honest("", 5, 6, 7).items() if k != "station"}}

    village.add("declared", [honest("1", 5, 6, 7, district="d1")])
    village.add("districts", [summary(district="d1")], level="district")
    village.add("regions", [summary(region="r1")], level="region")
    assert any("which region a district belongs to" in note for note in village.check().notes)
    village.add("tree", [{"district": "d1", "region": "r1"}], kind="areas", level="district")
    report = village.check()
    assert not any("which region" in note for note in report.notes)
    assert [(r.roll.level, r.roll.areas, r.roll.broken) for r in report.contests["lists"].rolls] == [
        ("district", 1, 0),
        ("region", 1, 0),
    ]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (geojson("r1", "r9", "r8"), "2 features belong to no listed area ('r8', 'r9'): they are not used"),
        (geojson("r1", "r1"), "1 areas have several features ('r1')"),
        (geojson("r1", 5), "feature 2 has no text as its id: it is not used; add the area's key"),
        (
            json.dumps({"type": "FeatureCollection", "features": [{"id": "r1"}, 7]}),
            "feature 1 has no geometry: it is not used",
        ),
        (geojson(), "1 of 1 areas have no outline ('r1')"),
    ],
)
def test_outlines_that_do_not_fit_are_noted(
    village, honest: Callable[..., Row], text: str, note: str
) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    village.add("regions", [{"region": "r1"}], kind="areas", level="region", shapes="r.geojson")
    (village.folder / "r.geojson").write_text(text, "utf-8")
    assert f"regions.csv: r.geojson: {note}" in village.check().notes
    shaped = [entry.area for entry in of_kind(village, AreaEntry) if entry.shape]
    assert shaped == (["r1"] if '"id": "r1", "properties"' in text else [])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "is no GeoJSON"),
        (b"\xff", "is no GeoJSON"),
        (b"[" * 100_000, "is no GeoJSON"),
        (b"[]", "is no FeatureCollection; save the outlines as one"),
        (b'{"type": "Feature", "features": []}', "is no FeatureCollection"),
        (b'{"type": "FeatureCollection"}', "is no FeatureCollection"),
        (None, r"sources.regions.shapes: .* is not there"),
    ],
)
def test_a_file_without_outlines_is_refused_in_one_line(
    village, honest: Callable[..., Row], data: bytes | None, reason: str
) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    village.add("regions", [{"region": "r1"}], kind="areas", level="region", shapes="r.geojson")
    if data is not None:
        (village.folder / "r.geojson").write_bytes(data)
    with pytest.raises(InputError, match=reason) as caught:
        village.check()
    assert "\n" not in str(caught.value)


def test_stations_have_names_and_addresses_by_language(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3, name="№ 1 school"), honest("2", 1, 2, 3, name="")])
    rows = [{"station": "1", "name_kk": "№ 1 мектеп", "address_kk": "Абай к-сі", "address_en": "Abai St"}]
    village.add("places", rows, kind="stations")
    first, second = of_kind(village, StationEntry)
    assert first == StationEntry(
        election="village",
        station="1",
        name="№ 1 school",
        registered=58,
        names=Names(kk="№ 1 мектеп"),
        addresses=Names(kk="Абай к-сі", en="Abai St"),
    )
    assert (second.names, second.addresses, second.name) == (None, None, None)


def test_a_copy_names_its_photographs_by_hash(village, honest: Callable[..., Row], picture) -> None:
    folder: Path = village.folder / "p"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(picture(1))
    (folder / "b.png").write_bytes(picture(2))
    # The same picture with a note of the camera is the same once the note is gone.
    (folder / "again.jpg").write_bytes(picture(1, note=b"where"))
    village.add("declared", [honest("1", 1, 2, 3), honest("2", 1, 2, 3)])
    rows = [
        honest("1", 1, 2, 3, photo="p/a.jpg; p\\b.png;;p/again.jpg"),
        honest("2", 1, 2, 3, photo=""),
    ]
    village.add("seen", rows, kind="copies", organisation="citizens")
    first, second = of_kind(village, CopyEntry)
    assert first.files == (sha256(picture(1)).hexdigest(), sha256(picture(2)).hexdigest())
    assert second.files == ()
    assert not [note for note in village.check().notes if "photo" in note]


def test_a_photograph_that_cannot_be_used_is_noted_and_nothing_else_is_lost(
    village, honest: Callable[..., Row], picture, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.jpg"
    outside.write_bytes(b"x")
    (village.folder / "here.jpg").write_bytes(picture(1))
    (village.folder / "link.jpg").symlink_to(outside)
    village.add("declared", [honest(str(n), 1, 2, 3) for n in range(1, 8)])
    photos = [
        "gone.jpg;here.jpg",
        f"../{outside.parent.name}/x.jpg",
        str(outside),
        "link.jpg",
        "n" * 300,
        ".",
        "",
    ]
    rows = [honest(str(n), 1, 2, 4, photo=photo) for n, photo in enumerate(photos, 1)]
    village.add("seen", rows, kind="copies", organisation="citizens")
    report = village.check()
    notes = [note for note in report.notes if "photo" in note]
    assert notes[0] == (
        "seen.csv: row 2: the photo 'gone.jpg' is not in the data folder; add the file or correct the name"
    )
    assert [note.split(": ")[1] for note in notes] == [f"row {n}" for n in range(2, 8)]
    assert [("leads out" in note) for note in notes] == [False, True, True, True, False, False]
    assert [len(copy.files) for copy in of_kind(village, CopyEntry)] == [1, 0, 0, 0, 0, 0, 0]
    assert report.contests["lists"].copies["seen"].comparison.matched == 7


def test_of_a_thousand_missing_photographs_the_first_are_named(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    rows = [honest("1", 1, 2, 3, photo=f"{n}.jpg") for n in range(NAMED + 5)]
    village.add("seen", rows, kind="copies", organisation="citizens")
    notes = [note for note in village.check().notes if "photo" in note]
    assert len(notes) == NAMED + 1
    assert notes[-1] == "seen.csv: 5 more photos cannot be used"


def test_replies_are_entries(village, honest: Callable[..., Row], picture) -> None:
    (village.folder / "letter.png").write_bytes(picture(1))
    village.add("declared", [honest("1", 1, 2, 3), honest("2", 1, 2, 3)])
    rows = [
        {
            "station": "1",
            "reply": "қате",
            "date": "2021-01-12",
            "reply_language": "KK",
            "photo": "letter.png",
        },
        {"station": "1", "reply": "и ещё", "date": "13.01.2021", "reply_language": "ru", "photo": ""},
        {"station": "2", "reply": "bad", "date": "soon", "reply_language": "de", "photo": ""},
        {"station": "2", "reply": "", "date": "", "reply_language": "", "photo": ""},
        {"station": "77", "reply": "where?", "date": "", "reply_language": "", "photo": ""},
    ]
    village.add("answers", rows, kind="replies")
    replies = of_kind(village, ReplyEntry)
    assert [(r.unit, r.text, r.date, r.language, len(r.files)) for r in replies] == [
        ("1", "қате", date(2021, 1, 12), "kk", 1),
        ("1", "и ещё", date(2021, 1, 13), "ru", 0),
        ("2", "bad", None, None, 0),
        ("77", "where?", None, None, 0),
    ]
    assert {(r.contest, r.level) for r in replies} == {("lists", "station")}
    report = village.check()
    assert [note for note in report.notes if note.startswith("answers.csv")] == [
        "answers.csv: row 4: the date 'soon' is not a day such as 2021-01-25: read as not known",
        "answers.csv: row 4: the reply_language 'de' is not one of kk, ru, en: read as not known",
        "answers.csv: row 6: no other file knows station '77': correct the key",
    ]
    assert document(report)["rows"]["answers.csv"]["empty_cells"] == 1


def test_a_reply_can_be_about_an_area(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3, district="d1")])
    village.add("tree", [{"district": "d1"}], kind="areas", level="district")
    village.add("answers", [{"district": "d1", "reply": "yes"}], kind="replies", level="district")
    (reply,) = of_kind(village, ReplyEntry)
    assert (reply.level, reply.unit) == ("district", "d1")
    assert not [note for note in village.check().notes if "answers" in note]


def test_the_election_says_what_it_covers_and_whether_it_is_made_up(
    village, honest: Callable[..., Row]
) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    (whole,) = of_kind(village, ElectionEntry)
    assert (whole.contests[0].covers, whole.synthetic) == ("whole", None)
    village.head = village.head.replace(
        "[contests.lists.choices]", "[contests.lists]\ncovers = 'part'\n\n[contests.lists.choices]"
    )
    village.head = village.head.replace('law = "kz', 'synthetic = "made.toml"\nlaw = "kz')
    (part,) = of_kind(village, ElectionEntry)
    assert (part.contests[0].covers, part.synthetic) == ("part", True)


@pytest.mark.parametrize(
    ("kind", "more", "columns", "reason"),
    [
        ("areas", {}, ["station"], "a level above station: give level"),
        ("areas", {"level": "region", "organisation": "citizens"}, ["region"], "areas has no organisation"),
        (
            "areas",
            {"level": "region", "contest": "lists"},
            ["region"],
            "areas has no organisation and no contest",
        ),
        ("areas", {"level": "centre"}, ["name_kk"], "columns.centre: is missing; which column holds the key"),
        ("areas", {"level": "region"}, ["region", "address_kk"], "no field 'address_kk'; known are"),
        ("replies", {}, ["station"], "columns.reply: is missing"),
        ("replies", {"organisation": "citizens"}, ["station", "reply"], "come from commissions; remove"),
        ("replies", {}, ["station", "reply", "alpha"], "no field 'alpha'"),
        ("replies", {"contest": "mayor"}, ["station", "reply"], "no contest 'mayor'"),
        ("official", {"version": 2}, ["station", "alpha", "photo"], "no field 'photo'"),
        ("stations", {"shapes": "y"}, ["station"], "outlines belong to a source of kind areas"),
        ("letters", {}, ["station"], "kind: Input should be"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused(
    village, honest: Callable[..., Row], kind: str, more: Row, columns: list[str], reason: str
) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    village.add("x", [dict.fromkeys(columns, "1")], kind=kind, **more)
    with pytest.raises(InputError, match=reason) as caught:
        load_election(village.write())
    assert "\n" not in str(caught.value)


def test_two_lists_of_one_level_are_refused(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    for key in ("one", "two"):
        village.add(key, [{"region": "r1"}], kind="areas", level="region")
    with pytest.raises(InputError, match=r"sources.one and sources.two both list the areas of level region"):
        load_election(village.write())


def test_outlines_outside_of_the_folder_are_refused(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    village.add("regions", [{"region": "r1"}], kind="areas", level="region", shapes="../r.geojson")
    with pytest.raises(InputError, match=r"sources.regions.shapes: .* leads out of the data folder"):
        village.check()
