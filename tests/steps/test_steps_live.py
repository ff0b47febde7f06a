"""Live blogs whose older entries scroll off the page."""

import json

from pipeline import articles, steps

ENTRIES = [
    (f"2026-11-27T{hour:02}:00:00Z", f"Turnout at {share}%", f"Turnout stood at {share}% at {hour}, the board said.")
    for hour, share in ((9, 12), (11, 18), (13, 27), (15, 41))
]
LEAD = "Follow our live coverage of the general election, in which 4.2 million people can vote."


def page(entries):
    posts = [
        {"@type": "BlogPosting", "@id": at, "headline": title, "datePublished": at, "articleBody": text}
        for at, title, text in entries
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": "Election live",
        "liveBlogUpdate": posts,
    }
    script = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    text = "".join(f"<section id='{at}'><h3>{title}</h3><p>{body}</p></section>" for at, title, body in entries)
    return (
        f"<html lang='en'><head><title>Election live</title>{script}</head>"
        f"<body><article><h1>Election live</h1><p>{LEAD}</p>{text}</article></body></html>"
    )


def test_the_words_of_a_version_are_those_of_its_text_with_the_entries_that_have_scrolled_off(desk, site):
    steps.follow_urls(desk.url, [site.put("/live", page(ENTRIES[2::-1]))])
    desk.round()
    site.put("/live", page(ENTRIES[:1:-1]))
    desk.make_due()
    desk.round()
    versions = desk.table("versions")
    assert [len(version["live_entries"]) for version in versions] == [3, 4]
    assert [version["words"] for version in versions] == [articles.count_words(version["text"]) for version in versions]
