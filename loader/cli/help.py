"""The help in the user's language. Chinese characters are two columns wide and may be broken anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import click

from loader.cli.language import language, translated

_UNBREAKABLE = re.compile(r"[!-~]+|.", re.DOTALL)
_NEVER_FIRST = "，。；：、！？）》”’"  # in a line
_COMMAND = "\0"  # placeholder for the command while the rest is translated
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")  # between an example and its explanation


def width_of(text: str) -> int:
    """The width of a text on a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def broken(text: str, width: int) -> list[str]:
    """The text broken into lines of this width; two columns are kept for a mark that may not begin the next line."""
    lines = [""]
    for piece in _UNBREAKABLE.findall(text):
        if width_of(lines[-1] + piece) > width - 2 and piece not in _NEVER_FIRST and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] or piece != " " else ""
    return lines


class Formatter(click.HelpFormatter):
    """Writes English as click does, and Chinese from the catalogue."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        if language() == "en":
            super().write_usage(prog, args, prefix)
        else:
            usage = translated(f"Usage: {_COMMAND} {args}".rstrip())  # the command name is not translated
            self.write(usage.replace(_COMMAND, prog) + "\n")

    def write_heading(self, heading: str) -> None:
        if language() == "en":
            super().write_heading(heading)
        else:
            self.write(f"{' ' * self.current_indent}{translated(heading)}：\n")

    def write_text(self, text: str) -> None:
        if language() == "en":
            super().write_text(text)
            return
        indent = " " * self.current_indent
        paragraphs = [
            list(map(_example, paragraph.splitlines()[1:]))
            if paragraph.startswith("\b")
            else broken(translated(" ".join(paragraph.split())), self.width - self.current_indent)
            for paragraph in text.split("\n\n")
        ]
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        if language() == "en":
            super().write_dl(rows, col_max, col_spacing)
            return
        rows = list(rows)
        first = min(max((width_of(term) for term, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, meaning in rows:
            lines = broken(translated(meaning), max(self.width - first - self.current_indent, 20))
            if width_of(term) + col_spacing > first:
                self.write(f"{indent}{term}\n")
                term = ""
            for line in lines:
                self.write(f"{indent}{term}{' ' * (first - width_of(term))}{line}".rstrip() + "\n")
                term = ""


def _example(line: str) -> str:
    """A line of examples: the explanation is translated, the command is not."""
    gap = _GAP.search(line)
    if gap is None:
        return line[: len(line) - len(line.lstrip())] + translated(line.strip())
    return line[: gap.end()] + translated(line[gap.end() :])


class CommandGroup(click.Group):
    """A group that lists its commands with the first sentence of their help; in Chinese it is never shortened."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if language() == "en":
            super().format_commands(ctx, formatter)
            return
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                paragraph = " ".join((command.help or "").split("\n\n")[0].split())
                rows.append((name, translated(paragraph).partition("。")[0]))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


click.Context.formatter_class = Formatter
