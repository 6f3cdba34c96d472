"""What loading the sample costs: seconds by stage and peak memory, the start of the server apart.

python -m benchmarks.load [--documents 50]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from benchmarks.warehouses import unit_code, variant, warehouse
from loader.file_disclosure import file_disclosures
from loader.ledger import make_ledger
from loader.load import DIVISION, Options, load_content
from loader.readers import read

Value = TypeVar("Value")


def main() -> None:
    """Load variants of the sample through the front door, then time the stages before the database again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50)
    count = parser.parse_args().documents
    seconds: dict[str, float] = defaultdict(float)

    def timed(stage: str, work: Callable[[], Value]) -> Value:
        begin = time.perf_counter()
        value = work()
        seconds[stage] += time.perf_counter() - begin
        return value

    begin = time.perf_counter()
    with warehouse() as connection:
        start = time.perf_counter() - begin
        load_content(connection, variant(0), "warm-up.txt", Options())
        for number in range(1, count + 1):
            content = variant(number)
            timed(
                "whole load", lambda c=content, n=number: load_content(connection, c, f"{unit_code(n)}.txt", Options())
            )
            document = timed("read", lambda c=content: read(c, "document"))
            filed = timed("recognise and place", lambda d=document: file_disclosures(d, DIVISION))
            timed("ledger", lambda f=filed: [make_ledger(disclosure) for disclosure in f])
    before = seconds["read"] + seconds["recognise and place"] + seconds["ledger"]
    seconds["store and compare"] = seconds["whole load"] - before
    print(f"server and schema: {start:.2f} s")
    for stage, total in seconds.items():
        print(f"{stage:22} {total / count * 1000:8.1f} ms a disclosure")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
