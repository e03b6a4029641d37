"""`digestbot analyze` and `digestbot digest`, as a person or a program calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "seeds" / "pakistan-gaza-stabilisation-force.txt"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}


def digestbot(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **settings: str):
    return subprocess.run(
        [sys.executable, "-m", "digestbot", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=CLEAN | settings,
        timeout=120,
        check=False,
    )


def rows(finished) -> list[dict]:
    return [json.loads(line) for line in finished.stdout.decode().splitlines()]


@pytest.fixture(scope="module")
def sample() -> dict:
    finished = digestbot("analyze", SAMPLE, "--json", "--with-text")
    assert finished.returncode == 0, finished.stderr.decode()
    (row,) = rows(finished)
    return row


def test_json_has_the_fields_of_the_contract(sample):
    assert set(sample) == {
        "path",
        "title",
        "language",
        "published",
        "bullets",
        "actors",
        "conditions",
        "body",
    }
    assert set(sample["bullets"][0]) == {"text", "start", "end"}
    assert set(sample["actors"][0]) == {
        *("name", "kind", "country", "sector", "role", "salience", "mentions"),
    }
    assert set(sample["conditions"][0]) == {
        *("sentence", "text", "start", "end", "type", "domain", "holder", "addressee"),
        *("speaker", "cue", "deadline", "hedged"),
    }
    assert sample["language"] == "en"


def test_every_span_is_exactly_its_quotation(sample):
    body = sample["body"]
    quoted = [*sample["bullets"], *sample["conditions"]]
    quoted += [mention for actor in sample["actors"] for mention in actor["mentions"]]
    assert len(quoted) > 20
    for one in quoted:
        assert body[one["start"] : one["end"]] == one["text"]
    for condition in sample["conditions"]:
        assert condition["sentence"] in body


def test_the_bullets_of_the_sample_say_what_matters(sample):
    shown = "\n".join(bullet["text"] for bullet in sample["bullets"])
    for needed in (
        "expressed its willingness to participate",
        "wants its military to command",
        "contingent on broad international backing",
        "two-state solution",
    ):
        assert needed in shown
    for unwanted in ("Pakistan’s Will Or", "Pakistan Wants Command", "Zubair", "Middle East Visit"):
        assert unwanted not in shown


def test_the_actors_of_the_sample_are_the_right_ones(sample):
    actors = {actor["name"]: actor for actor in sample["actors"]}
    assert {"Pakistan", "Asim Munir", "United States", "Marco Rubio", "Saudi Arabia", "Israel"} <= set(actors)
    assert actors["Asim Munir"]["country"] == "PK"
    assert "Field Marshal" in actors["Asim Munir"]["role"]
    assert "Army Chief" in actors["Asim Munir"]["role"]
    assert actors["Marco Rubio"]["country"] == "US"
    assert "Secretary of State" in actors["Marco Rubio"]["role"]
    forms = {mention["text"] for actor in sample["actors"] for mention in actor["mentions"]}
    assert any(form.endswith("Trump") for form in forms)
    assert any("CENTCOM" in form or "Central Command" in form for form in forms)
    assert any("IMF" in form or "International Monetary Fund" in form for form in forms)
    names = " ".join(actors)
    for unwanted in ("Zubair", "NewsX", "Al Jazeera", "Foreign Policy", "Economic Times", "Mongabay"):
        assert unwanted not in names


@pytest.mark.parametrize(
    ("words", "domain"),
    [
        ("command the proposed ISF", "military"),
        ("contingent on broad international backing", "political"),
        ("economic and security guarantees", "economic"),
        ("two-state solution", "political"),
        ("attract investment", "economic"),
    ],
)
def test_the_conditions_of_the_sample_are_found(sample, words, domain):
    found = [
        condition
        for condition in sample["conditions"]
        if words in condition["sentence"] and condition["domain"] == domain
    ]
    assert found, [(c["domain"], c["text"]) for c in sample["conditions"]]
    assert "Pakistan" in {condition["holder"] for condition in found}


def test_standard_input_gives_the_same_findings(sample):
    (row,) = rows(digestbot("analyze", "-", "--json", stdin=SAMPLE.read_bytes()))
    for part in ("bullets", "actors", "conditions"):
        assert row[part] == sample[part]


def test_the_same_input_gives_the_same_output_byte_by_byte():
    first = digestbot("analyze", SAMPLE, "--json", PYTHONHASHSEED="1")
    second = digestbot("analyze", SAMPLE, "--json", PYTHONHASHSEED="2")
    assert first.stdout == second.stdout


def test_the_readable_view_names_bullets_conditions_and_actors():
    finished = digestbot("analyze", SAMPLE, COLUMNS="160")
    shown = finished.stdout.decode()
    assert finished.returncode == 0
    for part in ("Bullets", "Conditions", "Actors", "Pakistan →", "Asim Munir"):
        assert part in shown


def test_one_bad_document_costs_itself_alone(tmp_path):
    (tmp_path / "a-empty.txt").write_text("")
    (tmp_path / "b-binary.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "c-good.txt").write_bytes(SAMPLE.read_bytes())
    with (tmp_path / "d-huge.txt").open("wb") as huge:
        huge.truncate(50_000_000)
    finished = digestbot("analyze", tmp_path, tmp_path / "missing.txt", "--json")
    found = {Path(row["path"]).name: row for row in rows(finished)}
    assert finished.returncode == 1
    assert found["a-empty.txt"]["error"]["code"] == "empty"
    assert found["b-binary.txt"]["error"]["code"] == "binary"
    assert found["d-huge.txt"]["error"]["code"] == "too-large"
    assert found["missing.txt"]["error"]["code"] == "missing"
    assert found["c-good.txt"]["bullets"]
    assert all(name in row["error"]["message"] for name, row in found.items() if "error" in row)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252", "utf-8-sig"])
def test_a_text_in_a_usual_encoding_is_read(tmp_path, encoding):
    text = (
        "Les négociateurs français ont demandé à Téhéran de libérer les prisonniers avant la fin de l’été, "
        "a déclaré le ministère des Affaires étrangères à Paris. Téhéran a refusé cette exigence.\n"
    )
    (tmp_path / "texte.txt").write_bytes(text.replace("’", "'").encode(encoding))
    (row,) = rows(digestbot("analyze", tmp_path / "texte.txt", "--json", "--with-text"))
    assert "négociateurs français" in row["body"]


def test_an_empty_folder_says_so(tmp_path):
    finished = digestbot("analyze", tmp_path)
    assert finished.returncode == 1
    assert "holds no document to read" in finished.stderr.decode()


@pytest.mark.parametrize("behind", ["locked", "locked/inside", "locked/paper.txt"])
def test_what_may_not_be_read_is_named(tmp_path, behind):
    # Another user looks, since root may read everything; only what is imported already is needed then.
    locked = tmp_path / "locked"
    (locked / "inside").mkdir(parents=True)
    (locked / "paper.txt").write_text("Text.")
    locked.chmod(0o700)
    given = tmp_path / behind
    script = (
        "import os, sys, asyncio\n"
        "from digestbot.cli.paths import _files\n"
        "from pathlib import Path\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "else: os.chmod(sys.argv[2], 0)\n"
        "for one in _files(Path(sys.argv[1]), 1000): print(one.error.code, one.error.message)\n"
    )
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    finished = subprocess.run(
        [sys.executable, "-c", script, str(given), str(locked)],
        capture_output=True,
        env=CLEAN,
        text=True,
        check=False,
    )
    locked.chmod(0o700)
    assert finished.stdout.startswith("unreadable"), finished.stderr
    assert "Permission denied" in finished.stdout
    assert str(given) in finished.stdout


def test_wrong_usage_is_exit_code_2():
    assert digestbot("analyze").returncode == 2
    assert digestbot("analyse", "x").returncode == 2


def test_a_broken_configuration_file_is_one_clear_message(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text("[digest\n")
    finished = digestbot("--config", config, "analyze", SAMPLE)
    assert finished.returncode == 1
    said = finished.stderr.decode()
    assert str(config) in said
    assert "Traceback" not in said


def test_a_wrong_time_zone_is_one_clear_message(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[digest]\nzone = "Asia/Karchi"\n')
    finished = digestbot("--config", config, "analyze", SAMPLE)
    assert finished.returncode == 1
    assert "did you mean Asia/Karachi?" in finished.stderr.decode()


@pytest.mark.parametrize("form", ["text", "markdown", "html", "readable"])
def test_a_digest_quotes_the_document_in_every_format(form):
    finished = digestbot("digest", SAMPLE, "--format", form, COLUMNS="400")
    shown = finished.stdout.decode()
    assert finished.returncode == 0, finished.stderr.decode()
    assert "asking for a commitment to a two-state solution" in shown
    assert "Zubair" not in shown


def test_a_digest_as_json_holds_the_stories():
    finished = digestbot("digest", SAMPLE, "--json")
    digest = json.loads(finished.stdout)
    (story,) = digest["stories"]
    assert story["bullets"]
    assert story["conditions"]


def test_a_digest_tells_what_could_not_be_read(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    finished = digestbot("digest", SAMPLE, tmp_path / "empty.txt", "--format", "text")
    assert finished.returncode == 1
    assert "empty.txt" in finished.stderr.decode()
    assert "two-state solution" in finished.stdout.decode()


def test_without_a_token_run_tells_how_to_get_one(tmp_path):
    finished = digestbot("run", cwd=tmp_path)
    said = finished.stderr.decode()
    assert finished.returncode == 1
    assert len(said.strip().splitlines()) == 3
    assert "@BotFather" in said
    assert "digestbot demo" in said
