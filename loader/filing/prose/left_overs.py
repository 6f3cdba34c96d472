"""What a sentence still has of the template that it was made of: 增加（减少）, XX万元, 主要原因是。"""

from __future__ import annotations

import re

_BLANK = r"(?:[XxＸ×*_]{2,}|(?<![A-Za-z\d元人月日天次])[Xx×])"  # 人×月 is a product
_LEFT_OVER = re.compile(
    # one of them was to be chosen
    r"(?:增加|增长|上升)[(/]+(?:减少|下降|降低)\)?|(?:减少|下降|降低)[(/]+(?:增加|增长|上升)\)?"
    # a figure or a name was to be put in
    rf"|{_BLANK}(?:亿元|万元|元(?![件器素])|%|年度?|[月日人](?![数均次])|名|个|辆|台|单位|部门|局)"
    r"|(?:增加|减少|增长|下降|安排|共计|合计|决算为|预算为)(?:亿元|万元)(?=[,;。])|(?:增长|下降|增加|减少|占比)%"
    # a reason or a purpose was to be put in
    r"|原因(?:是|为|在于|:)+(?=[。;])|主要用于:?(?=[。;])"
)
_STATES = re.compile("元|%|原因|用于")


def left_overs(text: str) -> list[str]:
    """The words left over in a folded sentence that states money, changes or reasons, each once."""
    return list(dict.fromkeys(found[0] for found in _LEFT_OVER.finditer(text))) if _STATES.search(text) else []
