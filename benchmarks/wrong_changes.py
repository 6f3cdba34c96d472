"""Every single wrong change that benchmarks.mutants makes to declarations, rules and views."""

from __future__ import annotations

import io
import itertools
import random
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path

ROOT = Path(__file__).parent.parent
KINDS = ("declarations", "rules", "views")
RULES = ("schema/reference_data.py", "schema/report_columns.py", "schema/report_views/*.py")
_LANGUAGE = ("__init__.py", "template.py")


@dataclass(frozen=True)
class Mutant:
    """One file with one wrong change."""

    kind: str
    path: str
    text: str

    def compiles(self) -> bool:
        """Whether Python compiles it. Postgres is not asked."""
        if not self.path.endswith(".py"):
            return True
        try:
            compile(self.text, self.path, "exec")
        except SyntaxError:
            return False
        return True

    def change(self) -> tuple[str, str]:
        """The old and the new text, as one line each."""
        old = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        lines = [line for line in ndiff(old, self.text.splitlines()) if line[:2] in ("- ", "+ ")]
        before, after = (" ".join(line[2:].strip() for line in lines if line[0] == sign) for sign in "-+")
        return before, after


# ---------------------------------------------------------------------------- wrong changes to SQL

_SQL: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"(?<![<>!=:-])=(?![>=])", "<>"),
    (r"<>", "="),
    (r"(?<=\s)<(?=\s)", "<="),
    (r"(?<=\s)>(?=\s)", ">="),
    (r"(?<=\s)<=(?=\s)", "<"),
    (r"(?<=\s)>=(?=\s)", ">"),
    (r"(?<=\w) \+ (?=\w)", " - "),
    (r"(?<=\w|\)) - (?=\w)", " + "),
    (r"\bsum\(", "max("),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\bbool_and\(", "bool_or("),
    (r"\bbool_or\(", "bool_and("),
    (r"\bgreatest\(", "least("),
    (r"\binner join\b", "left join"),
    (r"\bleft join\b", "inner join"),
    (r"\bfull join\b", "left join"),
    (r"\bcoalesce\(([\w.]+), [^()]+\)", r"\1"),
    (r"\bnullif\(([^()]+), [^()]+\)", r"\1"),
    (r"\babs\(([^()]+)\)", r"\1"),
    (r"\b(left|right)\(([\w.]+), 3\)", r"\1(\2, 2)"),
    (r"\bsubstr\(([\w.]+), (\d)", r"substr(\1, 1\2"),
    (r" desc\b", ""),
    (r"\border by ([\w.]+)$", r"order by \1 desc"),
    (r"\bselect distinct\b(?! on)", "select"),
    (r"\bcount\(distinct ", "count("),
    (r"\bnot exists\b", "exists"),
    (r"\bis not null\b", "is null"),
    (r"\bis null\b", "is not null"),
    (r"\bnot in\b", "in"),
    (r"\bor\b", "and"),
    (r"(?<=\S) and\b", " or"),
    (r"\bnot (?=[a-z_]+\.|is_|form)", ""),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"'(?!g')(\w[^'%]*)'", r"'\1x'"),  # 'g' says how a pattern is replaced, and x with it means nothing
    (r"\b([1-9])\b(?!\.\d|')", lambda m: str(int(m[1]) + 1)),
    (r"\{([0-9]),\}", r"{9,}"),
)
_UNTOUCHED = re.compile(r"create (or replace )?(view|function)|^set |^language |raise |plan_cache_mode|hashtext")
# A disclosure's id determines its division, its year and who filed; beside it, these conditions only select a partition
# and a server, or pass on which unit is asked for.
_REDUNDANT = re.compile(r"\s*(where|and)( (\w+\.)?(division_code|fiscal_year) = [\w.]+( and)?)+\n?")
_WHO_FILED = re.compile(r"\s*and (\w+\.)?reporting_unit_code = (\w+\.)?reporting_unit_code\n?")
_SAME_DISCLOSURE = re.compile(r"\bdisclosure_id = (\w+\.)?disclosure_id\b")


def _wrong_sql(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        code, mark, comment = line.rstrip("\n").partition("--")
        if not code.strip() or _UNTOUCHED.search(code):
            continue
        for pattern, replacement in _SQL:
            for match in re.finditer(pattern, code):
                new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
                changed = code[: match.start()] + new + code[match.end() :]
                yield _with(lines, number, changed + mark + comment + "\n")
        if without := _without_condition(lines, number):
            yield without


def _with(lines: list[str], number: int, *new: str) -> str:
    return "".join([*lines[:number], *new, *lines[number + 1 :]])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without_condition(lines: list[str], number: int) -> str | None:
    """The text without the condition in this line.

    None if the line is no condition, or a part of a longer one.
    """
    line, after = lines[number], lines[number + 1] if number + 1 < len(lines) else ""
    if line.count("(") != line.count(")") or "case" in line or " then " in line:
        return None
    around = _around(lines, number)
    if _REDUNDANT.fullmatch(line) and "disclosure_id" in around:
        return None
    if _WHO_FILED.fullmatch(line) and _SAME_DISCLOSURE.search(around):
        return None
    if re.match(r"\s+(and|or) ", line):
        if _indent(after) > _indent(line):
            return None
        return _with(lines, number)
    if re.match(r"\s*where ", line):
        if re.match(r"\s+and ", after):
            return "".join([*lines[:number], re.sub(r"\band\b", "where", after, count=1), *lines[number + 2 :]])
        if _indent(after) <= _indent(line):
            return _with(lines, number)
    return None


def _around(lines: list[str], number: int) -> str:
    """The conditions directly above and below a line."""
    beside = [line for line in lines[max(0, number - 3) : number + 4] if re.match(r"\s+(on|and|where) ", line)]
    return "".join(beside)


# ---------------------------------------------------------------------------- wrong changes to Python

_WORDS = {
    "==": "!=",
    "!=": "==",
    "<": "<=",
    ">": ">=",
    "<=": "<",
    ">=": ">",
    "and": "or",
    "or": "and",
    "True": "False",
    "False": "True",
    "EXPENDITURE": "REVENUE",
    "REVENUE": "CARRY_OVER",
    "CARRY_OVER": "EXPENDITURE",
    "_government_economic": "_department_economic",
    "_department_economic": "_government_economic",
    "UNIT_ROWS": "FUNCTION_ROWS",
    "FUNCTION_ROWS": "ITEM_ROWS",
    "ITEM_ROWS": "FUNCTION_ROWS",
    "_WAGES": "_GOODS",
    "_GOODS": "_INDIVIDUALS",
    "_INDIVIDUALS": "_WAGES",
    "PUBLIC": "STAFF",
    "STAFF": "PUBLIC",
    '"basic"': '"project"',
    '"project"': '"basic"',
    '"operating"': '"remitted"',
    '"remitted"': '"subsidy"',
    '"subsidy"': '"operating"',
    '"opening"': '"closing"',
    '"closing"': '"opening"',
    '"department"': '"government"',
    '"government"': '"department"',
}
_CODE = re.compile(r'"\d{1,7}"')
_CHINESE = re.compile(r'"[^"]*[\u4e00-\u9fff][^"]*"')
_PLAIN = re.compile(r"^(from|import) |encoding=|__name__|Path\(|_WIDTH|raise ")
_COLUMN = re.compile(r'^\s+(?:\w*\()?"([a-z][a-z_0-9]+)",(?: \(| "|$)')


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    skipped = (tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    found = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token for token in found if token.type not in skipped and not token.string.startswith(('"""', "r'"))]


def _wrong_python(text: str, in_sql: bool) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    tokens = _tokens(text)
    for token, after, last in zip(tokens, tokens[1:], tokens[2:], strict=False):
        row = token.start[0] - 1
        if token.start[0] != token.end[0] or _PLAIN.search(lines[row]):
            continue
        for new in _replacements(token, in_sql):
            yield _with(lines, row, lines[row][: token.start[1]] + new + lines[row][token.end[1] :])
        # a code, or another member, dropped from a tuple of several
        if token.type == tokenize.STRING and after.string == "," and last.type == tokenize.STRING:
            if last.start[0] == token.start[0]:
                rest = lines[row][last.end[1] :]
                comma = "," if rest.startswith(")") else ""  # still a tuple
                yield _with(lines, row, lines[row][: token.start[1]] + last.string + comma + rest)
            elif after.end[0] == token.start[0] and not lines[row][: token.start[1]].strip():
                yield _with(lines, row, lines[row][: token.start[1]] + lines[row][after.end[1] :])
    named = [(number, match) for number, line in enumerate(lines) if (match := _COLUMN.match(line))]
    for (number, match), (other, next_match) in itertools.pairwise(named):
        swapped = list(lines)
        swapped[number] = _renamed(lines[number], match, next_match[1])
        swapped[other] = _renamed(lines[other], next_match, match[1])
        yield "".join(swapped)


def _renamed(line: str, match: re.Match[str], name: str) -> str:
    return line[: match.start(1)] + name + line[match.end(1) :]


def _replacements(token: tokenize.TokenInfo, in_sql: bool) -> Iterator[str]:
    word = token.string
    if word in _WORDS:
        yield _WORDS[word]
    elif token.type == tokenize.NUMBER and word.isdigit():
        yield str(int(word) + 1)
    elif token.type == tokenize.STRING and _CODE.fullmatch(word):
        yield f'"{word[1:-2]}{(int(word[-2]) + 1) % 10}"'
    elif token.type == tokenize.STRING and _CHINESE.fullmatch(word):
        yield f'{word[:-2]}"' if len(word) > 3 else '"某"'
    elif token.type == tokenize.STRING and in_sql:
        for pattern, replacement in _SQL:
            for match in re.finditer(pattern, word):
                new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
                yield word[: match.start()] + new + word[match.end() :]


# ---------------------------------------------------------------------------- all of them


def _files(kind: str) -> list[Path]:
    if kind == "declarations":
        return [path for path in sorted((ROOT / "schema/forms").glob("*.py")) if path.name not in _LANGUAGE]
    if kind == "rules":
        return [path for pattern in RULES for path in sorted(ROOT.glob(pattern))]
    return [path for path in sorted((ROOT / "sql").rglob("*.sql")) if path.parent.name != "generated"]


def mutants(kind: str) -> dict[str, list[Mutant]]:
    """File → every wrong change of it, also such that Python would not compile."""
    found: dict[str, list[Mutant]] = {}
    for path in _files(kind):
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        wrong = _wrong_sql(text) if kind == "views" else _wrong_python(text, in_sql=kind == "rules")
        texts = [changed for changed in dict.fromkeys(wrong) if changed != text]
        found[name] = [Mutant(kind, name, changed) for changed in texts]
    return found


def every(kinds: list[str], part: str) -> list[Mutant]:
    """All of these kinds, of the files whose path holds ``part``."""
    files = (found for kind in kinds for name, found in mutants(kind).items() if part in name)
    return [mutant for found in files for mutant in found if mutant.compiles()]


def sample(kinds: list[str], part: str, count: int, seed: int) -> list[Mutant]:
    """A random sample, with the same number of each kind.

    The share of a file grows with the square root of its number of changes.
    """
    chance = random.Random(seed)
    chosen: list[Mutant] = []
    for number, kind in enumerate(kinds):
        wanted = count // len(kinds) + (number < count % len(kinds))
        files = {name: found for name, found in mutants(kind).items() if part in name and found}
        keyed = [(chance.random() ** (len(found) ** 0.5), mutant) for found in files.values() for mutant in found]
        keyed.sort(key=lambda entry: entry[0], reverse=True)
        chosen += itertools.islice((mutant for _, mutant in keyed if mutant.compiles()), wanted)
    chance.shuffle(chosen)
    return chosen
