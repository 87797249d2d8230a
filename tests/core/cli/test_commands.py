"""The command line: help everywhere, JSON everywhere, one message and exit 2 for bad input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from haq.cli import app
from haq.cli.words import LANGUAGES, Words

HAQ = [sys.executable, "-c", "from haq.cli import main; main()"]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HAQ, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8"} | environment,
        check=False,
    )


def commands() -> list[tuple[str, ...]]:
    """Every command there is, groups opened."""
    found: list[tuple[str, ...]] = []

    def walk(command: object, path: tuple[str, ...]) -> None:
        inside = getattr(command, "commands", None)
        if inside:
            for name, child in inside.items():
                walk(child, (*path, name))
        else:
            found.append(path)

    walk(typer.main.get_command(app), ())
    return found


def test_there_are_commands() -> None:
    assert {
        ("check",),
        ("table",),
        ("synthetic",),
        ("law", "list"),
        ("law", "show"),
        ("law", "check"),
    } <= set(commands())


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_help_and_json(command: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "120"})
    assert shown.exit_code == 0
    text = shown.output
    assert "--json" in text
    # A sentence says what the command does, between the usage and the options.
    assert any(line.strip().endswith((".", ":")) for line in text.splitlines()[1:6]), text


def test_help_lists_every_command() -> None:
    text = CliRunner().invoke(app, ["--help"]).output
    assert all(command[0] in text for command in commands())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "election.toml").write_text(
        'format = 1\nkey = "small"\ntitle = { en = "Small" }\ndate = 2021-01-10\nlaw = "kz-majilis-2021"\n'
        '[contests.lists.choices]\na = { name = { kk = "Әліппе", ru = "Азбука", en = "Alphabet" } }\n'
        'b = { name = { en = "[bold]Bee[/]" } }\n'
        '[organisations.o]\nname = { en = "O" }\nties = []\n'
        '[sources.declared]\nkind = "official"\nfile = "d.csv"\n[sources.declared.columns]\n'
        'station = "s"\na = "a"\nb = "b"\n'
        '[sources.seen]\nkind = "copies"\norganisation = "o"\nfile = "c.csv"\n[sources.seen.columns]\n'
        'station = "s"\na = "a"\nb = "b"\n',
        "utf-8",
    )
    (tmp_path / "d.csv").write_text("s,a,b\n01.10,1330,5\n2,7,x\n", "utf-8")
    (tmp_path / "c.csv").write_text("s,a,b\n01.10,1000,5\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_in_every_language(small: Path, language: str) -> None:
    done = run("check", small, "--language", language)
    assert (done.returncode, done.stderr) == (0, "")
    assert "▲ +330" in done.stdout
    assert "01.10" in done.stdout
    assert "\\x" not in done.stdout
    assert ("1,330" if language == "en" else "1\N{NO-BREAK SPACE}330") in done.stdout
    # A name is text, never markup.
    assert "[bold]Bee[/]" in done.stdout
    assert Words(language)("not_guilt") in done.stdout
    assert ("Әліппе" if language == "kk" else "Азбука" if language == "ru" else "Alphabet") in done.stdout


def test_the_language_of_the_terminal_is_used(small: Path) -> None:
    assert "Самые большие расхождения" in run("check", small, LC_ALL="ru_RU.UTF-8").stdout
    assert "Ең үлкен айырмалар" in run("check", small, LC_ALL="kk_KZ.UTF-8").stdout


def test_json_is_one_document_and_nothing_else(small: Path) -> None:
    done = run("check", small, "--json", "--verbose")
    figures = json.loads(done.stdout)["contests"]["lists"]
    assert figures["differences"]["seen"]["by_station"] == {"01.10": {"a": 330}}
    assert (done.returncode, done.stderr) == (0, "")


def test_a_refused_cell_is_named_with_file_row_column_value(small: Path) -> None:
    text = run("check", small).stdout
    assert "d.csv, row 3, b = 'x'" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nowhere"), "no such file"),
        (("table", "nowhere.csv"), "nowhere.csv"),
        (("law", "show", "kz-majlis-2023"), "kz-majilis-2023"),
        (("law", "check", "nowhere.toml"), "nowhere.toml"),
        (("synthetic", "nowhere.toml", "--out", "x"), "nowhere.toml"),
        (("check", "--init", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_bad_input_is_one_message_and_exit_2(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*HAQ, *arguments], capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_every_phrase_stands_in_three_languages() -> None:
    from haq.cli.words import _WORDS

    for key, phrases in _WORDS.items():
        assert len(phrases) == len(LANGUAGES), key
        fields = [{part.split("}")[0] for part in phrase.split("{")[1:]} for phrase in phrases]
        # A language may leave a number out, but never names one that is not given.
        assert fields[0] | fields[1] <= fields[2], key


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "= same"), (330, "▲ +330"), (-140, "▼ −140"), (1234567, "▲ +1,234,567")]
)
def test_a_difference_is_shape_sign_and_number(value: int, shown: str) -> None:
    assert Words("en").signed(value) == shown


def test_percentages_are_rounded_exactly() -> None:
    assert Words("en").percent(1, 3) == "33.33"
    assert Words("en").percent(2, 3) == "66.67"
    assert Words("ru").percent(1, 8) == "12,50"
    assert Words("en").percent(5148074, 7241562) == "71.09"


def test_a_table_is_shown_with_what_became_of_its_rows(small: Path) -> None:
    done = run("table", small / "d.csv", "--json")
    table = json.loads(done.stdout)["tables"][0]
    assert table["rows"] == {"read": 2, "accepted": 2, "refused": 0, "skipped": 0}
    assert (table["encoding"], table["separator"], table["header"]) == ("utf-8", ",", True)


def test_init_prints_an_election(small: Path) -> None:
    text = run("check", "--init", small / "d.csv", "--law", "kz-majilis-2021").stdout
    assert 'law = "kz-majilis-2021"' in text and "[sources.official.columns]" in text


def test_a_synthetic_election_is_written(project: Path, tmp_path: Path) -> None:
    spec = project / "examples" / "kazakhstan-2021" / "synthetic.toml"
    done = run("synthetic", spec, "--out", tmp_path / "made", "--json")
    assert json.loads(done.stdout)["counts"]["stations"] == 10061
    checked = run("check", project / "examples" / "kazakhstan-2021", "--data", tmp_path / "made", "--json")
    assert json.loads(checked.stdout)["contests"]["lists"]["official"] == 10061


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "utf-8"])
@pytest.mark.parametrize("arguments", [("--language", "kk"), ("--json",)], ids=["screen", "json"])
def test_any_terminal_encoding_gets_an_answer(small: Path, encoding: str, arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [*HAQ, "check", str(small), *arguments],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    if arguments == ("--json",):
        assert json.loads(text)["election"] == "small"


def test_output_that_cannot_be_written_is_said(small: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*HAQ, "check", str(small)], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "the output cannot be written" in done.stderr and "Traceback" not in done.stderr


def test_a_closed_output_is_no_fault(small: Path) -> None:
    code = "import sys; sys.stdout = None; from haq.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(small)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr and "fault" not in done.stderr


@pytest.mark.parametrize("stream", ["stdin", "stderr"])
def test_a_closed_input_or_error_output_changes_nothing(small: Path, stream: str) -> None:
    code = f"import sys; sys.{stream} = None; from haq.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(small), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["election"] == "small"


def test_a_file_does_not_steer_the_terminal(small: Path) -> None:
    (small / "d.csv").write_text("s,a,b\n\x1b[2Jx,1330,5\n01.10,5,\x1b]0;pwn\x07\n", "utf-8")
    for arguments in (("check", small), ("table", small / "d.csv")):
        done = run(*arguments)
        assert "\x1b" not in done.stdout + done.stderr and "\x07" not in done.stdout
    assert "\\x1b]0;pwn" in run("check", small).stdout


def test_a_narrow_terminal_cuts_no_figure(small: Path) -> None:
    for columns in ("10", "30", "40"):
        text = run("check", small, COLUMNS=columns).stdout
        assert "▲ +330" in text and "1,330" in text and "declared (d.csv)" in text


def test_verbose_names_the_protocols_behind_every_check(small: Path) -> None:
    (small / "d.csv").write_text("s,a,b\n01.10,1330,-5\n2,7,1\n", "utf-8")
    text = run("check", small, "--verbose").stdout
    assert "a negative number: declared 1 of 2\n  declared 1 of 2: 01.10" in text
    listed = json.loads(run("check", small, "--verbose", "--json").stdout)
    assert listed["contests"]["lists"]["checks_by_source"]["declared"]["negative"]["units"] == ["01.10"]


def test_verbose_json_lists_what_was_refused(small: Path) -> None:
    rows = json.loads(run("check", small, "--verbose", "--json").stdout)["rows"]["d.csv"]
    assert [(c["row"], c["column"], c["value"]) for c in rows["refused_cell_list"]] == [(3, "b", "x")]


def test_init_and_law_take_only_what_they_use(small: Path) -> None:
    for arguments in (("check", small, "--law", "x"), ("check", "--init", small / "d.csv", "--out", "y")):
        assert run(*arguments).returncode == 2
    printed = json.loads(run("check", "--init", small / "d.csv", "--law", "kz-majilis-2021", "--json").stdout)
    assert "[sources.official.columns]" in printed["election.toml"]


def test_law_check_takes_keys(project: Path) -> None:
    assert "nothing wrong found" in run("law", "check", "kz-majilis-2023").stdout


def test_law_show_names_its_sources() -> None:
    text = run("law", "show", "kz-majilis-2023", "--language", "kk").stdout
    assert "sources" in text and "from memory" in text


def test_the_tour_of_the_readme_runs_as_it_is_printed(project: Path, tmp_path: Path) -> None:
    readme = (project / "README.md").read_text("utf-8")
    tour = readme.split("## Two minutes")[1].split("\n## ")[0]
    printed = tour.replace("`haq synthetic", "\nhaq synthetic").splitlines()
    commands = [line.split("`")[0].strip() for line in printed if line.startswith("haq ")]
    assert len(commands) == 13
    (tmp_path / "examples").symlink_to(project / "examples")
    for command in commands:
        words, _, target = command.partition(" > ")
        if words.startswith("haq bulletin serve"):
            continue  # it runs until Ctrl-C; the journeys walk through what it serves
        done = subprocess.run(
            [*HAQ, *words.split()[1:]],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), command
        if target:
            (tmp_path / target).write_text(done.stdout, "utf-8")
    assert (tmp_path / "found" / "entries.jsonl").stat().st_size > 0
    assert (tmp_path / "site" / "kk" / "index.html").stat().st_size > 0
    assert (tmp_path / "again" / "checkpoint").read_bytes() == (tmp_path / "log" / "checkpoint").read_bytes()
