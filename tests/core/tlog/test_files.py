"""Files beside a log: found under any of their names, believed by their hash, salted if they hold names."""

import hashlib
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.errors import LogError
from haq.tlog.commitments import SALT_SIZE, salted, unsalted
from haq.tlog.files import ENDINGS, Files, Served
from haq.tlog.keyfiles import load_salt, write_salt
from haq.tlog.mirror import LARGEST_BESIDE, mirror
from haq.tlog.policies import Policy
from haq.tlog.sources import Folder, Missing, Refused
from haq.tlog.writer import Writer

SALT = bytes(range(SALT_SIZE))


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Shelf:
    """A source of some files that notes what it is asked for."""

    def __init__(self, files: Mapping[str, bytes], otherwise: bytes | None = None) -> None:
        self.files, self.otherwise = files, otherwise
        self.asked: list[str] = []

    def get(self, path: str, most: int) -> bytes:
        self.asked.append(path)
        data = self.files.get(path, self.otherwise)
        if data is None:
            raise Missing(f"{path}: not there")
        return data

    def blocks(self, path: str, most: int) -> Iterator[bytes]:
        yield self.get(path, most)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_found_under_any_of_its_names(ending: str) -> None:
    names = [name_of(bytes([n])) for n in range(3)]
    shelf = Shelf({f"files/{name}{ending}": bytes([n]) for n, name in enumerate(names)})
    served = Served(shelf)
    assert [served.get(name) for name in names] == [b"\0", b"\1", b"\2"]
    # Only the first is searched for: the others are asked for as it was found.
    assert len(shelf.asked) == ENDINGS.index(ending) + 3


def test_a_page_in_the_place_of_a_file_is_not_the_file() -> None:
    """Some servers answer every name with their first page."""
    data = b"a photograph"
    shelf = Shelf({f"files/{name_of(data)}.jpg": data}, otherwise=b"<!DOCTYPE html>")
    assert Served(shelf).get(name_of(data)) == data
    with pytest.raises(LogError, match="was changed") as error:
        Served(shelf).get("0" * 64)
    assert not isinstance(error.value, Missing)
    with pytest.raises(Missing, match="is not there"):
        Served(Shelf({})).get("0" * 64)
    for name in ("../key", "0" * 63, "0" * 64 + ".jpg"):
        with pytest.raises(LogError, match="no SHA-256"):
            Served(shelf).get(name)


def test_a_host_that_refuses_what_is_not_there_is_asked_for_the_other_names() -> None:
    """Some stores answer 403 where a file is not."""

    class Store(Shelf):
        def get(self, path: str, most: int) -> bytes:
            try:
                return super().get(path, most)
            except Missing:
                raise Refused(f"{path}: answered 403") from None

    data = b"a photograph"
    assert Served(Store({f"files/{name_of(data)}.jpg": data})).get(name_of(data)) == data
    with pytest.raises(Refused, match="answered 403"):
        Served(Store({})).get(name_of(data))


def test_a_server_that_fails_is_no_missing_file() -> None:
    class Failing:
        def get(self, path: str, most: int) -> bytes:
            raise LogError(f"{path}: answered 503")

        def blocks(self, path: str, most: int) -> Iterator[bytes]:
            yield self.get(path, most)

    with pytest.raises(LogError, match="503"):
        Served(Failing()).get("0" * 64)


def test_whatever_holds_a_redacted_file_goes(tmp_path: Path) -> None:
    files, data = Files(tmp_path, tmp_path / "scratch"), b"a face"
    name, other = files.put(data), files.put(b"another")
    (tmp_path / "files" / f"{name}.jpg").write_bytes(data)
    assert files.remove(name) is True
    assert files.remove(name) is False
    assert [path.name for path in (tmp_path / "files").iterdir()] == [other]
    assert Files(tmp_path / "nowhere", tmp_path).remove(name) is False


def test_a_mirror_takes_what_lies_beside_the_log(
    log: Callable[..., Writer], policy: Policy, tmp_path: Path
) -> None:
    writer, root = log("log", [b"one"]), tmp_path / "mirror"
    beside = {"law.toml": ("law.toml", "data/law.toml"), "why.json": ("why.json",)}
    mirror(Folder(writer.root), root, policy, beside=beside)
    assert not (root / "law.toml").exists()
    (writer.root / "data").mkdir()
    (writer.root / "data" / "law.toml").write_bytes(b"of a site")
    mirror(Folder(writer.root), root, policy, beside=beside)
    assert (root / "law.toml").read_bytes() == b"of a site"
    (writer.root / "law.toml").write_bytes(b"of a log")
    mirror(Folder(writer.root), root, policy, beside=beside)
    assert (root / "law.toml").read_bytes() == b"of a log"
    # What goes at the source stays in the mirror; what is too long is named and hinders nothing else.
    (writer.root / "law.toml").write_bytes(b"x" * (LARGEST_BESIDE + 1))
    writer.append([b"two"])
    found = mirror(Folder(writer.root), root, policy, beside=beside)
    assert found.signed.checkpoint.size == 2 and "longer than" in found.missing["law.toml"]
    for path in (writer.root / "law.toml", writer.root / "data" / "law.toml"):
        path.unlink()
    mirror(Folder(writer.root), root, policy, beside=beside)
    assert (root / "law.toml").read_bytes() == b"of a log"
    assert not (root / "why.json").exists()


def test_a_salted_file_is_these_bytes() -> None:
    data = salted(SALT, "Әлия\nБолат\n".encode())
    assert data.decode() == f"haq salted file v1\n{SALT.hex()}\nӘлия\nБолат\n"
    assert unsalted(data).decode() == "Әлия\nБолат\n"


@given(st.binary(max_size=100), st.binary(min_size=SALT_SIZE, max_size=SALT_SIZE))
def test_a_salted_file_gives_back_what_it_holds(data: bytes, salt: bytes) -> None:
    whole = salted(salt, data)
    assert unsalted(whole) == data
    # Whoever knows the few names that there can be finds none of them by its hash.
    assert name_of(whole) != name_of(data)
    assert name_of(whole) != name_of(salted(bytes(SALT_SIZE - 1) + b"\1", data)) or salt[-1] == 1


@pytest.mark.parametrize("size", [0, SALT_SIZE - 1, SALT_SIZE + 1])
def test_a_short_salt_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="a salt of"):
        salted(bytes(size), b"names")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"names",
        b"haq salted file v1\n",
        b"haq salted file v1\n" + SALT.hex().encode(),
        b"haq salted file v1\n" + SALT.hex().upper().encode() + b"\nnames",
        b"haq salted file v2\n" + SALT.hex().encode() + b"\nnames",
        b"haq salted file v1\n" + b"\xff" * 64 + b"\nnames",
    ],
)
def test_what_is_no_salted_file_is_refused(data: bytes) -> None:
    with pytest.raises(LogError, match="no salted file"):
        unsalted(data)


def test_a_salt_lies_in_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "salt"
    write_salt(path, SALT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_salt(path) == SALT
    with pytest.raises(LogError, match="never overwritten"):
        write_salt(path, bytes(SALT_SIZE))
    assert load_salt(path) == SALT
    for mode in (0o604, 0o640, 0o660):
        path.chmod(mode)
        with pytest.raises(LogError, match="chmod 600") as error:
            load_salt(path)
        assert SALT.hex() not in str(error.value)
    for text in ("", SALT.hex(), f"haq salt v1\n{SALT.hex()}\n\n", f"haq salt v1\n{SALT.hex().upper()}\n"):
        path.write_text(text, "utf-8")
        path.chmod(0o600)
        with pytest.raises(LogError, match="holds no salt") as error:
            load_salt(path)
        assert SALT.hex() not in str(error.value)
    for missing in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(LogError, match="cannot be read"):
            load_salt(missing)
    assert [one.name for one in path.parent.iterdir()] == ["salt"]
