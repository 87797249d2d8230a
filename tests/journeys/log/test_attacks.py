"""Every attack on the log: a browser that has checked the site once names it at the next press."""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from haq.tlog.checkpoints import Checkpoint
from haq.tlog.keys import COSIGNATURE, ED25519
from haq.tlog.merkle import verify_consistency
from haq.tlog.notes import Note, Signature, sign_text
from haq.tlog.policies import Policy
from haq.tlog.verify import check_checkpoint

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
#: The entry of the station that was declared: its bundle and tile are the first.
BUNDLE, TILE, DECLARED = "tile/entries/000", "tile/0/000", 4


def rewrite(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file of the site."""
    data = change(file.read_bytes())
    assert data != file.read_bytes()
    file.write_bytes(data)


def flipped(data: bytes, at: int) -> bytes:
    """Turn one bit around."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def without_entry(bundle: bytes) -> bytes:
    """Take the declared result out of a bundle."""
    at = 0
    for _ in range(DECLARED):
        at += 2 + int.from_bytes(bundle[at : at + 2])
    return bundle[:at] + bundle[at + 2 + int.from_bytes(bundle[at : at + 2]) :]


def resigned(note: bytes, change: Callable[[Signature], Signature | None]) -> bytes:
    """Exchange signatures under a checkpoint, or leave them out."""
    held = Note.read(note)
    return bytes(Note(held.text, tuple(filter(None, map(change, held.signatures)))))


def damaged(name: str) -> Callable[[Signature], Signature]:
    """Damage the signature of one name, as somebody without its key would make it."""

    def change(one: Signature) -> Signature:
        return (
            Signature(one.name, one.id, flipped(one.value, len(one.value) - 9)) if one.name == name else one
        )

    return change


def changed_tile(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / TILE, lambda data: flipped(data, 32 * DECLARED + 5))


def changed_entry(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / BUNDLE, lambda data: data.replace(b'"alpha":110', b'"alpha":100'))


def removed_entry(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / BUNDLE, without_entry)


def removed_file(site: Any, v: SimpleNamespace) -> None:
    (site.folder / BUNDLE).unlink()


def forged_log(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / "checkpoint", lambda note: resigned(note, damaged(v.NAME)))


def forged_witness(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / "checkpoint", lambda note: resigned(note, damaged("students.example")))


def lost_witnesses(site: Any, v: SimpleNamespace) -> None:
    lost = ("students.example", "lawyers.example")
    rewrite(
        site.folder / "checkpoint",
        lambda note: resigned(note, lambda one: None if one.name in lost else one),
    )


def unknown_witness(site: Any, v: SimpleNamespace) -> None:
    """Somebody signs under the name of a witness, with a key of their own."""
    lost_witnesses(site, v)
    other = type(v.WITNESSES[1])("students.example", COSIGNATURE, b"x" * 32)
    rewrite(
        site.folder / "checkpoint",
        lambda note: bytes(Note.read(note).signed(sign_text(Note.read(note).text, other, 1_767_225_600))),
    )


def other_key(site: Any, v: SimpleNamespace) -> None:
    """The whole log is signed by somebody else, and the policy names their key."""
    thief = type(v.LOG)(v.NAME, ED25519, b"y" * 32)
    rewrite(
        site.folder / "policy",
        lambda data: data.replace(str(v.LOG.public).encode(), str(thief.public).encode()),
    )
    rewrite(
        site.folder / "checkpoint",
        lambda note: bytes(Note(text := Note.read(note).text, (sign_text(text, thief),))),
    )


def fewer_witnesses(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / "policy", lambda data: data.replace(b"group most 2", b"group most 1"))


def other_page(site: Any, v: SimpleNamespace) -> None:
    """The page itself names another entry."""
    page = site.folder / "en" / "station" / f"{v.STATION}.html"
    leaf = page.read_text("utf-8").partition(f'data-place="{DECLARED}"')[2].partition("<code>")[2][:64]
    rewrite(page, lambda data: data.replace(leaf.encode(), b"0" * 64))


def newer_page(site: Any, v: SimpleNamespace) -> None:
    page = site.folder / "en" / "station" / f"{v.STATION}.html"
    rewrite(page, lambda data: data.replace(f'data-place="{DECLARED}"'.encode(), b'data-place="9000"'))


def broken_checkpoint(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / "checkpoint", lambda note: note[:40])


def no_key(site: Any, v: SimpleNamespace) -> None:
    rewrite(site.folder / "policy", lambda data: data.partition(b"\n")[2])


#: Attack, what the browser says first, whether it offers evidence to save.
ATTACKS: dict[Callable[[Any, SimpleNamespace], None], tuple[str, bool]] = {
    changed_tile: ("A file of the log was changed or damaged.", False),
    changed_entry: ("An entry was changed after it was signed.", False),
    removed_entry: ("An entry was changed after it was signed.", False),
    removed_file: ("A file of the log is not there.", False),
    forged_log: ("The signature of the log is forged or damaged.", True),
    forged_witness: ("The signature of a witness is forged or damaged: students.example.", True),
    lost_witnesses: ("Too few witnesses signed: 1 of 3, and the policy asks for 2.", False),
    unknown_witness: ("Too few witnesses signed: 1 of 3, and the policy asks for 2.", False),
    other_key: ("The key of the log is another than at your last check.", True),
    fewer_witnesses: ("The witnesses are not those of your last check.", True),
    other_page: ("This page was made from other entries than the log holds.", False),
    newer_page: ("This page is newer than the log that the site shows.", False),
    broken_checkpoint: ("The log of this site cannot be read.", False),
    no_key: ("The site names no key for this log.", False),
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_browser_names_the_attack(
    site: Any, visit: Visit, v: SimpleNamespace, attack: Callable[[Any, SimpleNamespace], None]
) -> None:
    title, evidence = ATTACKS[attack]
    with visit(allow="404") as page:
        page.goto(site.page())
        assert v.press(page).startswith("✓ Checked")
        attack(site, v)
        page.reload()
        said = v.press(page)
        assert said.startswith(f"▲ {title}"), said
        # What it means and what to do, and the command that does not need this page.
        assert len(said) > len(title) + 80
        expect(page.locator("[data-check-more] pre code")).to_contain_text("haq log mirror")
        assert page.locator("[data-check-more] a[download]").count() == evidence
        if attack in (changed_entry, removed_entry, other_page, newer_page):
            assert ("9000" if attack is newer_page else f"entry {DECLARED}") in said
            # What stands behind a removed entry has moved up.
            left = 4 if attack is removed_entry else 6
            assert f"✓ {left} entries of this page stand in the log unchanged" in said


def test_a_first_visitor_sees_all_but_what_only_memory_shows(
    site: Any, visit: Visit, v: SimpleNamespace
) -> None:
    unseen = {other_key, fewer_witnesses}
    for attack, (title, _) in ATTACKS.items():
        kept = {name: (site.folder / name).read_bytes() for name in ("checkpoint", "policy", BUNDLE, TILE)}
        page_file = site.folder / "en" / "station" / f"{v.STATION}.html"
        kept_page = page_file.read_bytes()
        attack(site, v)
        with visit(allow="404") as page:
            page.goto(site.page())
            said = v.press(page)
        if attack in unseen:
            assert title not in said
        else:
            assert said.startswith(f"▲ {title}"), (attack.__name__, said)
        for name, data in kept.items():
            (site.folder / name).write_bytes(data)
        page_file.write_bytes(kept_page)


def evidence_of(page: Page, tmp_path: Path) -> str:
    """Save the evidence, as a person does."""
    with page.expect_download() as download:
        page.locator("[data-check-more] a[download]").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    return saved.read_text("utf-8")


def checkpoints_in(text: str, v: SimpleNamespace) -> list[Checkpoint]:
    """Read the signed checkpoints out of the evidence, and check them with haq."""
    parts = text.split("--- checkpoint")[1:]
    notes = [part.partition("\n")[2].partition("\n--- ")[0].rstrip("\n") + "\n" for part in parts]
    return [check_checkpoint(note.encode(), Policy.read(v.POLICY.encode())).checkpoint for note in notes]


def test_two_views_are_named_and_proven_by_what_is_saved(
    site: Any, forked: Path, visit: Visit, v: SimpleNamespace, tmp_path: Path
) -> None:
    with visit() as page:
        page.goto(site.page())
        v.press(page)
        site.replace(forked)
        page.reload()
        # The other log is whole, well signed, and its pages fit it: only the memory of this browser knows.
        said = v.press(page)
        assert said.startswith("▲ You were shown two different logs.") and "as grave as can be" in said
        now, then = checkpoints_in(evidence_of(page, tmp_path), v)
        assert now.size == then.size and now.root != then.root
        # It stays so until the first log is shown again: the memory is not overwritten.
        assert v.press(page).startswith("▲ You were shown two different logs.")


def test_two_views_of_different_lengths_come_with_the_proof(
    site: Any, forked: Path, visit: Visit, v: SimpleNamespace, tmp_path: Path
) -> None:
    shutil.copytree(forked.parent, tmp_path / "longer")
    v.publish_more(tmp_path / "longer")
    with visit() as page:
        page.goto(site.page())
        v.press(page)
        site.replace(tmp_path / "longer" / "site")
        page.reload()
        assert v.press(page).startswith("▲ You were shown two different logs.")
        text = evidence_of(page, tmp_path)
        now, then = checkpoints_in(text, v)
        assert now.size > then.size
        lines = text.partition("--- what the log now has")[2].splitlines()[1:]
        assert lines[0] == f"size {then.size}"
        root, *proof = (base64.b64decode(line.removeprefix("root ")) for line in lines[1:] if line)
        assert root != then.root
        verify_consistency(then.size, now.size, root, now.root, proof)


def test_a_log_that_became_shorter_is_named(
    site: Any, built: Path, grown: Path, visit: Visit, v: SimpleNamespace, tmp_path: Path
) -> None:
    with visit() as page:
        site.replace(grown)
        page.goto(site.page())
        v.press(page)
        site.replace(built)
        page.reload()
        said = v.press(page)
        assert (
            said.startswith("▲ The log is shorter than at your last check.")
            and "571" in said
            and "567" in said
        )
        now, then = checkpoints_in(evidence_of(page, tmp_path), v)
        assert (now.size, then.size) == (567, 571)
        site.replace(grown)
        page.reload()
        assert "as it was at your last check" in v.press(page)


def test_other_witnesses_are_gone_on_with_only_when_a_person_says_so(
    site: Any, visit: Visit, v: SimpleNamespace
) -> None:
    with visit() as page:
        page.goto(site.page())
        v.press(page)
        fewer_witnesses(site, v)
        for _ in range(2):
            assert v.press(page).startswith("▲ The witnesses are not those of your last check.")
        page.get_by_role("button", name="I have compared the keys").click()
        expect(page.get_by_role("status")).to_contain_text("The policy asks for 1.")
        assert v.press(page).startswith("✓ Checked")


def test_a_site_that_exchanges_its_log_is_no_first_visit(
    site: Any, exchanged: Path, visit: Visit, v: SimpleNamespace
) -> None:
    with visit() as page:
        page.goto(site.page())
        v.press(page)
        site.replace(exchanged)
        page.reload()
        said = v.press(page)
        assert said.startswith("▲ This site showed another log at your last check.")
        assert v.NAME in said and "village.example/new" in said
        page.get_by_role("button", name="I have compared the keys").click()
        expect(page.get_by_role("status")).to_contain_text("What was proven")


def test_a_log_of_another_name_is_named(site: Any, visit: Visit, v: SimpleNamespace) -> None:
    other = type(v.LOG)("stranger.example/1", ED25519, b"z" * 32)
    rewrite(site.folder / "policy", lambda data: f"log {other.public}\n".encode() + data)
    rewrite(
        site.folder / "checkpoint",
        lambda note: bytes(
            Note(
                text := b"stranger.example/1\n" + Note.read(note).text.partition(b"\n")[2],
                (sign_text(text, other),),
            )
        ),
    )
    with visit() as page:
        page.goto(site.page())
        said = v.press(page)
        assert said.startswith("▲ This is another log than the one that this page was made from.")
        assert v.NAME in said and "stranger.example/1" in said


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_an_attack_is_named_in_the_language_of_the_page(
    site: Any, visit: Visit, v: SimpleNamespace, language: str
) -> None:
    words = json.loads((site.folder / "assets" / f"check-{language}.json").read_text("utf-8"))["words"]
    changed_entry(site, v)
    with visit() as page:
        page.goto(site.page(language))
        said = v.press(page)
        assert said.startswith(f"▲ {words['entry-changed']}")
        for part in ("means", "do"):
            assert (
                " ".join(words[f"entry-changed-{part}"].replace("{entries}", str(DECLARED)).split()) in said
            )
