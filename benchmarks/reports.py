"""How long the report views and the comparison take for one disclosure, with 1 and with many in the warehouse.

python -m benchmarks.reports [--disclosures 1000]
"""

from __future__ import annotations

import argparse
import statistics
import time

import psycopg

from benchmarks.variants import fill, unit_code
from benchmarks.warehouses import warehouse

REPEATS = 15


def _median_ms(connection: psycopg.Connection, query: str, parameters: tuple[object, ...]) -> float:
    """Median time of a query with planning: statements are not prepared."""
    times = []
    for _ in range(REPEATS + 2):
        begin = time.perf_counter()
        connection.execute(query.encode(), parameters, prepare=False).fetchall()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times[2:])


def _queries(code: str) -> dict[str, tuple[str, tuple[object, ...]]]:
    where = "where fiscal_year = %s and reporting_unit_code = %s"
    unit = (2024, code)
    queries = {f"report.r{no:02d}": (f"select * from report.r{no:02d} {where}", unit) for no in range(1, 24)}
    queries["comparison"] = (f"select * from report.comparison {where}", unit)
    queries["comparison, computed"] = (f"select * from report.comparison_live {where}", unit)
    queries["differing cells of the year"] = (
        "select * from report.comparison where fiscal_year = %s and status = 'differs'",
        (2024,),
    )
    queries["spending by function, whole district"] = (
        "select left(functional_code, 3), sum(amount) from budget.current_amount"
        " where fiscal_year = %s and statement = 'expenditure' group by 1",
        (2024,),
    )
    return queries


def main() -> None:
    """Measure with one disclosure, then with many, and print both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--disclosures", type=int, default=1000)
    wanted = parser.parse_args().disclosures
    with warehouse() as connection:
        columns: list[dict[str, float]] = []
        done = 0
        for count in (1, wanted):
            fill(connection, done, count, wrong_every=10)
            done = count
            connection.execute("analyze")
            middle = unit_code(count // 2)
            columns.append({name: _median_ms(connection, *query) for name, query in _queries(middle).items()})
    print(f"{'milliseconds, median of ' + str(REPEATS):40} {'1':>10} {wanted:>10} {'ratio':>8}")
    for name in columns[0]:
        one, many = columns[0][name], columns[1][name]
        print(f"{name:40} {one:10.2f} {many:10.2f} {many / one:8.2f}")


if __name__ == "__main__":
    main()
