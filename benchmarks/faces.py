"""The cost of pages, the index and workbooks of a district with two years of documents.

python -m benchmarks.faces [--departments 100] [--workbooks 40]

Departments have one or two units. The command loads their documents, text documents of the generator. Then the pages
and the index are written in one batch, then the index alone, then some workbooks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from benchmarks.warehouses import Cost, warehouse
from loader.answers.disclosed import Selection
from loader.answers.index_page import index_page
from loader.answers.page import write_pages
from loader.answers.workbook import write_workbooks
from loader.loading.options import DIVISION
from synthetic.district import District, write

YEARS = (2023, 2024)


def main(arguments: argparse.Namespace) -> None:
    """Load a district, write its pages, index and workbooks, and print the costs."""
    with tempfile.TemporaryDirectory() as home, warehouse() as connection:
        documents, out = Path(home) / "documents", Path(home) / "out"
        write(District(documents, arguments.departments, (1, 2), YEARS, (("text", 1.0),), 0.3, 0.1, seed=1))
        _load(documents)
        write_pages(connection, Selection(DIVISION, YEARS[0]), out)  # fills caches
        pages = Cost(connection)
        with pages:
            number = write_pages(connection, Selection(DIVISION, YEARS[1]), out)
        index = Cost(connection)
        with index:
            index_page(connection, DIVISION, out)
        units = _units(connection)[: arguments.workbooks]
        write_workbooks(connection, Selection(DIVISION, YEARS[0], units[0]), out)
        workbooks = Cost(connection)
        for unit in units:
            with workbooks:
                write_workbooks(connection, Selection(DIVISION, YEARS[1], unit), out)
        sizes = sorted(path.stat().st_size for path in out.glob(f"{YEARS[1]}/*.html"))
        print(f"{arguments.departments} departments, {number} disclosures of {YEARS[1]}")
        _print_cost("page in a batch", pages, number)
        print(f"{sizes[len(sizes) // 2] / 1000:10.0f} kB a page, at most {sizes[-1] / 1000:.0f}")
        _print_cost("index", index, 1)
        _print_cost("workbook, one by one", workbooks, len(units))


def _load(folder: Path) -> None:
    hetang = str(Path(sys.executable).with_name("hetang"))
    done = subprocess.run([hetang, "load", str(folder)], capture_output=True, text=True)
    if done.returncode not in (0, 3):  # the generator makes some documents that are rejected
        raise SystemExit(done.stderr[-2000:])


def _units(connection: psycopg.Connection) -> list[str]:
    found = connection.execute(
        "select reporting_unit_code from budget.disclosure where division_code = %s and fiscal_year = %s and is_current"
        " order by reporting_unit_code",
        (DIVISION, YEARS[1]),
    )
    return [code for (code,) in found]


def _print_cost(what: str, cost: Cost, number: int) -> None:
    wall, client, server = (seconds / number * 1000 for seconds in (cost.wall, cost.client, cost.server))
    print(f"{wall:10.1f} ms each; CPU {client:.1f} here, {server:.1f} in Postgres: {what}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--departments", type=int, default=100)
    parser.add_argument("--workbooks", type=int, default=40)
    main(parser.parse_args())
