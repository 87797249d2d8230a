"""``haq check --init`` proposes an election.toml that loads and runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from haq.check import check_election, document, load_election
from haq.check.proposal import propose_election
from haq.errors import InputError, TableError

Row = dict[str, object]


def proposed(folder: Path, out: Path, *files: str, law: str | None = None) -> dict[str, object]:
    text = propose_election([folder / file for file in files], folder, law)
    (out / "election.toml").write_text(text, "utf-8")
    return document(check_election(load_election(out), folder))["contests"]  # type: ignore[no-any-return]


def test_kazakh_and_russian_headers_find_their_lines(tmp_path: Path) -> None:
    (tmp_path / "official.csv").write_text(
        "Участок №;Число избирателей в списке;Число бюллетеней, обнаруженных в урнах;недействительные;"
        "«Ауыл» партиясы;Партия Ак жол;Против всех\n"
        "1;100;60;2;30;20;8\n2;200;50;1;20;20;9\n",
        "utf-8",
    )
    text = propose_election([tmp_path / "official.csv"], law="kz-majilis-2023")
    assert 'registered = "Число избирателей в списке"' in text
    assert 'ballots_invalid = "недействительные"' in text
    assert 'kind = "against_all"' in text
    (tmp_path / "election.toml").write_text(text, "utf-8")
    contest = document(check_election(load_election(tmp_path), tmp_path))["contests"]["lists"]
    assert sorted(contest["totals"]["choices"].values()) == [17, 40, 50]


def test_a_table_without_choices_is_refused(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("station,address\n1,Street\n2,Road\n", "utf-8")
    with pytest.raises(InputError, match="no column looks like votes"):
        propose_election([tmp_path / "places.csv"], law="kz-majilis-2023")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        propose_election([tmp_path / "nothing.csv"])


def test_a_file_outside_of_the_data_folder_is_refused(
    tmp_path: Path, village, honest: Callable[..., Row]
) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(InputError, match="--data"):
        propose_election([tmp_path / "declared.csv"], tmp_path / "elsewhere")


@pytest.mark.data
def test_bolivia_is_proposed_so_that_the_published_figures_come_out(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "bolivia_2019"
    contests = proposed(folder, tmp_path, "computo_final.parquet", "trep_20191020_1940.parquet")
    copies = contests["president"]["copies"]["copies"]  # type: ignore[index]
    assert (copies["differ_choices"], copies["differ_votes"]) == (427, 549)


@pytest.mark.data
@pytest.mark.parametrize("year", ["2018", "2021"])
def test_russian_protocols_are_proposed_with_all_their_lines(
    shared_data: Path, tmp_path: Path, year: str
) -> None:
    law = {"2018": "ru-president-2018", "2021": "ru-duma-2021"}[year]
    text = propose_election([shared_data / "russia" / f"russia_{year}.parquet"], law=law)
    columns = text.split("[sources.official.columns]")[1]
    for line in ("registered", "received", "issued_early", "issued_inside", "issued_outside", "cancelled"):
        assert f"\n{line} = " in columns
    for line in ("in_mobile_boxes", "in_fixed_boxes", "invalid", "valid", "lost", "unaccounted"):
        assert f"\n{line} = " in columns


def test_a_law_that_headers_do_not_tell_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("uik,Alpha,Beta\n1,5,6\n2,7,8\n", "utf-8")
    with pytest.raises(InputError, match="give it with --law"):
        propose_election([tmp_path / "d.csv"])


def test_files_of_several_alphabets_meet_and_unused_columns_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "УИК;Аманат;Ак жол;Против всех;Примечание\n1;5;6;1;да\n2;7;8;2;нет\n", "utf-8"
    )
    (tmp_path / "b.csv").write_text("УИК;Ақ жол;Аманат;Бәріне қарсымын\n1;6;5;1\n2;8;6;2\n", "utf-8")
    text = propose_election([tmp_path / "a.csv", tmp_path / "b.csv"], law="kz-majilis-2023")
    assert "# columns not used: 'Примечание'" in text
    (tmp_path / "election.toml").write_text(text, "utf-8")
    figures = document(check_election(load_election(tmp_path), tmp_path))["contests"]["lists"]
    assert figures["copies"]["copies"]["matched"] == 2
    assert sorted(figures["differences"]["copies"].values()) == [0, 0, 1]


def test_every_choice_gets_a_key_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(
        "uik,Choice 3,Row,Партия А,Партия Б,Choice 1\n1,5,6,7,8,9\n2,1,2,3,4,5\n", "utf-8"
    )
    text = propose_election([tmp_path / "d.csv"], law="kz-majilis-2023")
    (tmp_path / "election.toml").write_text(text, "utf-8")
    assert len(load_election(tmp_path).config.contests["lists"].choices) == 5
