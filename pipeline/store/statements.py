"""The named statements of `sql/queries/*.sql`, loaded once.

A file holds blocks that begin with `-- name: some_name`; comment lines right under the name say why the statement is
as it is. Names are unique over all files.
"""

import re
from functools import cache
from typing import LiteralString, cast

from pipeline.config import bundled

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


@cache
def statements() -> dict[str, LiteralString]:
    """Return every named statement by its name.

    Raises `RuntimeError` if two blocks bear the same name: that is a defect of the program.
    """
    found: dict[str, LiteralString] = {}
    for path in sorted((bundled("sql") / "queries").glob("*.sql")):
        parts = _NAME.split(path.read_text(encoding="utf-8"))
        for name, body in zip(parts[1::2], parts[2::2], strict=True):
            if name in found:
                raise RuntimeError(f"{path}: the statement {name} is defined twice")
            # The files are part of the program, as literal as a string in the source (PEP 675).
            found[name] = cast("LiteralString", body.strip().removesuffix(";"))
    return found


def statement(name: str) -> LiteralString:
    """Return one named statement. Raises `KeyError` if there is none of that name."""
    return statements()[name]
