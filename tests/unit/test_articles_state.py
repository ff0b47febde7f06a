"""Bodies held by scripts: found where they are, and never at the price of time."""

import json
import time

from pipeline.articles.state import body_in_scripts

TEXT = "The dam above Fairwater held through the night while engineers lowered the level of the lake behind it. " * 3
MARKUP = f"<p>{TEXT}</p><figure><figcaption>The dam.</figcaption></figure><p>{TEXT}</p>"


def test_a_string_of_html_in_plain_json() -> None:
    assert body_in_scripts([json.dumps({"a": 1, "html": MARKUP})]) == [TEXT.strip(), TEXT.strip()]


def test_a_string_of_json_within_a_script() -> None:
    inner = json.dumps({"html": MARKUP}).replace("<", "\\u003c")
    assert body_in_scripts([f"self.push([1,{json.dumps('5:' + inner)}])"]) == [TEXT.strip(), TEXT.strip()]


def test_the_longest_of_several_is_the_body() -> None:
    scripts = [json.dumps({"teaser": f"<p>{TEXT}</p><p>More.</p>"}), json.dumps({"body": MARKUP})]
    assert body_in_scripts(scripts) == [TEXT.strip(), TEXT.strip()]


def test_scripts_without_a_body_hold_none() -> None:
    assert body_in_scripts(["var a = '<p>short</p>';", json.dumps({"b": "x" * 900}), ""]) == []


def test_a_script_made_of_quotation_marks_takes_no_time() -> None:
    begun = time.process_time()
    for script in ('"<p>' + '\\"' * 700_000, '"' * 1_000_000 + "<p>", '"<p ' + "\\" * 1_000_000):
        assert body_in_scripts([script]) == []
    assert time.process_time() - begun < 20
