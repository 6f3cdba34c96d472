"""Faults of clerks in random budgets: how many are noticed and correctly named.

python -m benchmarks.faults [--documents 30] [--first 0] [--show] [--only WORD] [--set jiangsu_budget] [--rounded]
python -m benchmarks.faults --two [--documents 200] [--first 0] [--show] [--only WORD] [--set jiangsu_budget]

Works in memory: budget → text → forms → ledger → diagnosis. --set: documents of another set of forms. --rounded:
amounts are finer than their forms print, so that every cell is rounded. A fault is noticed if there is a finding or a
difference. It is named if there is exactly one diagnosis, with the right kind and form. It is misnamed if a diagnosis
has another kind or form. "equal" counts documents with several equally good explanations. The same seeds always make
the same documents.

--two: two faults of any kinds, each in a form of its own. It prints in how many documents both are named, one of them
or none, and in how many anything else is; then in how many this is in another form.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from dataclasses import replace

from loader.diagnosis.conclusions import WHOLE_FORMS
from loader.diagnosis.diagnose import diagnosed_ledger
from loader.loading.bulk import spare_the_collector
from schema.codes.finding_kinds import finding_kinds
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic.budgets import CENT_OF_WAN, budget_of, random_budget, random_shape
from synthetic.deviations import filed
from synthetic.faults import FAULTS, Document
from synthetic.set_documents import Account, random_account
from synthetic.two_faults import two_faults

_KINDS = list(finding_kinds())
DIAGNOSES = _KINDS[_KINDS.index("figure_blank") :]
OTHER_SETS = (FINAL_ACCOUNTS, SHANGHAI_BUDGET, JIANGSU_BUDGET, NATIONAL_BUDGET)
_ALL_DIAGNOSES = {*DIAGNOSES, *WHOLE_FORMS, "duplicate_form"}
_ALONE_NAMED = [name for name in FAULTS if name != "two projects swapped"]  # the others are named if they are alone
_FINER = 10_007  # 分 for each 0.01 万元: the sums stay true, and no figure is one of whole cents
_OPEN = ("several_explanations", "perhaps_rounded")
QUIET = ("missing_column", "label")  # findings that budgets without a fault may have


def main() -> None:
    """Make documents with each fault, judge the findings, and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=30)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first document")
    parser.add_argument("--show", action="store_true", help="print every document whose fault is not named")
    parser.add_argument("--only", default="", help="faults with this word in their name")
    parser.add_argument("--set", choices=[entry.id for entry in OTHER_SETS], help="a set other than the 23 forms")
    parser.add_argument("--rounded", action="store_true", help="documents rounded cell by cell")
    parser.add_argument("--two", action="store_true", help="two faults in each document")
    options = parser.parse_args()
    spare_the_collector()  # as every process of a load does
    entry = next((entry for entry in OTHER_SETS if entry.id == options.set), None)
    if options.two:
        _two_at_once(options, entry)
        return
    print(f"{'fault':34} documents noticed named equal misnamed   ms median   max")
    for name, (make, kinds) in FAULTS.items():
        if options.only not in name:
            continue
        total = noticed = named = among = misnamed = 0
        times = []
        seed = options.first - 1
        while total < options.documents and seed < options.first + 10 * options.documents:
            seed += 1
            faulty = make(_document(entry, seed, options.rounded), random.Random(f"{name} {seed}"))
            if faulty is None:
                continue
            total += 1
            disclosure = filed(faulty.text)
            start = time.process_time()
            ledger = diagnosed_ledger(disclosure)
            times.append((time.process_time() - start) * 1000)
            findings = [*disclosure.findings, *ledger.findings]
            diagnoses = [finding for finding in findings if finding.kind in _ALL_DIAGNOSES]
            noticed += any(found.kind not in QUIET for found in findings)
            right = [finding for finding in diagnoses if finding.kind in kinds and finding.form_id == faulty.form_id]
            named += len(diagnoses) == len(right) == 1
            is_among = len(diagnoses) == 1 and diagnoses[0].kind in _OPEN
            among += is_among
            misnamed += len(diagnoses) != len(right) and not is_among
            if options.show and not (len(diagnoses) == len(right) == 1):
                messages = [finding.message[:160] for finding in findings if finding.kind not in QUIET]
                print(f"  seed {seed}, form {faulty.form_id} {faulty.row}: {messages}")
        times.sort()
        if not total:
            continue
        print(
            f"{name:34} {total:9} {noticed / total:7.0%} {named / total:5.0%} {among / total:5.0%}"
            f" {misnamed / total:8.0%} {times[total // 2]:11.1f} {times[-1]:5.0f}"
        )


def _two_at_once(options: argparse.Namespace, entry: TemplateSet | None) -> None:
    """Print how many documents with two faults have both named, one or none."""
    counts: Counter[str] = Counter()
    times: list[float] = []
    seed = options.first - 1
    while len(times) < options.documents:
        seed += 1
        chance = random.Random(f"two {seed}")
        one, other = chance.choice(_ALONE_NAMED), chance.choice(_ALONE_NAMED)
        if options.only not in one + other:
            continue
        made = two_faults(_document(entry, seed, is_rounded=False), (one, other), chance)
        if made is None:
            continue
        text, faults = made
        disclosure = filed(text)
        start = time.process_time()
        ledger = diagnosed_ledger(disclosure)
        times.append((time.process_time() - start) * 1000)
        findings = [found for found in (*disclosure.findings, *ledger.findings) if found.kind not in QUIET]
        diagnoses = [(found.kind, found.form_id) for found in findings if found.kind in _ALL_DIAGNOSES]
        wanted = [[(kind, fault.form_id) for kind in FAULTS[name][1]] for name, fault in faults]
        named = sum(any(found in kinds for found in diagnoses) for kinds in wanted)
        others = [found for found in diagnoses if not any(found in kinds for kinds in wanted)]
        is_among = any(kind in _OPEN for kind, _ in others)
        result = ("none", "one", "both")[named] + (" and equal" if is_among else "")
        result += " and another" if len(others) > is_among else ""
        counts[result] += 1
        counts["noticed"] += bool(findings)
        wrong = {fault.form_id for _, fault in faults}
        counts["a right form accused"] += any(form_id not in (None, *wrong) for _, form_id in diagnoses)
        if options.show and result != "both":
            print(f"  seed {seed}, {result}: {[(name, fault.form_id, fault.row) for name, fault in faults]}")
            print(f"    {[(found.form_id, found.message[:110]) for found in findings]}")
    times.sort()
    for result, count in counts.most_common():
        print(f"{result:30} {count:5} {count / len(times):7.1%}")
    print(f"ms median {times[len(times) // 2]:.1f}, p99 {times[int(len(times) * 0.99)]:.0f}, most {times[-1]:.0f}")


def _document(entry: TemplateSet | None, seed: int, is_rounded: bool) -> Document:
    """The budget or account of a seed. If rounded, its amounts have two more digits than forms print."""
    if entry is None:
        return budget_of(replace(random_shape(seed), step=CENT_OF_WAN // 100)) if is_rounded else random_budget(seed)
    account = random_account(entry, seed)
    amounts = {at: amount * _FINER // CENT_OF_WAN for at, amount in account.amounts.items()}
    return Account(entry, amounts) if is_rounded else account


if __name__ == "__main__":
    main()
