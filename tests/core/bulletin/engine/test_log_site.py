"""A site of a log: whole or step by step it is the same, and it goes on from nothing but its own log."""

import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haq.bulletin import Built, build
from haq.bulletin.roll import EMPTY, Roll
from haq.entries import AreaEntry, Entry, Names, RedactionEntry, RetractionEntry, digest, encode, withdrawn
from haq.errors import HaqError, InputError, LogError
from haq.tlog.audit import audit
from haq.tlog.keys import COSIGNATURE, ED25519, SigningKey
from haq.tlog.merkle import leaf_hash
from haq.tlog.policies import Party, Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.tiles import WIDTH
from haq.tlog.writer import Writer

SETTINGS = settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
KEY = "village"
NAME = "example.org/village"


class Log:
    """A log in a folder, and a site of it."""

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self.root, self.site = folder / "log", folder / "site"
        self.key = SigningKey(name, ED25519, hashlib.sha256(name.encode()).digest())
        self.writer = Writer(self.root, self.key)
        self.writer.create()
        policy = Policy((Party(self.key.public),), {}, {}, "none")
        (self.root / "policy").write_bytes(bytes(policy))

    def append(self, *lines: bytes) -> None:
        self.writer.append(lines)

    def build(self, out: Path | None = None, **options: object) -> Built:
        values: dict[str, object] = {"languages": ["en"], "processes": 1}
        return build(self.root, out or self.site, **(values | options))  # type: ignore[arg-type]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def lines_of(v: SimpleNamespace, entries: Iterable[Entry] | None = None) -> list[bytes]:
    return [encode(entry) for entry in (v.village() if entries is None else entries)]


def retraction(v: SimpleNamespace, line: bytes, **more: object) -> bytes:
    values: dict[str, object] = {"election": KEY, "retracts": digest(line), "reason": "typed at another row"}
    return encode(RetractionEntry.model_validate(values | more))


def page(site: Path, path: str) -> str:
    return (site / path).read_text()


def test_a_site_holds_the_log_that_it_was_built_from(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v))
    log.build()
    reader = Reader(Folder(log.site))
    reader.check_root()
    assert list(audit(reader)) == []
    assert reader.note == (log.root / "checkpoint").read_bytes()
    assert [line for _, line in reader.entries()] == lines_of(v)
    assert not (log.site / "data" / "entries.jsonl").exists()
    assert "entries.jsonl" not in page(log.site, "data/datapackage.json")


def test_a_page_names_the_place_and_the_leaf_of_each_of_its_entries(v: SimpleNamespace, log: Log) -> None:
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    shown = page(log.site, "en/station/0004.html")
    own = [place for place, line in enumerate(lines) if b'"0004"' in line]
    assert len(own) > 2
    for place, line in enumerate(lines):
        assert (leaf_hash(line).hex() in shown) == (place in own) or b'"reading"' in line


def test_one_new_entry_changes_only_its_own_pages_and_those_above(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v))
    log.build()
    before = v.files_of(log.site)
    log.append(*map(encode, v.copy("0003", v.figures(700, 50), "students", row=9)))
    built = log.build()
    after = v.files_of(log.site)
    assert not built.whole
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path for path in changed if path.startswith("en/")} == {
        "en/station/0003.html",
        "en/area/kz-1_2-district.html",
        "en/area/kz-1-region.html",
        "en/index.html",
        "en/totals/lists.html",
        "en/data.html",
        "en/verify.html",
    }
    again = log.root.parent / "again"
    log.build(again)
    assert v.files_of(again) == after


def test_nothing_new_writes_nothing(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v))
    log.build()
    before = v.files_of(log.site)
    built = log.build()
    assert (built.whole, built.written, built.removed) == (False, 0, 0)
    assert v.files_of(log.site) == before


def test_a_site_is_built_again_from_itself(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v))
    log.build()
    again = log.root.parent / "again"
    build(log.site, again, languages=["en"], processes=1)
    assert v.files_of(again) == v.files_of(log.site)


def test_a_retracted_entry_is_shown_as_withdrawn_and_counts_no_more(v: SimpleNamespace, log: Log) -> None:
    lines = lines_of(v)
    place = next(n for n, line in enumerate(lines) if b'"kind":"official"' in line and b'"0004"' in line)
    log.append(*lines)
    log.build()
    better = encode(v.official("0004", v.figures(123, 45), row=9))
    taken = retraction(v, lines[place], replaced_by=digest(better), language="en")
    log.append(better, taken)
    built = log.build()
    assert not built.whole and "two-officials" not in {p.code for p in built.problems}
    shown = page(log.site, "en/station/0004.html")
    assert "typed at another row" in shown and leaf_hash(taken).hex() in shown
    assert ">123<" in shown
    again = log.root.parent / "again"
    log.build(again)
    assert v.files_of(again) == v.files_of(log.site)
    # The retraction is taken back: both stand again, and contradict each other.
    log.append(retraction(v, taken))
    built = log.build()
    assert "two-officials" in {p.code for p in built.problems}
    log.build(again, full=True)
    assert v.files_of(again) == v.files_of(log.site)


def test_an_area_keeps_saying_what_was_withdrawn_of_a_station_that_left_it(
    v: SimpleNamespace, log: Log
) -> None:
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    for number, kind in enumerate((b"station", b"copy", b"official"), 1):
        named = (b'"kind":"' + kind + b'"', b'"0002"')
        line = next(line for line in lines if all(part in line for part in named))
        log.append(retraction(v, line))
        log.build()
        said = "One entry of one station was" if number == 1 else f"{number} entries of 1 station were"
        for path in ("en/index.html", "en/area/kz-1_1-district.html", "en/area/kz-1-region.html"):
            assert f"{said} withdrawn." in page(log.site, path)
        again = log.root.parent / f"again{number}"
        log.build(again)
        assert v.files_of(again) == v.files_of(log.site)


def test_a_withdrawn_finding_keeps_its_address_step_by_step_as_at_once(v: SimpleNamespace, log: Log) -> None:
    of_area = encode(v.finding("KZ-1/2", 310, 3111, level="district", finding="sum-differs"))
    weak = encode(v.finding("0002", 7, 8, severity="warning"))
    lines = [*lines_of(v), of_area, weak]
    found = next(line for line in lines if b'"kind":"finding"' in line and b'"0001"' in line)
    log.append(*lines)
    log.build()
    chain = {line: line for line in (found, of_area, weak)}

    def compare(name: str) -> None:
        assert not log.build().whole
        log.build(log.root.parent / name)
        assert v.files_of(log.root.parent / name) == v.files_of(log.site)

    # Withdrawn, back again, withdrawn again; and something else in between.
    for number in range(3):
        for place, line in enumerate(chain):
            chain[line] = retraction(v, chain[line], reason=f"read twice {number}")
            log.append(chain[line])
            compare(f"again{number}{place}")
        for line in (found, of_area):
            shown = page(log.site, f"en/finding/{digest(line)[:24]}.html")
            assert ("This finding was withdrawn" in shown) == (number % 2 == 0)
        assert not (log.site / f"en/finding/{digest(weak)[:24]}.html").exists()
        log.append(encode(v.official("0001", v.figures(number, 50), version=2 + number, row=9)))
        compare(f"between{number}")


def test_stations_and_figures_that_were_withdrawn_are_counted_step_by_step_as_at_once(
    v: SimpleNamespace, log: Log
) -> None:
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    kinds = (b"station", b"official", b"copy")
    for number, (unit, kind) in enumerate((u, k) for u in (b'"0003"', b'"0004"') for k in kinds):
        line = next(line for line in lines if b'"kind":"' + kind + b'"' in line and unit in line)
        # What stands in its place is of a station that is not made again along with it.
        log.append(retraction(v, line, replaced_by=digest(next(x for x in lines if b'"0006"' in x))))
        log.build()
        log.build(log.root.parent / f"again{number}")
        assert v.files_of(log.root.parent / f"again{number}") == v.files_of(log.site)
        stations = "1 more station was" if number < 3 else "2 more stations were"
        assert f"{stations} withdrawn from the list" in page(log.site, "en/index.html")
    totals = (log.site / "data/totals.csv").read_text().splitlines()
    assert totals[0].endswith(",withdrawn") and all(row.endswith(",true") for row in totals[1:])


def test_the_readings_of_a_withdrawn_copy_go_with_it(v: SimpleNamespace, log: Log) -> None:
    copy, reading = (encode(entry) for entry in v.copy("0005", v.figures(1, 2), row=77))
    log.append(*lines_of(v), copy, reading, retraction(v, copy))
    codes = {p.code for p in log.build().problems}
    assert not codes & {"reading-without-copy", "retracts-nothing"}


def test_a_retraction_of_nothing_is_named(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v), retraction(v, b"never there"))
    assert "retracts-nothing" in {p.code for p in log.build().problems}


def test_a_new_description_of_the_election_takes_the_place_of_a_withdrawn_one(
    v: SimpleNamespace, log: Log
) -> None:
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    new = encode(v.election(title={"en": "Village, corrected"}))
    log.append(new, retraction(v, lines[0], replaced_by=digest(new)))
    built = log.build()
    assert built.whole and "two-elections" not in {p.code for p in built.problems}
    assert "Village, corrected" in page(log.site, "en/index.html")


def test_a_redacted_file_is_gone_even_where_somebody_kept_it(
    v: SimpleNamespace,
    log: Log,
    picture,  # type: ignore[no-untyped-def]
) -> None:
    photograph = picture(1)
    sha256 = hashlib.sha256(photograph).hexdigest()
    (log.root / "files").mkdir()
    (log.root / "files" / sha256).write_bytes(photograph)
    log.append(*lines_of(v), *map(encode, v.copy("0006", v.figures(9, 9), row=8, files=(sha256,))))
    log.build()
    assert (log.site / "files" / f"{sha256}.png").is_file()
    stranger = RedactionEntry(election="other", file=sha256, reason="not theirs to erase")
    log.append(encode(stranger))
    log.build()
    assert (log.site / "files" / f"{sha256}.png").is_file()
    entry = RedactionEntry(election=KEY, file=sha256, reason="a face can be seen")
    log.append(encode(entry))
    built = log.build()
    assert not list((log.site / "files").glob(f"{sha256}*"))
    assert "file-redacted" in {p.code for p in built.problems}
    shown = page(log.site, "en/station/0006.html")
    assert sha256 in shown and f"{sha256}.png" not in shown and "a face can be seen" in shown
    # One step further it stays away, and a site built without the file is the same.
    log.append(encode(v.official("0003", v.figures(700, 50), version=2, row=9)))
    assert not log.build().whole
    (log.root / "files" / sha256).unlink()
    again = log.root.parent / "again"
    log.build(again)
    assert v.files_of(again) == v.files_of(log.site)


def test_photographs_come_with_their_copies_or_after_them_without_a_whole_build(
    v: SimpleNamespace,
    log: Log,
    picture,  # type: ignore[no-untyped-def]
) -> None:
    log.append(*lines_of(v))
    log.build()
    names = [hashlib.sha256(picture(n)).hexdigest() for n in (1, 2)]
    (log.root / "files").mkdir()
    (log.root / "files" / names[0]).write_bytes(picture(1))
    copies = [v.copy("0006", v.figures(9, 9), row=row, files=(name,)) for row, name in enumerate(names, 8)]
    log.append(*(encode(entry) for made in copies for entry in made))
    built = log.build()
    assert not built.whole and "file-missing" in {p.code for p in built.problems}
    assert (log.site / "files" / f"{names[0]}.png").is_file()
    (log.root / "files" / names[1]).write_bytes(picture(2))
    built = log.build()
    assert not built.whole and "file-missing" not in {p.code for p in built.problems}
    assert f"{names[1]}.png" in page(log.site, "en/station/0006.html")
    again = log.root.parent / "again"
    log.build(again)
    assert v.files_of(again) == v.files_of(log.site)


def test_a_log_that_was_cut_or_rewritten_never_replaces_what_a_site_shows(
    v: SimpleNamespace, log: Log, tmp_path: Path
) -> None:
    lines = lines_of(v)
    log.append(*lines[:-1])
    shutil.copytree(log.root, tmp_path / "early")
    log.append(lines[-1])
    log.build()
    before = v.files_of(log.site)
    for full in (False, True):
        with pytest.raises(InputError, match="older copy, or was cut"):
            build(tmp_path / "early", log.site, languages=["en"], full=full)
    # The same key, another history of the same length and of a longer one.
    for more in (1, 2):
        fork = Log(tmp_path / f"fork{more}")
        fork.key = log.key
        shutil.rmtree(fork.root)
        fork.writer = Writer(fork.root, log.key)
        fork.writer.create()
        shutil.copy(log.root / "policy", fork.root / "policy")
        fork.append(*lines[:-1], *([encode(v.official("0001", v.figures(1, 1), version=9, row=1))] * more))
        with pytest.raises(InputError, match="does not continue"):
            build(fork.root, log.site, languages=["en"])
    with pytest.raises(InputError, match=r"not example\.org/other"):
        other = Log(tmp_path / "other", "example.org/other")
        other.append(*lines)
        build(other.root, log.site, languages=["en"])
    with pytest.raises(InputError, match="shows a log"):
        build(v.write(lines, tmp_path / "plain"), log.site, languages=["en"])
    assert v.files_of(log.site) == before


def test_an_interrupted_build_forgets_nothing_of_the_log(
    v: SimpleNamespace, log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of(v)
    log.append(*lines[:-1])
    shutil.copytree(log.root, tmp_path / "early")
    log.append(lines[-1])
    log.build()
    log.append(encode(v.official("0003", v.figures(700, 50), version=2, row=9)))
    for full in (False, True):
        with monkeypatch.context() as broken:
            broken.setattr("haq.bulletin.overview.Overview.data", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                log.build(full=full)
        with pytest.raises(InputError, match="older copy, or was cut"):
            build(tmp_path / "early", log.site, languages=["en"])
    log.build()
    again = tmp_path / "again"
    log.build(again)
    assert v.files_of(again) == v.files_of(log.site)


def test_a_marker_of_an_older_haq_or_a_damaged_one_is_no_surprise(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v))
    log.build()
    marker = log.site / ".haq-site.json"
    notes = json.loads(marker.read_bytes())
    del notes["log"]["several"]
    marker.write_text(json.dumps(notes))
    assert log.build().whole
    for damaged in ("x", {}, {"origin": 1, "size": "2", "root": None}):
        marker.write_text(json.dumps(notes | {"log": damaged}))
        with pytest.raises(InputError, match="does not say which log"):
            log.build()


def test_two_descriptions_of_the_election_are_named_at_every_build(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v), encode(v.election(title={"en": "Another"})))
    assert "two-elections" in {p.code for p in log.build().problems}
    log.append(encode(v.official("0003", v.figures(700, 50), version=2, row=9)))
    assert "two-elections" in {p.code for p in log.build().problems}


def test_another_election_that_outgrows_the_first_is_chosen_step_by_step_as_at_once(
    v: SimpleNamespace, log: Log, tmp_path: Path
) -> None:
    def other(entry: Entry) -> bytes:
        return encode(entry.model_copy(update={"election": "other"}))

    log.append(*lines_of(v), other(v.election()), *(other(v.station(f"{n}")) for n in range(5)))
    log.build()
    log.append(*(other(v.station(f"{n}")) for n in range(5, 60)))
    log.build()
    log.build(tmp_path / "again")
    assert v.files_of(tmp_path / "again") == v.files_of(log.site)


def test_retractions_of_retractions_of_elections_are_followed(
    v: SimpleNamespace, log: Log, tmp_path: Path
) -> None:
    first, second = encode(v.election()), encode(v.election(title={"en": "Another"}))
    log.append(first, *lines_of(v)[1:], second)
    chain = [first]
    for line in (first, second, None, None, None):
        log.append(taken := retraction(v, line or chain[-1]))
        chain.append(taken)
        log.append(encode(v.official("0003", v.figures(len(chain), 50), version=2, row=9)))
        log.build()
        again = tmp_path / f"again{len(chain)}"
        log.build(again)
        assert v.files_of(again) == v.files_of(log.site)


@pytest.mark.parametrize("what", ["bundle", "tile", "checkpoint", "policy"])
def test_a_changed_log_is_refused(v: SimpleNamespace, log: Log, what: str) -> None:
    lines = lines_of(v)
    log.append(*lines)
    if what == "policy":
        (log.root / "policy").unlink()
    else:
        paths = {
            "bundle": f"tile/entries/000.p/{len(lines)}",
            "tile": f"tile/0/000.p/{len(lines)}",
            "checkpoint": "checkpoint",
        }
        path = log.root / paths[what]
        data = path.read_bytes()
        path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    if what == "tile":  # what stands in the entries is what was signed; the tile is made again
        log.build()
        Reader(Folder(log.site)).check_root()
        return
    with pytest.raises((InputError, LogError)):
        log.build()
    assert not (log.site / "en").exists()


def test_an_old_entry_that_was_changed_stops_an_update(v: SimpleNamespace, log: Log) -> None:
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    before = v.files_of(log.site)
    log.append(encode(v.official("0004", v.figures(1, 2), version=2, row=9)))
    path = log.root / f"tile/entries/000.p/{len(lines) + 1}"
    path.write_bytes(path.read_bytes().replace(b'"0004"', b'"0014"', 1))
    with pytest.raises(HaqError):
        log.build()
    assert v.files_of(log.site) == before


def test_only_signatures_changed(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v))
    log.build()
    witness = SigningKey("w.example.org", COSIGNATURE, bytes(32))
    policy = Policy((Party(log.key.public),), {"w": Party(witness.public)}, {}, "w")
    (log.root / "policy").write_bytes(bytes(policy))
    built = log.build()
    assert not built.whole
    from haq.tlog.notes import Note, sign_text

    text = Note.read((log.root / "checkpoint").read_bytes()).text
    log.writer.add_signatures(len(lines_of(v)), [sign_text(text, witness, 1_795_000_000)])
    built = log.build()
    assert not built.whole and built.written > 0
    again = log.root.parent / "again"
    log.build(again)
    assert v.files_of(again) == v.files_of(log.site)


def test_bundles_that_become_full_leave_no_partial_behind(v: SimpleNamespace, log: Log) -> None:
    log.append(*lines_of(v))
    log.build()
    more = [encode(v.official(f"{n:04}", v.figures(n, 5), row=n + 2)) for n in range(10, 10 + WIDTH)]
    log.append(*more[:100])
    log.build()
    log.append(*more[100:])
    log.build()
    again = log.root.parent / "again"
    log.build(again)
    assert v.files_of(again) == v.files_of(log.site)
    assert (log.site / "tile/entries/000").is_file()
    assert not (log.site / "tile/entries/000.p").exists()


def step(lines: list[bytes], v: SimpleNamespace, dice: random.Random) -> list[bytes]:
    """Make an entry or two that a log may get."""
    unit = f"{dice.randrange(1, 9):04}"
    figures = v.figures(dice.randrange(200), 50)
    kind = dice.choice(
        ["copy", "late", "official", "finding", "retract", "twice", "station", "broken", "reply", "district"]
        * 2
        + ["area", "stray"]
    )
    if kind == "district":  # there are several sheets above the stations
        district = f"KZ-1/{dice.randrange(1, 3)}"
        return [encode(v.official(district, figures, row=dice.randrange(2, 9), level="district"))]
    if kind == "area":  # the whole site is built anew, and so may be what came with it
        area = AreaEntry(
            election=KEY,
            level="district",
            area="KZ-1/2",
            areas={"region": "KZ-1"},
            names=Names(ru=f"Район {dice.randrange(9)}"),
        )
        return [encode(area), dice.choice(lines)]
    if kind == "stray":  # a stranger's line that no command of haq's would append
        tree = {"kind": "retraction", "election": KEY, "retracts": dice.choice(["zz", 5, "٣" * 64, "ab"])}
        return [json.dumps(tree, ensure_ascii=False).encode()]
    if kind == "copy":
        return [encode(e) for e in v.copy(unit, figures, dice.choice(["citizens", "students"]), row=99)]
    if kind == "late":  # the reading comes before its copy
        return [encode(e) for e in v.copy(unit, figures, row=dice.randrange(2, 99))][::-1]
    if kind == "official":
        return [encode(v.official(unit, figures, version=dice.randrange(1, 3), row=7))]
    if kind == "finding":
        return [encode(v.finding(unit, 1, dice.randrange(2, 90)))]
    if kind == "retract":
        return [retraction(v, dice.choice(lines[1:]), reason=f"reason {dice.randrange(99)}")]
    if kind == "twice":
        return [dice.choice(lines)]
    if kind == "station":
        return [encode(v.station(unit, f"KZ-1/{dice.randrange(1, 3)}", name=f"№ {dice.randrange(9)}"))]
    if kind == "broken":
        return [dice.choice(lines)[:-1] + b"\xff"]
    reading = [line for line in lines if b'"kind":"reading"' in line]
    tree = json.loads(dice.choice(reading))
    tree["reader"] = dice.choice(["person", "machine"])
    return [json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()]


@SETTINGS
@given(st.integers(0, 2**32))
def test_entry_by_entry_is_as_good_as_at_once(v: SimpleNamespace, tmp_path_factory, seed: int) -> None:  # type: ignore[no-untyped-def]
    dice = random.Random(seed)
    log = Log(tmp_path_factory.mktemp("log"))
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    for _ in range(4):
        new = [line for _ in range(dice.randrange(1, 4)) for line in step(lines, v, dice)]
        log.append(*new)
        lines += new
        log.build()
    once = log.root.parent / "once"
    log.build(once)
    steps, whole = v.files_of(log.site), v.files_of(once)
    assert steps.keys() == whole.keys()
    assert [path for path in whole if steps[path] != whole[path]] == []


def test_sheets_of_areas_come_and_go_as_at_once(v: SimpleNamespace, log: Log) -> None:
    lines = lines_of(v)
    first = encode(v.official("KZ-1/1", v.figures(200, 100), level="district"))
    log.append(*lines)
    log.build()
    of_second = encode(v.official("KZ-1/2", v.figures(310, 150, 6), level="district"))
    assert of_second in lines
    later = encode(v.official("KZ-1/1", v.figures(210, 100), row=9, level="district"))
    for number, new in enumerate(
        ([first], [retraction(v, of_second)], [retraction(v, first), later], [encode(v.station("0009"))])
    ):
        log.append(*new)
        assert not log.build().whole, number
        once = log.root.parent / f"once {number}"
        log.build(once)
        steps, whole = v.files_of(log.site), v.files_of(once)
        assert [path for path in whole if steps.get(path) != whole[path]] == [], number
        assert steps.keys() == whole.keys()
    rows = (log.site / "data/source-districts.csv").read_text().splitlines()
    assert len(rows) == 2 and rows[1].startswith("KZ-1/1")


def test_an_entry_that_came_twice_keeps_its_first_place_whatever_build_follows(
    v: SimpleNamespace, log: Log
) -> None:
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    area = AreaEntry(
        election=KEY, level="district", area="KZ-1/2", areas={"region": "KZ-1"}, names=Names(ru="Другой")
    )
    log.append(next(line for line in lines if json.loads(line)["kind"] == "official"), encode(area))
    assert log.build().whole
    once = log.root.parent / "once"
    log.build(once)
    steps, whole = v.files_of(log.site), v.files_of(once)
    assert [path for path in whole if steps[path] != whole[path]] == []


def test_what_a_build_notes_of_its_state_is_there(
    v: SimpleNamespace, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    from haq.bulletin import update

    def slowly(*arguments: object) -> object:
        time.sleep(0.5)
        return real(*arguments)  # type: ignore[arg-type]

    real = update.save_tables
    log.append(*lines_of(v))
    log.build()
    monkeypatch.setattr(update, "save_tables", slowly)
    log.append(encode(v.official("0006", v.figures(9, 9), row=7)))
    assert not log.build().whole
    noted = json.loads((log.site / ".haq-site.json").read_bytes())["state"]
    assert [path for path in noted if not (log.site / path).is_file()] == []


def test_most_entries_need_no_whole_build(v: SimpleNamespace, log: Log) -> None:
    """Otherwise the test above would hold without any incremental build at all."""
    dice = random.Random(3)
    lines = lines_of(v)
    log.append(*lines)
    log.build()
    wholes = 0
    for _ in range(12):
        new = step(lines, v, dice)
        log.append(*new)
        lines += new
        wholes += log.build().whole
    assert wholes <= 6


def closure(retractions: dict[str, str]) -> set[str]:
    """Say what is withdrawn, by the definition: what a retraction names that is not withdrawn itself."""

    def stands(key: str) -> bool:
        return not any(stands(other) for other, target in retractions.items() if target == key)

    return {target for key, target in retractions.items() if stands(key)}


@given(st.lists(st.integers(0, 11), max_size=12))
def test_a_retraction_has_effect_unless_it_is_taken_back(targets: list[int]) -> None:
    # A retraction can only name what was there before: no circles.
    retractions = {f"r{n}": f"r{t}" if t < n else "entry" for n, t in enumerate(targets)}
    assert set(withdrawn(retractions)) == closure(retractions)


def test_a_long_chain_of_retractions_needs_no_deep_stack() -> None:
    chain = {f"{n:06}": f"{n - 1:06}" if n else "entry" for n in range(50_001)}
    assert "entry" in withdrawn(chain)


@given(st.lists(st.sampled_from([None, "a", "b", 'c"\n']), max_size=20))
def test_a_roll_finds_what_was_put_on_it(units: list[str | None]) -> None:
    digests = [hashlib.sha256(bytes([n])).digest() for n in range(len(units))]
    half = len(units) // 2
    roll = EMPTY.grown(digests[:half], dict(enumerate(units[:half])))
    roll = roll.grown(digests[half:], {half + n: unit for n, unit in enumerate(units[half:])})
    roll = Roll.read(roll.files())
    for unit in {None, "a", "b", 'c"\n', "elsewhere"}:
        assert roll.places(unit) == [n for n, held in enumerate(units) if held == unit]
    for n, held in enumerate(digests):
        assert roll.find(held.hex()) == n
    assert roll.find("f" * 64) is None
