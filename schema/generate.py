"""Generate the SQL files of the report views from the declarations of the forms.

    python -m schema.generate           write sql/{report,report_zh,district}/generated anew
    python -m schema.generate --check   only say which files differ (exit code 1)

The files are committed, so that they can be read, searched and reviewed like the others; a test compares them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from schema.forms import FORMS
from schema.report_views.views import chinese_view, district_view, report_view

SQL = Path(__file__).parent.parent / "sql"


def generated_views() -> dict[Path, str]:
    """File (below ``sql/``) → text, for every form and its Chinese version. ValueError names a form if no view can be
    generated for it."""
    files: dict[Path, str] = {}
    for form in FORMS.values():
        try:
            files[Path("report", "generated", f"{form.form_id}.sql")] = report_view(form)
            files[Path("report_zh", "generated", f"{form.form_id}.sql")] = chinese_view(form)
            if form.has_table:  # sheets of goals have no money to add up
                files[Path("district", "generated", f"{form.form_id}.sql")] = district_view(form)
        except (KeyError, ValueError) as error:
            raise ValueError(f"form {form.form_id} ({form.title}) is declared as no view can be: {error}") from error
    return files


def stale() -> Iterator[Path]:
    """Generated files that differ from the declarations, are missing, or belong to no form."""
    wanted = generated_views()
    for path, content in wanted.items():
        file = SQL / path
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            yield path
    for folder in ("report", "report_zh", "district"):
        for file in sorted((SQL / folder / "generated").glob("*.sql")):
            if file.relative_to(SQL) not in wanted:
                yield file.relative_to(SQL)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the report views from the declarations of the forms.")
    parser.add_argument("--check", action="store_true", help="only say which files differ")
    arguments = parser.parse_args()
    wanted, found = generated_views(), list(stale())
    if not arguments.check:
        for path in found:
            file = SQL / path
            if path in wanted:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(wanted[path], encoding="utf-8")
            else:
                file.unlink()
    for path in found:
        print(f"sql/{path}")
    sys.exit(bool(arguments.check and found))


if __name__ == "__main__":
    main()
