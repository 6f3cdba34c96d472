"""How labels, codes and figures are written, and how to compare them.

Offices print the same label with spaces and line breaks inside, with full- or half-width brackets, dashes and digits,
with or without an enumeration in front. Programs add invisible characters, and browsers print radicals in place of the
characters that look like them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from difflib import SequenceMatcher

from loader.documents.remembered import remembered

APART = " / "  # between the figures of several lines in one cell, which are none
RESEMBLING = 0.6  # of the signs of two texts, one of which was read from a picture

# radicals and the characters that look like them, as Unicode's EquivalentUnifiedIdeograph lists them
_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕𫜹⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫"
    "⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷"
    "⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿"
    "⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_INVISIBLE = (
    *(range(0x00, 0x09), range(0x0E, 0x1C), range(0x7F, 0x85), range(0x86, 0xA0)),  # control characters
    *(range(0xAD, 0xAE), range(0x34F, 0x350), range(0x61C, 0x61D), range(0x180B, 0x1810)),  # the soft hyphen, joiners
    *(range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070)),  # zero width, directions, the word joiner
    *(range(0xFE00, 0xFE10), range(0xFEFF, 0xFF00)),  # variants of a glyph, the byte order mark
    *(range(0xFFF9, 0xFFFD),),  # notes between the lines, and the place of a drawing
    *(range(0xE0000, 0xE0080), range(0xE0100, 0xE01F0)),  # tags, more variants
)
_CONTROLS = dict.fromkeys((*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)))
_CLEAN: dict[int, str | None] = (
    {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | {ord(radical): same for radical, same in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
    | {code: None for codes in _INVISIBLE for code in codes}
    | dict.fromkeys((0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0), " ")  # letters of other scripts that show nothing
)
_UNCLEAN = frozenset(map(chr, _CLEAN))
_TURNS_ROUND, _TURNS_BACK = "\u202e", "\u202c"  # around a text from right to left: 05.11 is seen as 11.50
_GOES_ON = frozenset("\u202a\u202b\u202d")  # around a part of one whose figures are not turned round
_MIRRORED = str.maketrans("()[]<>（）【】〔〕", ")(][><）（】【〕〔")
_SPACE = re.compile(r"\s+")
_FOLDED = re.compile("[0-9A-Za-z一-鿿.,:;()/%+*=、。《》-]*")  # most texts; folding changes nothing in them
_DASHES = re.compile(r"[-\u2010-\u2015\u2212\u2500\uff0d_]+")
_DASH_BEHIND = re.compile(rf"\d\s*{_DASHES.pattern}\s*$")
_QUOTES = re.compile("[\"'“”‘’「」『』＂〝〞]")
_NUMERALS = "一二三四五六七八九十"
_ENUMERATION = re.compile(
    rf"^(?:[{_NUMERALS}]+[、.,:]|\([{_NUMERALS}]+\)[、.]?|\d{{1,2}}[、.](?!\d)|\(\d{{1,2}}\)|其中:|加:|减:|[☆★*※#]"
    r"|[-·•●○◆◇■□▪]+(?!\d))+"  # what stands for an indent
)
_CIRCLED = re.compile(r"^\s*[①-⑳❶-❿➀-➓]+")
_NOTE = re.compile(r"^(?:(?:注|备注|(?:填表)?说明)\d?[:：.]|本表[^。]{0,6}单位[:为是])")
# words that begin with 无, which then says nothing of what an office has not
_WORD_WITH_NO = r"(?:线|偿|形|障碍|害|公害|纸|烟|菌|毒|缝|轨|党派|居民|家可归|人(?:机|驾|值守|区|艇|船|车|岛))"
_SAYS_EMPTY = re.compile(
    r"[本此该]表(?:格)?(?:无数据|无内容|为空|是空|空白)|^\(?空表\)?$"  # 故本表为空
    rf"|^\(?本(?:单位|部门)(?:本?年度?|20\d\d年度?)?(?:没有|无(?!{_WORD_WITH_NO})|未安排|未发生)"  # 本单位无此项支出
)
_LONGEST_NOTE = 80  # characters of a line that says so
# the money unit of a head: 预算数(元), 合计[单位:万元], (元)金额, 金额/元, 小计元
_MONEY_UNIT = re.compile(
    r"[(\[【〔]?(?:(?:金额|货币|计量)?单位[:为]?)?[(]?(?:人民币)?(?:[百千]万|[百千万亿])?元[)\]】〕]{1,2}$"
    r"|(?<=.)(?<!单位)(?<!金额(?=:))[/,:;·-](?:人民币)?(?:[百千]万|[百千万亿])?元$"
    r"|(?<=[一-鿿)])(?<!单位)(?<![单公美欧日港多状一二两三四五六七八九十百千万亿每几])(?:[百千]万|[百千万亿])?元$"
    r"|^[(\[【〔](?:人民币)?(?:[百千]万|[百千万亿])?元[)\]】〕](?=.)"
)
_PAGE = re.compile(r"^(?:第?\d+页?(?:[,，/]?共?\d+页)?|-\d+-)$")
_CONTINUED = re.compile(r"(?:\(续表?[\d一二三四五]*\)|续表?[\d一二三四五]*)$")
# what may stand around the digits of a figure: quotes of spreadsheets, brackets and signs of negatives, money
_FIGURE = re.compile(
    r"""^[='"`‘’“”]*(?:(?P<outside>[-△▲负]):?(?=¥?[(]))?(?:¥(?=[(]))?(?P<open>[(\[【〔〈<])?
    (?P<before>(?:[-+△▲▵▴▽▼∆Δ⊿¥]|负:?|(?:人民币|RMB|CNY):?|CN(?=¥))*)
    (?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?P<power>(?:E|[×x]10\^)[-+]?\d{1,3})?
    (?:\(人民币\)|人民币|RMB|CNY|¥)?(?P<framed>[(\[])?(?P<unit>(?:百|千|万|百万|亿)?元|[万亿])?(?(framed)[)\]])整?
    (?P<after>-|\(-\)|\(?(?:负|红字)\)?)?(?P<close>[)\]】〕〉>])?(?P<outer>(?:百|千|万|百万|亿)?元)?
    (?:(?:(?<=\.\d\d)|(?<=元))[.,;。、])?['"`‘’“”]*$""",
    re.VERBOSE | re.IGNORECASE,
)
# as most are printed: nothing in it is to be understood
_PLAIN_FIGURE = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,6})?")
_WORDS = re.compile("[一-鿿A-Za-z()（）、，。：；“”《》/-]*")  # which print no figure
_YUAN = {"元": 1, "百元": 100, "千元": 1000, "万元": 10**4, "百万元": 10**6, "亿元": 10**8, "万": 10**4, "亿": 10**8}
_TRADITIONAL = str.maketrans("負萬億圓圆", "负万亿元元")
_SIGNS = re.compile(r"[-+△▲▵▴▽▼∆Δ⊿负]")
_BRACKETS = dict(zip("([【〔〈<", ")]】〕〉>", strict=True))
# raised, lowered, in circles or in brackets, which as digits would join those of the figure; ticks of who checked it
_NOTE_MARK = (
    "[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207d\u207e\u2080-\u2089\u208d\u208e①-⑳⑴-⒇⓪-⓿㉑-㉟㊱-㊿❶-➓㊀-㊉"
    "*＊※†‡§#＃㊟√✓✔☑✅]"
)
_NOTE_MARKS = re.compile(
    rf"^(?:\s*{_NOTE_MARK})+(?!\s*[.．])|(?:\s*(?:注\d{{0,2}})?(?:{_NOTE_MARK}|[⒈-⒛]))+\s*$"
    rf"|[(（]?(?:见?注(?:\d{{0,2}}|[{_NUMERALS}])|见说明)[)）]?\s*$"
    r"|(?<=\.\d\d)\s*[(（\[［【〔](?:注?\d{1,2}|注)[)）\]］】〕]\s*$"
)
_MINUS = re.compile(
    r"[\u02d7\u2010-\u2015\u2043\u2212\u2296\u2500\u2501\u2796\u30fc]+|\([负-]\)(?=[\d.])|(?:负数|红字)(?=[\d.])"
)
_SOFT_MINUS = re.compile(r"^([(（]?)\u00ad(?=\s*[¥￥]?[\d.])")  # a hyphen that some fonts and pages call a soft one
_POINT = re.compile(r"(?<=\d)\s*[。·•‧・∙⋅]\s*(?=\d)")
_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2007\u2009\u202f'’](?=\d{3}(?:[\u00a0\u2007\u2009\u202f'’]\d{3})*\.\d)")
_CLOCK_OR_DATE = re.compile(r"\d:\d|\d[年月]\d|\d{4}[-/.]\d{1,2}[-/.]\d|\d-[A-Z][a-z]{2}\b")
_TWO_NUMBERS = re.compile(r"\d\s+\d")
_SPACED_OUT = re.compile(r"\S(?:\s\S)+")  # 1 1 . 5 0, as a cell is filled from edge to edge
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SEPARATORS = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")  # of thousands, which a format may print in other ways
_LONGEST_FIGURE = 64  # characters
MAX_DIGITS = 15  # before the decimal point: as many as a spreadsheet knows, a thousand times the budget of the country
_MAX_DECIMALS = 30
_FIFTEEN_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
# 无, /, dashes: a place left empty on purpose
PLACEHOLDERS = frozenset({"", "-", "/", "无", "\\", "--", "—"})
TOTALS = frozenset({"合计", "总计", "合计数"})


def clean(text: str) -> str:
    """The text as it is seen: without invisible characters, with characters in place of radicals that look like them,
    and with text direction marks resolved."""
    if (text.isascii() and text.isprintable()) or _UNCLEAN.isdisjoint(text):
        return text
    if _TURNS_ROUND in text:
        text = "\n".join(map(_in_order_of_reading, text.split("\n")))
    return text.translate(_CLEAN)


def _in_order_of_reading(line: str) -> str:
    """A line without text direction marks, nested ones included: the characters in the order in which they are seen."""
    open_parts: list[tuple[bool, list[str]]] = [(False, [])]  # whether it is turned round, and what is in it
    for character in line + _TURNS_BACK * sum(map(line.count, (_TURNS_ROUND, *_GOES_ON))):
        is_turned, pieces = open_parts[-1]
        if character == _TURNS_ROUND or character in _GOES_ON:
            open_parts.append((character == _TURNS_ROUND, []))
        elif character != _TURNS_BACK:
            pieces.append(character.translate(_MIRRORED) if is_turned else character)
        elif len(open_parts) > 1:
            open_parts.pop()
            open_parts[-1][1].append("".join(reversed(pieces) if is_turned else pieces))
    return "".join(open_parts[0][1])


@remembered(50_000)
def fold(text: str) -> str:
    """The text without white space and quotation marks, with half-width forms and one kind of dash."""
    if _FOLDED.fullmatch(text) and "--" not in text:
        return text
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", clean(text)))
    return _DASHES.sub("-", _QUOTES.sub("", folded))


@remembered(50_000)
def label(text: str) -> str:
    """The folded text without enumeration (一、 （二） 3. 其中：) in front, money unit and punctuation at the end."""
    folded = fold(_CIRCLED.sub("", text))
    return without_money_unit(_ENUMERATION.sub("", folded).rstrip(":;。")) or folded


def fold_name(name: str) -> str:
    """The name of a project or unit as stored: without blanks and invisible characters, otherwise as printed."""
    return "".join(clean(name).split())


def is_enumerated(text: str) -> bool:
    """Whether a text begins with an enumeration (一、 （二） 3.)."""
    return bool(_ENUMERATION.match(fold(text)))


def resembles(read: str, known: str) -> bool:
    """Whether a text that was read from a picture can be a known text with one or two misread characters."""
    return SequenceMatcher(None, fold(read), fold(known), autojunk=False).ratio() >= RESEMBLING


def without_enumeration(folded: str) -> str:
    """A folded text without the enumeration (一、 1. 其中：) in front and a colon at the end."""
    return _ENUMERATION.sub("", folded).rstrip(":") or folded


def without_money_unit(folded: str) -> str:
    """A folded text without its money unit (预算数(元), 合计(单位:万元), 金额/元)."""
    return _MONEY_UNIT.sub("", folded) if "元" in folded else folded


def money_unit_within(folded: str) -> str:
    """What :func:`without_money_unit` leaves out of a folded text."""
    match = _MONEY_UNIT.search(folded) if "元" in folded else None
    return match[0] if match is not None else ""


def without_continued(text: str) -> str:
    """The folded text without the （续） of a table that continues from another page."""
    folded = fold(text)
    return _CONTINUED.sub("", folded) if "续" in folded else folded


def is_note(text: str) -> bool:
    """Whether a line below a table is a note on it (注：…, 故本表为空)."""
    folded = fold(text)
    return bool(_NOTE.match(folded) or (len(folded) <= _LONGEST_NOTE and _SAYS_EMPTY.search(folded)))


def is_page_number(text: str) -> bool:
    """Whether a line is a page number (第 3 页，共 25 页)."""
    return bool(_PAGE.match(fold(text)))


@remembered(50_000)
def is_total(text: str) -> bool:
    """Whether a cell says 合计 or 总计."""
    return label(text) in TOTALS


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed, and the number of its decimals.

    ``yuan`` is its money unit in 元 if the cell itself states one (11.50万元); otherwise the form does.
    """

    value: Decimal
    decimals: int
    yuan: int | None = None


@remembered(50_000)
def figure(text: str) -> Figure | None:
    """The figure that a cell prints, or None if it prints none (a placeholder or other text).

    Thousands separators, full-width digits, signs, brackets of negatives, currencies, units, footnote marks and powers
    of ten are understood. Two numbers are no figure, and neither is one of more than ``MAX_DIGITS`` digits before the
    point.
    """
    if _PLAIN_FIGURE.fullmatch(text):
        value = Decimal(text.lstrip("-").replace(",", ""))
        return Figure(-value if text[0] == "-" else value, len(text.partition(".")[2]))
    if len(text) > _LONGEST_FIGURE or _WORDS.fullmatch(text):
        return None
    marked = _THOUSANDS.sub(",", clean(_SOFT_MINUS.sub(r"\1-", text)))
    folded = unicodedata.normalize("NFKC", _NOTE_MARKS.sub("", marked)).strip()
    folded = _POINT.sub(".", _MINUS.sub("-", folded.translate(_TRADITIONAL)))
    if _TWO_NUMBERS.search(folded) and not ("." in folded and _SPACED_OUT.fullmatch(folded)):
        return None
    match = _FIGURE.match(_SPACE.sub("", folded))
    if match is None or match["close"] != (_BRACKETS[match["open"]] if match["open"] else None):
        return None
    signs = _SIGNS.findall(match["before"]) + ([match["after"]] if match["after"] else [])
    if len(signs) > 1 or (signs and match["outside"]):
        return None
    power = (match["power"] or "").lower().replace("×10^", "e").replace("x10^", "e")
    value = Decimal(match["digits"].replace(",", "") + power)
    decimals = max(-int(value.as_tuple().exponent), 0)
    if value.adjusted() >= MAX_DIGITS or decimals > _MAX_DECIMALS:
        return None
    if decimals > 2 and len(value.as_tuple().digits) > MAX_DIGITS:  # noise of doubles: 67.849999999999994 is 67.85
        value = _FIFTEEN_DIGITS.plus(value)
        decimals = max(-int(value.as_tuple().exponent), 0)  # as exact as it is printed, whatever digits are zeros
        value = value.normalize()
    negative = match["open"] is not None or (bool(signs) and signs != ["+"])
    return Figure(-value if negative else value, decimals, _YUAN.get(match["unit"] or match["outer"]))


def has_dash_behind(text: str) -> bool:
    """Whether a figure ends with a dash (11.50-), which is its sign or a stray line."""
    return _DASH_BEHIND.search(clean(text)) is not None


def stored_figure(text: str, raw: str | None) -> Figure | None:
    """The figure of a cell that prints ``text`` and stores ``raw``, or None as for ``figure``.

    The printed text counts, with its rounding and its unit. What it leaves out is taken from the stored number: the
    sign if negatives are red, the digits behind a power of ten, the figure between words that a format adds, the
    decimal point if a format prints one as a literal character (0!.00,"万元").
    """
    shown = figure(text)
    stored = figure(raw) if raw is not None else None
    if stored is None:
        return shown
    exact = _FIFTEEN_DIGITS.create_decimal(stored.value).normalize()
    if shown is None:
        is_other = "%" in text or "‰" in text or APART in text or _CLOCK_OR_DATE.search(text) is not None
        shown = None if is_other else _shown_within(text, abs(exact))
        if shown is None:
            return None
    elif "E" in text.upper() and shown.yuan is None:
        return Figure(exact, max(-int(exact.as_tuple().exponent), 0))
    elif shown.yuan is not None and (power := _misplaced(shown, exact)):
        return Figure(exact, shown.decimals - power - len(str(shown.yuan)) + 1, 1)
    if shown.value * exact < 0:
        return Figure(-shown.value, shown.decimals, shown.yuan)
    return shown


def _shown_within(text: str, exact: Decimal) -> Figure | None:
    """The most exact figure that shows a stored number among the words, marks and separators of a printed text."""
    folded = unicodedata.normalize("NFKC", text)
    numbers = {*_NUMBER.findall(folded), *_NUMBER.findall(_SEPARATORS.sub("", folded))}
    shown = [found for number in numbers if (found := figure(number)) and _rounded(exact, found.value, found.decimals)]
    return max(shown, key=lambda found: found.decimals, default=None)


def _misplaced(shown: Figure, exact: Decimal) -> int:
    """The number of digits by which the decimal point of a printed figure with a unit is too far left for a number
    stored in 元."""
    if _rounded(abs(exact), abs(shown.value), shown.decimals):
        return 0
    there = abs(exact) / (shown.yuan or 1)
    places = (0, 1, 2, 3, -1, -2, -3)
    return next((p for p in places if _rounded(there.scaleb(-p), abs(shown.value), shown.decimals)), 0)


def _rounded(exact: Decimal, shown: Decimal, decimals: int) -> bool:
    """Whether a number equals another one rounded to so many decimals."""
    return abs(exact - shown) <= Decimal(5).scaleb(-decimals - 1)


def join_lines(lines: Iterable[str], wrapped: bool = False) -> str:
    """The lines of one cell as one text. Chinese may break anywhere, so a space is added only between two Latin words.

    Two numbers on two lines stay two, unless the lines are ``wrapped``, that is broken at the edge of the cell. Control
    characters of terminals are left out.
    """
    joined = ""
    for line in lines:
        for part in line.splitlines():
            part = part.strip()
            if not part.isprintable():
                part = part.translate(_CONTROLS).strip()
            if joined and part and _needs_space(joined[-1], part[0], wrapped):
                joined += " "
            joined += part
    return joined


def _needs_space(last: str, first: str, wrapped: bool) -> bool:
    if last.isdigit():
        return first.isdigit() and not wrapped
    return (last + first).isascii() and last.isalpha() and first.isalpha()


def is_placeholder(text: str) -> bool:
    """Whether a cell says that there is nothing: 无, / or a dash, also behind the currency of a number format."""
    return fold(text).lstrip("¥$") in PLACEHOLDERS


@remembered(50_000)
def digits(text: str) -> str | None:
    """The code that a cell prints, or None: digits only; a spreadsheet may write it as 201.0 or '201."""
    folded = fold(text)
    if folded.endswith(".0"):
        folded = folded[:-2]
    return folded if folded.isascii() and folded.isdigit() else None
