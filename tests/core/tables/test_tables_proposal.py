"""Proposals in four languages, each with its reason, and a key that is unique."""

from pathlib import Path

import pytest

from haq.tables import Field, preview, propose, read

LINES = {
    "kk": {
        "Облыс": "region",
        "Учаске №": "station",
        "Тізімге енгізілген сайлаушылардың саны": "registered",
        "Жарамсыз бюллетеньдердің саны": "invalid",
        "Жарамды бюллетеньдердің саны": "valid",
        "Барлығына қарсы": "against_all",
    },
    "ru": {
        "Регион": "region",
        "Номер УИК": "station",
        "Число избирателей, внесенных в список избирателей": "registered",
        "Число избирательных бюллетеней, полученных участковой избирательной комиссией": "received",
        "Число бюллетеней, выданных избирателям, проголосовавшим досрочно": "issued_early",
        "Число бюллетеней, выданных избирателям в помещении для голосования": "issued_inside",
        "Число бюллетеней, выданных вне помещения для голосования": "issued_outside",
        "Число погашенных бюллетеней": "cancelled",
        "Число бюллетеней в переносных ящиках": "mobile_box",
        "Число бюллетеней в стационарных ящиках": "fixed_box",
        "Число недействительных бюллетеней": "invalid",
        "Число действительных бюллетеней": "valid",
        "Против всех": "against_all",
    },
    "en": {
        "Region": "region",
        "Polling station": "station",
        "Registered voters": "registered",
        "Ballots received": "received",
        "Invalid ballots": "invalid",
        "valid_votes": "valid",
        "Against all": "against_all",
    },
    "es": {
        "Departamento": "region",
        "Número Mesa": "station",
        "Inscritos": "registered",
        "Blancos": "blank",
        "Nulos": "invalid",
        "Votos válidos": "valid",
    },
}


@pytest.mark.parametrize("language", LINES)
def test_headers_in_four_languages(language: str) -> None:
    lines = LINES[language]
    sample = [[str(10 * row + column) for column in range(len(lines))] for row in range(5)]
    proposal = propose(list(lines), sample)
    assert {guess.header: guess.field for guess in proposal.guesses} == lines
    assert all(0 < guess.confidence <= 1 and guess.reason for guess in proposal.guesses)


def test_numbers_under_unknown_names_are_choices_and_words_are_not() -> None:
    proposal = propose(
        ["id", "uik", "1. Партия труда", "Otan", "comment", "lat", "turnout"],
        [["9", "1", "10", "20", "fine", "51.1", "57.3"], ["8", "2", "11", "21", "bad", "51.2", "60.0"]],
    )
    assert [choice.header for choice in proposal.choices] == ["1. Партия труда", "Otan"]
    assert proposal.choices[0].confidence > proposal.choices[1].confidence


def test_two_columns_never_get_the_same_role_unseen() -> None:
    headers = ["uik", "Invalid ballots", "invalid votes", "Registered"]
    proposal = propose(headers, [["1", "2", "3", "4"], ["2", "3", "4", "5"]])
    assert [guess.field for guess in proposal.guesses] == ["station", "invalid", "registered"]
    invalid = proposal.best("invalid")
    assert invalid is not None
    assert (invalid.column, invalid.confidence) == (2, 0.5)
    assert "or is it column 3 ('invalid votes')?" in invalid.reason
    assert proposal.notes == (
        "'invalid' may be column 2 ('Invalid ballots') or 3 ('invalid votes'); the first is proposed",
    )


def test_the_address_makes_a_key_unique_or_the_rows_that_share_one_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    rows = ["A,1,Abay 5,5", "A,1,Abay 7,6", "A,2,Abay 9,7", "B,1,Abay 5,8"]
    path.write_text("\n".join(["region,uik,address,votes", *rows]), "utf-8")
    proposal = preview(path).proposal
    assert proposal.key == "{region} / {uik} / {address}"
    assert "only with the address" in proposal.key_reason
    path.write_text("\n".join(["region,uik,address,votes", *rows, "A,1,Abay\u00a07,9"]), "utf-8")
    proposal = preview(path).proposal
    assert proposal.key == "{region} / {uik}"
    assert "but 3 rows share their key with another row" in proposal.key_reason


def test_a_key_is_composed_until_it_is_unique_and_marks_what_may_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("region,tik,uik,votes\nA,x,1,5\nA,x,2,6\nA,y,1,7\nB,z,1,8\nB,z,,9\n", "utf-8")
    look = preview(path, rows=2)
    assert look.proposal.key == "{tik} / {uik?}"
    assert look.rows == 5
    assert look.sample == (("A", "x", "1", "5"), ("A", "x", "2", "6"))
    fields = [Field("station", "key"), *(Field(name, "text", False) for name in ("region", "territory"))]
    table = read(path, look.proposal.mapping(look.headers), fields)
    assert table.rows.accepted == 5
