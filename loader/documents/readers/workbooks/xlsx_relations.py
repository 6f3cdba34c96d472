"""What the parts of an xlsx package refer to."""

from __future__ import annotations

import posixpath

from loader.documents.readers.package import Package


def relations_of(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id → (kind, member) of the references of a part of the package."""
    folder, name = posixpath.split(part)
    member = posixpath.join(folder, "_rels", f"{name}.rels")
    if member not in package:
        return {}
    return {
        entry.get("Id", ""): (
            posixpath.basename(entry.get("Type", "")),
            posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/"),
        )
        for entry in package.xml(member).iter("{*}Relationship")
    }
