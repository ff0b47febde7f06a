"""The language of a tag: whose words and rules a text is read by."""

import re


def language_code(tag: str | None) -> str | None:
    """Return the first part of a tag in lower case ("pt" of "pt-BR" and "PT_br"; RFC 5646), if it has one."""
    return re.split("[-_]", tag)[0].lower() if tag else None
