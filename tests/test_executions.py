"""A broker's daily executions: `capital repurchase import`, and the month of a real program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typed
from tests.test_program_month import MONTH, PROGRAM, program, progress

__all__ = ["program"]  # the fixture: the program as it stood before the month

ROWS = [(day, str(shares), str(yen)) for day, shares, yen in MONTH]
HEADER = "traded_on,shares,amount"


def sheet(*rows: tuple[str, ...], header: str = HEADER, mark: str = ",") -> str:
    return "".join(f"{line}\n" for line in (header, *(mark.join(row) for row in rows)))


@pytest.fixture
def imported(program: Typed, tmp_path: Path) -> Callable[..., str]:
    """What the import of a sheet says; it must succeed."""

    def run(text: str | bytes, *words: object, name: str = "august.csv") -> str:
        return program.ok("repurchase", "import", *PROGRAM, in_file(tmp_path, text, name), *words)

    return run


@pytest.fixture
def refused(program: Typed, tmp_path: Path) -> Callable[..., str]:
    """What the import of a sheet says, without the folder, where it takes nothing of it."""

    def run(text: str | bytes, *words: object, code: int = 2) -> str:
        before = program.ok("export")
        file = in_file(tmp_path, text, "august.csv")
        result = program("repurchase", "import", *PROGRAM, file, *words)
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert result.stderr.startswith("Error: ")
        assert program.ok("export") == before
        return result.stderr.replace(f"{tmp_path}/", "")

    return run


def in_file(folder: Path, text: str | bytes, name: str) -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def purchases(capital: Typed) -> list[dict[str, Any]]:
    lines = map(json.loads, capital.ok("export", "ACME").splitlines())
    return [line for line in lines if line["event"] == "SharesRepurchased"]


def figures(capital: Typed) -> list[tuple[str, int, int]]:
    return [(p["on"], p["shares"], int(p["amount"]["amount"])) for p in purchases(capital)]


# --- August 2017 ---------------------------------------------------------------------------------


def test_the_month_is_recorded_day_by_day_as_one_entry(
    program: Typed, imported: Callable[..., str]
) -> None:
    said = imported(sheet(*ROWS))

    assert "ACME entry 4: 17 events" in said
    assert figures(program) == MONTH
    assert sum(shares for _, shares, _ in figures(program)) == 287_900
    assert sum(yen for _, _, yen in figures(program)) == 328_049_292


def test_the_month_ends_on_the_figures_of_its_report(
    program: Typed, imported: Callable[..., str]
) -> None:
    imported(sheet(*ROWS))

    before, after = (progress(program, day) for day in ("2017-07-31", "2017-08-31"))
    assert (before["shares"], before["amount"]["amount"]) == (1_671_100, "1809601097")
    assert (after["shares"], after["amount"]["amount"]) == (1_959_000, "2137650389")
    assert (after["shares_percent"], after["amount_percent"]) == ("48.98", "53.44")
    assert (after["shares_left"], after["amount_left"]["amount"]) == (2_041_000, "1862349611")


def test_purchases_are_in_treasury(program: Typed, imported: Callable[..., str]) -> None:
    imported(sheet(*ROWS))

    shares = program.json("shares", "ACME", "--class", "common", "--on", "2017-08-31")
    assert shares["treasury"] == 1_671_100 + 287_900


def test_a_dry_run_of_the_month_records_nothing(
    program: Typed, imported: Callable[..., str]
) -> None:
    said = imported(sheet(*ROWS), "--dry-run")

    assert "dry run, would be entry 4: 17 events" in said
    assert "-> 2017-08-24: issued 100,000,000, treasury 1,959,000" in said
    assert purchases(program) == []


# --- what a broker's sheet may look like ---------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        sheet(*ROWS, header="TRADED_ON,Shares,aMoUnT"),
        sheet(*ROWS, header="on,shares,amount"),
        sheet(*ROWS, header="Trade Date, Shares , Amount"),
        sheet(*ROWS, header="trade-date,shares,amount"),
        sheet(*ROWS, header='"traded on","shares","amount"'),
        sheet(*((yen, day, shares) for day, shares, yen in ROWS), header="amount,traded_on,shares"),
        sheet(*ROWS, header="traded_on;shares;amount", mark=";"),
        sheet(*ROWS, header="traded_on\tshares\tamount", mark="\t"),
        sheet(*((day, f'"{int(s):,}"', f'"{int(yen):,}"') for day, s, yen in ROWS)),
        sheet(
            *((day, f"{int(s):,}", f"{int(yen):,}") for day, s, yen in ROWS),
            header="traded_on;shares;amount",
            mark=";",
        ),
        sheet(*((day.replace("-", "/"), s, yen) for day, s, yen in ROWS)),
        sheet(*((f" {day} ", f" {s}", f"{yen}  ") for day, s, yen in ROWS)),
        sheet(*((day, s, f"{yen}.00") for day, s, yen in ROWS)),
        sheet(*reversed(ROWS)),
        sheet(*ROWS).replace("\n", "\r\n"),
        sheet(*ROWS).replace("\n", "\n\n"),
        sheet(*ROWS).rstrip("\n"),
        "\ufeff" + sheet(*ROWS),
        sheet(*((*row, "", "", "") for row in ROWS), header=f"{HEADER},settled_on,venue,fees"),
    ],
    ids=[
        "other case",
        "on",
        "trade date",
        "a hyphen",
        "quoted headers",
        "another order",
        "semicolons",
        "tabs",
        "separators in quotes",
        "separators between semicolons",
        "slashes",
        "blanks",
        "a fraction of nothing",
        "days in any order",
        "CRLF",
        "blank lines",
        "no last line end",
        "byte order mark",
        "optional columns empty",
    ],
)
def test_the_month_is_read_however_its_sheet_is_written(
    program: Typed, imported: Callable[..., str], text: str
) -> None:
    imported(text)

    assert figures_of_day(program) == MONTH


def figures_of_day(capital: Typed) -> list[tuple[str, int, int]]:
    """As `figures`, of amounts that may be written with a fraction."""
    return [(p["on"], p["shares"], round(float(p["amount"]["amount"]))) for p in purchases(capital)]


def test_settlement_venue_and_fees_are_recorded_where_known(
    program: Typed, imported: Callable[..., str]
) -> None:
    header = f"{HEADER},Settlement Date,Venue,FEES"
    imported(
        sheet(
            (*ROWS[0], "2017-08-04", "ToSTNeT-3", '"1,234"'),
            (*ROWS[1], "", "東京証券取引所", ""),
            header=header,
        )
    )

    first, second = purchases(program)
    assert (first["settled_on"], first["venue"]) == ("2017-08-04", "ToSTNeT-3")
    assert first["fees"] == {"amount": "1234", "currency": "JPY"}
    assert second["venue"] == "東京証券取引所"
    assert not {"settled_on", "fees"} & second.keys()


def test_amounts_are_in_the_currency_of_the_program_or_the_one_that_is_named(
    program: Typed, imported: Callable[..., str], refused: Callable[..., str]
) -> None:
    imported(sheet(ROWS[0]))

    assert purchases(program)[0]["amount"]["currency"] == "JPY"
    assert "currency" in refused(sheet(ROWS[1]), "--currency", "YEN")


# --- once, and twice -----------------------------------------------------------------------------


def test_the_same_sheet_twice_adds_nothing(program: Typed, imported: Callable[..., str]) -> None:
    imported(sheet(*ROWS))

    again = imported(sheet(*ROWS), name="august-again.csv")

    assert again == "ACME: nothing to add, 17 already recorded\n"
    assert len(purchases(program)) == 17


def test_the_same_rows_written_otherwise_add_nothing(
    program: Typed, imported: Callable[..., str]
) -> None:
    imported(sheet(*ROWS))
    rows = [(f'"{int(yen):,}"', f'"{int(s):,}"', day.replace("-", "/")) for day, s, yen in ROWS]

    again = imported(sheet(*reversed(rows), header="AMOUNT,SHARES,TRADE DATE"))

    assert again == "ACME: nothing to add, 17 already recorded\n"


def test_a_sheet_that_grows_adds_its_new_rows(program: Typed, imported: Callable[..., str]) -> None:
    imported(sheet(*ROWS[:10]))

    said = imported(sheet(*ROWS))

    assert "ACME entry 5: 7 events, 10 already recorded" in said
    assert figures(program) == MONTH


def test_two_equal_rows_are_two_purchases(program: Typed, imported: Callable[..., str]) -> None:
    imported(sheet(ROWS[0], ROWS[0], ROWS[1]))

    assert [shares for _, shares, _ in figures(program)] == [16_500, 16_500, 16_300]
    assert progress(program, "2017-08-31")["shares"] == 1_671_100 + 2 * 16_500 + 16_300
    again = imported(sheet(ROWS[1], ROWS[0], ROWS[0]))
    assert again == "ACME: nothing to add, 3 already recorded\n"


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day",
    [
        "01/08/2017",
        "08/01/2017",
        "1.8.2017",
        "20170801",
        "17-08-01",
        "2017-8-1",
        "2017-08/01",
        "2017.08.01",
        "2017-08-01T00:00:00",
        "1 August 2017",
        "42948",
        "\uff12\uff10\uff11\uff17-08-01",
        "平成29年8月1日",
    ],
)
def test_a_date_that_could_be_read_otherwise_is_refused(
    refused: Callable[..., str], day: str
) -> None:
    said = refused(sheet(ROWS[0], (day, "16300", "18558899")))

    assert f"august.csv:3: traded_on: '{day}' is ambiguous or not a date" in said
    assert "2017-08-01" in said


@pytest.mark.parametrize("day", ["2017-02-29", "2017-13-01", "2017/08/32", "0000-01-01"])
def test_a_day_that_is_none_is_refused(refused: Callable[..., str], day: str) -> None:
    assert f"august.csv:2: traded_on: '{day}' is not a date in the calendar" in refused(
        sheet((day, "16300", "18558899"))
    )


def test_a_settlement_is_read_as_strictly(refused: Callable[..., str]) -> None:
    header = f"{HEADER},settled_on"

    said = refused(sheet((*ROWS[0], "04/08/2017"), header=header))
    assert "august.csv:2: settled_on: '04/08/2017'" in said
    assert "august.csv:2: " in refused(sheet((*ROWS[0], "2017-07-31"), header=header))


@pytest.mark.parametrize("column", ["shares", "amount", "fees"])
@pytest.mark.parametrize(
    "figure",
    [
        "many",
        "-16500",
        "+16500",
        "16 500",
        "1e5",
        "¥16500",
        "16500円",
        "\uff11\uff16\uff15\uff10\uff10",
        "NaN",
        "0x10",
        '"1,65"',
        '"16,50"',
        '"1,6500"',
        '",500"',
        "16.500.000",
        '"16.500,00"',
        ".5",
        "5.",
        "(16500)",
    ],
)
def test_what_is_no_figure_is_refused(
    refused: Callable[..., str], column: str, figure: str
) -> None:
    row = {"traded_on": "2017-08-02", "shares": "16300", "amount": "18558899", "fees": "1"}
    row[column] = figure

    said = refused(sheet((*ROWS[0], "1"), tuple(row.values()), header=",".join(row)))

    bare = figure.strip('"')
    assert f"august.csv:3: {column}: '{bare}' is not a figure" in said


def test_a_fraction_of_a_share_is_refused(refused: Callable[..., str]) -> None:
    said = refused(sheet(("2017-08-01", "16500.5", "18695399")))

    assert "august.csv:2: shares: '16500.5' is not a whole number" in said


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("traded_on,shares", "no column amount"),
        ("shares,amount", "no column traded_on"),
        ("2017-08-01,16500,18695399", "no column traded_on"),
        ("traded_on,shares,amount,commission", "commission is not a column"),
        ("traded_on,shares,amount,Shares", "shares occurs twice"),
        ("traded_on,trade_date,shares,amount", "traded_on occurs twice"),
        ("traded_on shares amount", "no column traded_on"),
    ],
)
def test_missing_unknown_and_double_columns_are_named(
    refused: Callable[..., str], header: str, words: str
) -> None:
    said = refused(sheet(*ROWS, header=header))

    assert "august.csv:1: " in said
    assert words in said
    assert "the columns are traded_on, shares, amount" in said


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", f"{HEADER}\n", f"{HEADER}\n\n \n"])
def test_a_sheet_without_a_row_is_refused(refused: Callable[..., str], text: str) -> None:
    assert "the file is empty" in refused(text)


@pytest.mark.parametrize(
    "row", ["2017-08-01,16,500,18695399", "2017-08-01,16500", "2017-08-01", "2017-08-01;1;1"]
)
def test_a_row_with_more_or_fewer_cells_than_headers_is_refused(
    refused: Callable[..., str], row: str
) -> None:
    said = refused(sheet(ROWS[0]) + f"{row}\n")

    assert f"august.csv:3: {row.count(',') + 1} cell" in said
    assert "3 headers" in said


@pytest.mark.parametrize("column", ["traded_on", "shares", "amount"])
def test_an_empty_cell_of_a_required_column_is_refused(
    refused: Callable[..., str], column: str
) -> None:
    row = dict(zip(HEADER.split(","), ROWS[1], strict=True)) | {column: " "}

    said = refused(sheet(ROWS[0], tuple(row.values())))

    assert f"august.csv:3: {column} is missing" in said


def test_what_is_no_utf_8_is_refused_by_its_row(refused: Callable[..., str]) -> None:
    text = sheet((*ROWS[0], "東証"), header=f"{HEADER},venue")

    assert "august.csv:2: is not UTF-8 text" in refused(text.encode("shift_jis"))
    assert "august.csv:1: is not UTF-8 text" in refused(text.encode("utf-16"))


def test_a_row_over_the_cap_is_named_and_none_is_recorded(refused: Callable[..., str]) -> None:
    # 4,000,000 - 1,671,100 - 16,500 = 2,312,400 shares were left after the first row.
    rows = [ROWS[0], ("2017-08-02", '"2,312,401"', "1000000"), ("2017-08-03", "1", "1")]

    said = refused(sheet(*rows), code=1)

    assert "august.csv:3: repurchase-caps: 2,312,401 shares on 2017-08-02" in said
    assert "2,312,400 were left" in said


def test_the_last_share_under_the_cap_is_recorded(
    program: Typed, imported: Callable[..., str]
) -> None:
    imported(sheet(ROWS[0], ("2017-08-02", '"2,312,400"', "1000000")))

    assert progress(program, "2017-08-31")["shares"] == 4_000_000


def test_money_over_the_cap_is_named_too(refused: Callable[..., str]) -> None:
    # 4,000,000,000 - 1,809,601,097 = 2,190,398,903 yen are left.
    said = refused(sheet(("2017-08-01", "16500", '"2,190,398,904"')), code=1)

    assert "august.csv:2: repurchase-caps: " in said


def test_a_purchase_outside_the_window_is_named(refused: Callable[..., str]) -> None:
    said = refused(sheet(ROWS[0], ("2018-04-12", "100", "100000")), code=1)

    assert "august.csv:3: repurchase-window" in said


@pytest.mark.parametrize(
    ("issuer", "action", "words"),
    [
        ("ACME", "repurchase-2017", "ACME has no repurchase program 'repurchase-2017'"),
        ("ACME", "class-common", "ACME has no repurchase program 'class-common'"),
        ("NOBODY", PROGRAM[1], "no issuer 'NOBODY'"),
    ],
)
def test_executions_of_no_program_are_refused(
    program: Typed, tmp_path: Path, issuer: str, action: str, words: str
) -> None:
    file = in_file(tmp_path, sheet(*ROWS), "august.csv")

    assert words in program.refused("repurchase", "import", issuer, action, file)
    assert purchases(program) == []


def test_a_sheet_that_is_not_there_is_named(program: Typed, tmp_path: Path) -> None:
    said = program.refused("repurchase", "import", *PROGRAM, tmp_path / "july.csv", code=2)

    assert "july.csv cannot be read: No such file" in said


def test_a_sheet_comes_from_standard_input_too(program: Typed) -> None:
    program.ok("repurchase", "import", *PROGRAM, "-", stdin=sheet(*ROWS))

    assert figures(program) == MONTH


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(sheet(("2017-08-01", "9" * 5000, "1")), id="a number of 5,000 digits"),
        pytest.param(sheet((*ROWS[0], "x" * 200_000), header=f"{HEADER},venue"), id="a long cell"),
        pytest.param(sheet(*ROWS).replace("\n", "\r"), id="CR alone"),
    ],
)
def test_a_strange_sheet_is_refused_in_words(refused: Callable[..., str], text: str) -> None:
    assert "august.csv:" in refused(text)


def test_a_cell_under_no_header_is_refused(refused: Callable[..., str]) -> None:
    assert "august.csv:" in refused(sheet((*ROWS[0], "cancelled"), header=f"{HEADER},"))


def test_a_sheet_of_a_header_alone_is_named(refused: Callable[..., str]) -> None:
    assert "august.csv" in refused(f"{HEADER}\n")


def test_the_same_amounts_with_a_fraction_of_nothing_add_nothing(
    program: Typed, imported: Callable[..., str]
) -> None:
    imported(sheet(*ROWS))

    imported(sheet(*((day, f"0{shares}", f"{yen}.00") for day, shares, yen in ROWS)))

    assert len(purchases(program)) == 17


@pytest.mark.parametrize("yen", ["18.695", "18.69", "18695399.5"])
def test_a_fraction_that_the_currency_does_not_have_is_refused(
    refused: Callable[..., str], yen: str
) -> None:
    text = sheet(("2017-08-01", "16500", yen), header="traded_on;shares;amount", mark=";")

    assert "august.csv:2: amount: " in refused(text)


def test_every_row_that_cannot_be_read_is_named(refused: Callable[..., str]) -> None:
    said = refused(
        sheet(ROWS[0], ("01/08/2017", "16300", "18558899"), ROWS[1], ("2017-08-03", "many", "1"))
    )

    assert "august.csv:3: traded_on: '01/08/2017' is ambiguous or not a date" in said
    assert "august.csv:5: shares: 'many' is not a figure" in said


def test_of_many_rows_that_cannot_be_read_the_first_are_named_and_the_rest_counted(
    refused: Callable[..., str],
) -> None:
    said = refused(sheet(*[("01/08/2017", "16300", "18558899")] * 25))

    assert "august.csv:11: " in said
    assert "august.csv:12: " not in said
    assert "... and 15 more rows that cannot be read" in said
