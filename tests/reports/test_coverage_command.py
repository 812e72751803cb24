"""``coverage`` prints the totals the associations keep beside their ledgers."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cells.choices import Cover
from tests.cast import register
from tests.reports.scenes import SCENES, load


def coverage(*arguments):
    out = StringIO()
    call_command("coverage", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_an_imported_folder_gives_the_totals_beside_it(db):
    folder = str(SCENES / "changchun")
    call_command("import_ledger", folder, "--as-of", "2026-11-01", stdout=StringIO(), stderr=StringIO())

    printed = coverage("--as-of", "2026-11-01")
    assert {key: str(printed[key]) for key in expected("changchun")} == expected("changchun")


@pytest.mark.parametrize("scene", ["mixed", "inner_mongolia", "capital"])
def test_the_other_scenes_give_the_totals_beside_them_for_all_and_for_the_root(db, scene):
    root = load(SCENES / scene, on=date(2026, 10, 15))

    for arguments in ([], ["--cell", root.code]):
        printed = coverage("--as-of", "2026-11-01", *arguments)
        assert {key: str(printed[key]) for key in expected(scene)} == expected(scene)


def expected(scene):
    return dict(line.split() for line in (SCENES / scene / "expected.txt").read_text().splitlines())


def test_one_cell_and_one_day_may_be_asked_for(party):
    register("云杉科技", party.association, cover=Cover.OWN, cover_cell=party.yunshan)

    printed = coverage("--cell", party.north.code.lower().replace("-", ""), "--as-of", "2026-11-20")

    assert (printed["cell"], printed["as_of"]) == (party.north.code, "2026-11-20")
    assert (printed["members"], printed["companies"], printed["direct_branches"]) == (5, 1, 2)
    assert printed["organisational_coverage_percent"] == 100.0


def test_a_rate_without_companies_is_null_and_a_day_before_the_records_says_when_they_begin(party):
    assert coverage("--as-of", "2026-11-20")["organisational_coverage_percent"] is None

    early = coverage("--as-of", "2023-12-31")
    assert early["members"] is None
    assert early["records_begin"]["members"] == "2024-01-08"


def test_before_the_first_record_of_anything_companies_are_unknown_and_from_then_on_there_are_none(party):
    early, first = coverage("--as-of", "2024-01-07"), coverage("--as-of", "2024-01-08")

    assert (early["companies"], early["operating_companies"], early["organisational_coverage_percent"]) == (None,) * 3
    assert early["records_begin"]["companies"] == "2024-01-08"
    assert (first["companies"], first["operating_companies"]) == (0, 0)
    assert "records_begin" not in first or "companies" not in first["records_begin"]


def test_without_json_each_figure_has_its_line(party):
    out = StringIO()
    call_command("coverage", "--as-of", "2026-11-20", stdout=out)

    lines = out.getvalue().splitlines()
    assert "members 6" in lines
    assert "organisational_coverage_percent —" in lines


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as-of", "2026-02-30"], "2026-02-30 is no date"),
        (["--as-of", "2999-01-01"], "has not come yet"),
        (["--cell", "ZB-9999"], "there is no organisation ZB-9999"),
    ],
)
def test_what_it_cannot_answer_it_says_in_one_sentence(db, arguments, words):
    with pytest.raises(CommandError, match=words):
        coverage(*arguments)
