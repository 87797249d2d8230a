"""Encodings: recognised by their letters, or refused because two of them fit."""

from pathlib import Path

import pytest

from haq.errors import TableError
from haq.tables import Field, Layout, Mapping, detect, read
from haq.tables.encoding import recognise

RUSSIAN = "Регион;УИК;Число избирателей\nгород Москва;12;100\nАлтайский край;5;200\n"
CASES = [
    ("cp1251", RUSSIAN),
    ("koi8_r", RUSSIAN),
    ("cp866", RUSSIAN),
    ("iso8859_5", RUSSIAN),
    ("mac_cyrillic", RUSSIAN),
    ("cp1251", "uik;name\n1;д. Щёлково\n2;п. Южный\n"),
    ("cp1251", "РЕГИОН;УИК;ЧИСЛО ИЗБИРАТЕЛЕЙ\nГОРОД МОСКВА;12;100\nРЕСПУБЛИКА АЛТАЙ;5;3\n"),
    ("koi8_r", "РЕГИОН;УИК;ЧИСЛО ИЗБИРАТЕЛЕЙ\nГОРОД МОСКВА;12;100\nРЕСПУБЛИКА АЛТАЙ;5;3\n"),
    ("kz1048", "Облыс;Учаске\nАқмола облысы;1\nЖамбыл облысы;2\nТүркістан облысы;3\n"),
    ("cp1252", "MUN,VOTOS\nMP. MUÑOZ,1\n"),
    ("cp1252", "País;Número\nBerlín;1\nSão Paulo;2\n"),
    ("cp1254", "İl;Seçim Çevresi;Sandık No\nİSTANBUL;EYÜP;1\nIĞDIR;ŞIRNAK;2\n"),
]


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_the_letters_tell_the_encoding(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    assert data.decode(recognise("f.csv", data)) == text


def test_a_guessed_encoding_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(RUSSIAN.encode("cp1251"))
    table = read(path, Mapping({"station": "УИК"}), [Field("station", "key")])
    assert "recognised by the letters as cp1251" in table.notes[0]


def test_what_a_caller_knows_takes_no_note_away(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(RUSSIAN.encode("cp1251"))
    mapping, fields = Mapping({"station": "УИК"}), [Field("station", "key")]
    for told in ({"overrides": {"separator": ";"}}, {"layout": detect(path)}, {"layout": Layout("csv")}):
        table = read(path, mapping, fields, **told)  # type: ignore[arg-type]
        assert "recognised by the letters as cp1251" in table.notes[0]
        assert table.frame["station"].to_list() == ["12", "5"]
    assert read(path, mapping, fields, overrides={"encoding": "cp1251"}).notes == ()
    again = read(path, Mapping({"station": 2}), fields, layout=detect(path), overrides={"header": False})
    assert again.frame["station"].to_list() == ["УИК", "12", "5"]
    with pytest.raises(TableError, match="unknown setting 'colour'"):
        read(path, mapping, fields, overrides={"colour": "red"})


def test_capitals_that_two_encodings_explain_are_refused_with_advice() -> None:
    with pytest.raises(TableError, match=r"f\.csv: the text could be cp1251 or .*name its encoding"):
        recognise("f.csv", "УИК;1".encode("cp1251"))


def test_bytes_that_no_alphabet_explains_are_refused_with_advice() -> None:
    with pytest.raises(TableError, match="not one that haq recognises"):
        recognise("f.csv", bytes(range(128, 256)) * 4)


@pytest.mark.parametrize("data", [b"uik,votes\n1,\0\n2,3\n", b"\0\1\2\3" * 50, b"a,b\n" * 3000 + b"1,\0\n"])
def test_zero_bytes_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    with pytest.raises(TableError, match=r"f\.csv: .*zero byte"):
        detect(path)


def test_an_odd_byte_of_utf_16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("uik,votes\n1,2".encode("utf-16") + b"3")
    with pytest.raises(TableError, match="not valid utf-16 in line"):
        detect(path)
