"""How two versions look as a diff."""

from datetime import UTC, datetime

from pipeline.changes import compare, content_sha256
from pipeline.cli.drawing import diff_lines
from pipeline.model import Version

AT = datetime(2026, 3, 10, tzinfo=UTC)


def version(headline: str, text: str) -> Version:
    return Version(
        version_id=1,
        article_id=1,
        number=1,
        observed_at=AT,
        headline=headline,
        text=text,
        language="en",
        is_developing=False,
        extractor="test",
        content_sha256=content_sha256(headline, text),
        capture_id=1,
        captured_at=AT,
    )


def lines(old: Version, new: Version) -> list[str]:
    after = new.text.split("\n")
    told = diff_lines(old, new, after, compare(old.text.split("\n"), after))
    return [f"{mark.plain} {sentence.plain}" for mark, sentence in told]


def test_a_headline_in_other_typography_is_no_change() -> None:
    old = version("Mayor’s ‘anger’ at quay fire", "The quay is closed.")
    assert lines(old, version("Mayor's 'anger' at quay fire", "The quay is open.")) == [
        "~ The quay is [-closed-]{+open+}."
    ]
    same = lines(old, version("Mayor's 'anger' at quay fire", "The quay is closed."))
    assert same == ["  No change that a journalist made."]


def test_a_new_headline_comes_first() -> None:
    old = version("Quay closed", "The quay is closed.")
    assert lines(old, version("Quay open", "The quay is closed.")) == ["~ headline: Quay [-closed-]{+open+}"]
