"""Number formats: how a spreadsheet prints the numbers and dates that it stores.

A format has up to four sections separated by semicolons (positive; negative; zero; text), each made of digit
placeholders, date parts and literal text. Sheets store 896.2800000000001 and print 896.28, store 1001 and print 001001.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

Render = Callable[[str], str]
_Token = tuple[str, str]  # kind and text

GENERAL = "General"
# the formats that files name by number only, as Chinese Excel prints them
BUILT_IN: dict[int, str] = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
}

# a spreadsheet knows 15 digits of a number and rounds halves away from zero
_FIFTEEN_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP, traps=[])
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP, traps=[])
_LARGEST = 308  # powers of ten that a stored number can have
_LONGEST = 1000  # characters of a format; spreadsheets allow 255
_OVERFLOW = "#####"  # what is printed for a date before the calendar begins

_TOKENS = re.compile(
    r"""(?P<semicolon>;)
    |"(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.)
    | (?P<space>_.) | (?P<fill>\*.)
    | \[(?P<elapsed>h+|m+|s+)\] | \[\$(?P<currency>[^\]-]*)[^\]]*\] | \[(?P<condition>[<>=][^\]]*)\]
    | (?P<ignored>\[[^\]]*\]|@)
    | (?P<general>General|G/通用格式)
    | (?P<noon>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|a{3,4}|e+)
    | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/)
    | (?P<literal>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_WHITE = re.compile(r"\[(?:white|白色?|color ?2|颜色 ?2)\]", re.IGNORECASE)
_LITERALS = frozenset({"quoted", "escaped", "literal", "currency", "percent"})
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*([-+]?(?:\d+\.?\d*|\.\d+))")
_TINY = Decimal("1E-9")


@lru_cache(maxsize=256)
def renderer(code: str, epoch_1904: bool = False, on_colour: bool = False) -> Render:
    """A function that prints stored numbers, given as text, by a format; "" if the format hides them, as white ones
    unless ``on_colour``."""
    sections = [
        _Section.of(tokens, epoch_1904, on_colour) for tokens in _sections(code if len(code) <= _LONGEST else GENERAL)
    ][:4]
    if len(sections) == 4 or (len(sections) > 1 and sections[-1].is_text):
        sections.pop()
    conditional = any(section.condition for section in sections)

    def section_of(number: Decimal) -> _Section:
        if conditional:
            return next((s for s in sections if s.condition and s.condition(number)), sections[-1])
        position = 1 if number < 0 else 2 if number == 0 else 0
        return sections[position] if position < len(sections) else sections[0]

    # a section that negatives alone reach prints their sign itself, in its own way
    signed = {id(section_of(number)) for number in _positives(code)}

    @lru_cache(maxsize=1024)
    def render(value: str) -> str:
        number = _FIFTEEN_DIGITS.create_decimal(value)
        if not number.is_finite() or abs(number.adjusted()) > _LARGEST:
            return value
        section = section_of(number)
        if number >= 0:
            return section.render(number).strip()
        if section.is_date:
            return _OVERFLOW
        shown = section.render(-number).strip()
        return f"-{shown}" if shown and id(section) in signed else shown

    return render


def _positives(code: str) -> Iterator[Decimal]:
    """Sample numbers that are not negative, some for each section of a format that any of them can reach."""
    limits = [Decimal(limit) for _, limit in _CONDITION.findall(code)] + [Decimal(0), Decimal(1)]
    return (number for limit in limits for number in (limit, limit + _TINY, limit - _TINY) if number >= 0)


def _sections(code: str) -> Iterator[list[_Token]]:
    tokens: list[_Token] = []
    for match in _TOKENS.finditer(code or GENERAL):
        kind = match.lastgroup or "literal"
        if kind == "semicolon":
            yield tokens
            tokens = []
        else:
            tokens.append((kind, match[kind]))
    yield tokens


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a format: its condition, and how it prints a number that is not negative."""

    render: Callable[[Decimal], str]
    condition: Callable[[Decimal], bool] | None
    is_date: bool
    is_text: bool

    @classmethod
    def of(cls, tokens: list[_Token], epoch_1904: bool, on_colour: bool) -> _Section:
        kinds = {kind for kind, _ in tokens}
        condition = next((_condition(text) for kind, text in tokens if kind == "condition"), None)
        is_text = ("ignored", "@") in tokens
        is_date = bool(kinds & {"date", "elapsed"})
        if not on_colour and any(kind == "ignored" and _WHITE.match(text) for kind, text in tokens):
            render: Callable[[Decimal], str] = _nothing
        elif is_date:
            render = _date_renderer(tokens, epoch_1904)
        elif "slash" in kinds and any(kind == "digit" for kind, _ in tokens[: _slash(tokens)]):
            # fractions are as rare in budgets as in this function: they print as decimals
            render = _around(_without_denominator(tokens), _general)
        elif "general" in kinds or is_text:
            render = _around(tokens, _general)
        elif "digit" in kinds:
            render = _number_renderer(tokens)
        else:
            literal = _literal(tokens)
            render = lambda _: literal  # noqa: E731
        return cls(render, condition, is_date, is_text)


def _condition(text: str) -> Callable[[Decimal], bool] | None:
    match = _CONDITION.match(text)
    if match is None:
        return None
    operator, limit = match[1], Decimal(match[2])
    return {
        "<": lambda n: n < limit,
        "<=": lambda n: n <= limit,
        ">": lambda n: n > limit,
        ">=": lambda n: n >= limit,
        "=": lambda n: n == limit,
        "<>": lambda n: n != limit,
    }[operator]


def _literal(tokens: Sequence[_Token]) -> str:
    return "".join(" " if kind == "space" else text for kind, text in tokens if kind in _LITERALS or kind == "space")


def _slash(tokens: list[_Token]) -> int:
    return next(i for i, (kind, _) in enumerate(tokens) if kind == "slash")


def _without_denominator(tokens: list[_Token]) -> list[_Token]:
    """The tokens of a fraction (# ?/8) without the slash and the denominator."""
    slash = _slash(tokens)
    rest = slash + 1
    while rest < len(tokens) and (tokens[rest][0] in ("digit", "space") or tokens[rest][1].isdigit()):
        rest += 1
    return tokens[:slash] + tokens[rest:]


def _around(tokens: list[_Token], render: Callable[[Decimal], str]) -> Callable[[Decimal], str]:
    """The literal text before and after the number in a section."""
    places = [i for i, (kind, _) in enumerate(tokens) if kind in ("general", "ignored", "digit")]
    before, after = _literal(tokens[: places[0]]), _literal(tokens[places[-1] + 1 :])
    return lambda number: before + render(number) + after


def _nothing(_: Decimal) -> str:
    """What white digits print."""
    return ""


def _general(number: Decimal) -> str:
    """The format General: as many digits as fit into eleven characters."""
    exponent = number.adjusted()
    if not number:
        return "0"
    if -5 < exponent < 11:
        places = 9 - max(exponent, 0)
        text = f"{_WIDE.quantize(number, Decimal(1).scaleb(-max(places, 0))):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, power = f"{number:.5E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{power[0]}{power[1:]:0>2}"


# ---------------------------------------------------------------------------- figures


def _number_renderer(tokens: list[_Token]) -> Callable[[Decimal], str]:
    digits = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    first, last = digits[0], digits[-1]
    point = next((i for i, (kind, _) in enumerate(tokens) if kind == "point"), None)
    if point is not None:
        first, last = min(first, point), max(last, point)
    before, after = _literal(tokens[:first]), _literal(tokens[last + 1 :])
    inner = tokens[first : last + 1]
    power = next((i for i, (kind, _) in enumerate(inner) if kind == "exponent"), None)
    if power is not None:
        mantissa = _split(inner[:power])[1]
        places = sum(kind == "digit" for kind, _ in mantissa)
        width = sum(kind == "digit" for kind, _ in inner[power:])
        return lambda number: before + _scientific(number, places, width) + after
    whole, decimals = _split(inner)
    # a comma after the last place of the whole number divides by a thousand, one between places groups
    trailing = _count_commas(tokens[last + 1 :]) + _count_commas(list(reversed(whole)))
    grouped = any(kind == "comma" for kind, _ in whole[: len(whole) - _count_commas(list(reversed(whole)))])
    percents = sum(kind == "percent" for kind, _ in tokens)
    shift = 2 * percents - 3 * trailing
    whole = [token for token in whole if token[0] != "comma"]
    places = sum(kind == "digit" for kind, _ in decimals)
    smallest = Decimal(1).scaleb(-places)
    mask = "".join(text for _, text in whole)
    if mask.lstrip("#") == "0" and all(token == ("digit", "0") for token in decimals):
        spec = ",f" if grouped else "f"

        def plain(number: Decimal) -> str:
            shown = _WIDE.quantize(number.scaleb(shift) if shift else number, smallest)
            return f"{before}{shown:{spec}}{after}"

        return plain

    def placed(number: Decimal) -> str:
        shown = f"{_WIDE.quantize(number.scaleb(shift), smallest):f}"
        left, _, right = shown.partition(".")
        fraction = f".{_fraction(decimals, right)}" if point is not None else ""
        return before + _whole(whole, left.lstrip("0"), grouped) + fraction + after

    return placed


def _split(tokens: list[_Token]) -> tuple[list[_Token], list[_Token]]:
    """The tokens before and after the decimal point."""
    point = next((i for i, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    return tokens[:point], tokens[point + 1 :]


def _count_commas(tokens: list[_Token]) -> int:
    count = 0
    while count < len(tokens) and tokens[count][0] == "comma":
        count += 1
    return count


def _scientific(number: Decimal, places: int, width: int) -> str:
    mantissa, _, power = f"{number:.{places}E}".partition("E")
    return f"{mantissa}E{power[0]}{power[1:]:0>{width}}"


def _whole(tokens: list[_Token], digits: str, grouped: bool) -> str:
    """Digits filled into their placeholders from the right; the leftmost placeholder takes all remaining digits."""
    places = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    required = next((len(places) - n for n, i in enumerate(places) if tokens[i][1] == "0"), 0)
    digits = digits.rjust(required, "0")
    if grouped:
        digits = re.sub(r"\d(?=(?:\d{3})+$)", r"\g<0>,", digits)
    if len(places) == len(tokens):
        return digits
    shown = ""
    for index in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[index]
        if kind != "digit":
            shown = text + shown if kind in _LITERALS else shown
            continue
        take = len(digits) if index == places[0] else min(1, len(digits))
        shown = digits[len(digits) - take :] + shown
        digits = digits[: len(digits) - take]
    return shown


def _fraction(tokens: list[_Token], digits: str) -> str:
    """Decimals in their placeholders; trailing zeros are left out if the placeholder is # or ?."""
    shown = []
    position = 0
    for kind, text in tokens:
        if kind == "digit":
            rest_is_zero = not digits[position:].strip("0")
            shown.append("" if text != "0" and rest_is_zero else digits[position])
            position += 1
        elif kind in _LITERALS:
            shown.append(text)
    return "".join(shown)


# ---------------------------------------------------------------------------- dates

_CHINESE_DAYS = "一二三四五六日"


def _moment(serial: Decimal, epoch_1904: bool) -> datetime.datetime | None:
    """The date and time, to the second, of a serial number of days."""
    # the calendar from 1900 has a 29 February 1900 that never was
    start = datetime.datetime(1904, 1, 1) if epoch_1904 else datetime.datetime(1899, 12, 31 if serial < 60 else 30)
    try:
        return start + datetime.timedelta(seconds=int((serial * 86_400).quantize(Decimal(1), ROUND_HALF_UP)))
    except (OverflowError, InvalidOperation):
        return None


def _date_renderer(tokens: list[_Token], epoch_1904: bool) -> Callable[[Decimal], str]:
    twelve_hours = any(kind == "noon" for kind, _ in tokens)
    minutes = _minutes(tokens)

    def render(serial: Decimal) -> str:
        moment = _moment(serial, epoch_1904)
        if moment is None:
            return _OVERFLOW
        shown = []
        for index, (kind, text) in enumerate(tokens):
            match kind:
                case "date":
                    shown.append(_date_part(text.lower(), moment, index in minutes, twelve_hours))
                case "elapsed":
                    unit = {"h": 3600, "m": 60, "s": 1}[text[0].lower()]
                    shown.append(f"{int(serial * 86_400 / unit):0{len(text)}}")
                case "noon":
                    morning, _, evening = text.partition("/")
                    shown.append(morning if moment.hour < 12 else evening)
                case "digit":
                    shown.append("0")  # fractions of a second
                case "point" | "comma" | "slash":
                    shown.append(text)
                case _:
                    shown.append(_literal([(kind, text)]))
        return "".join(shown)

    return render


def _minutes(tokens: list[_Token]) -> set[int]:
    """The positions at which m means minutes: after hours and before seconds."""
    parts = [
        (index, text[0].lower())
        for index, (kind, text) in enumerate(tokens)
        if kind in ("date", "elapsed") and text[0].lower() in "ymdhs"
    ]
    return {
        index
        for n, (index, letter) in enumerate(parts)
        if letter == "m" and ((n and parts[n - 1][1] == "h") or (n + 1 < len(parts) and parts[n + 1][1] == "s"))
    }


def _date_part(text: str, moment: datetime.datetime, is_minute: bool, twelve_hours: bool) -> str:
    width = len(text)
    match text[0]:
        case "y":
            return f"{moment.year % 100:02}" if width <= 2 else f"{moment.year:04}"
        case "e":
            return f"{moment.year}"
        case "a":
            return ("星期" if width == 4 else "") + _CHINESE_DAYS[moment.weekday()]
        case "m" if is_minute:
            return f"{moment.minute:0{min(width, 2)}}"
        case "m":
            return f"{moment.month:0{width}}" if width <= 2 else moment.strftime("%b" if width == 3 else "%B")
        case "d":
            return f"{moment.day:0{width}}" if width <= 2 else moment.strftime("%a" if width == 3 else "%A")
        case "h":
            hour = (moment.hour % 12 or 12) if twelve_hours else moment.hour
            return f"{hour:0{min(width, 2)}}"
        case _:
            return f"{moment.second:0{min(width, 2)}}"


def serial_of(text: str, epoch_1904: bool) -> str | None:
    """The serial number of a date written as 2024-01-05 or 2024-01-05T08:30:00; None if it is no date."""
    try:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    is_before_leap = moment < datetime.datetime(1900, 3, 1)  # as in _moment
    start = datetime.datetime(1904, 1, 1) if epoch_1904 else datetime.datetime(1899, 12, 31 if is_before_leap else 30)
    return str(Decimal((moment - start) // datetime.timedelta(microseconds=1)) / Decimal(86_400_000_000))
