"""Lines that are furniture, and sentences that only look like it."""

import pytest

from pipeline.model import Content
from tests.unit.pages import PROSE, page, read, text_of


def test_furniture_is_dropped_and_numbers_are_kept() -> None:
    lines = [
        "Advertisement",
        "3 hours ago",
        "12 comments",
        "By Ruth Okafor",
        *PROSE,
        "Sign up for our newsletter",
        "The toll is 12.",
    ]
    assert text_of(page(*lines)).split("\n") == [*PROSE, "The toll is 12."]


@pytest.mark.parametrize(
    "line",
    ["Tote: 12.345", "Deaths: 7.818.781", "Inflación: 2.55", "Halbzeit 2:15", "Ergebnis: 12:10", "12 deaths 2020"],
)
def test_a_figure_with_its_name_is_no_date(line: str) -> None:
    assert text_of(page(*PROSE, line)).split("\n") == [*PROSE, line]


@pytest.mark.parametrize(
    "line",
    [
        "Aktualisiert 27.11.2026 10.02",
        "Orrin, 27. November 2026",
        "Mardi 3 mars 2026, 10h02",
        "27/11/26 - 10:02",
        "2026年11月27日(金) 10:02",
        "11月27日 10:02",
        "Live 3:15 PM ET",
        "10:02 GMT",
        "27 November 2026 Last updated at 10:02 GMT",
        "November 27, 2026 -- Updated 1002 GMT (1802 HKT)",
    ],
)
def test_a_line_of_a_date_is_furniture(line: str) -> None:
    assert text_of(page(line, *PROSE)).split("\n") == PROSE


@pytest.mark.parametrize(
    "markup",
    [
        '{} <a class="modal-link" href="/2026/03/09/pier">{}</a> {}',
        '{} <span class="js-cta">{}</span> {}',
        '{} <a class="promo" href="/2026/03/09/pier">{}</a> {}',
        '<a href="/2026/03/09/a">{}</a> {} <em><a href="/2026/03/09/b">{}</a></em>.',
    ],
)
def test_what_stands_within_a_sentence_is_a_part_of_it(markup: str) -> None:
    parts = ("The harbour master had warned of the pier", "and", "the council had put off its repair")
    body = page(*PROSE).replace("</article>", f"<p>{markup.format(*parts)}</p></article>")
    assert text_of(body).split("\n")[-1].removesuffix(".") == " ".join(parts)


@pytest.mark.parametrize(
    "box",
    ["<p>Two people died in a fire in Orrin, police said.</p>", "Two people died in a fire in Orrin,<br>police said."],
)
def test_a_flash_of_one_line_in_a_named_box_is_an_article(box: str) -> None:
    head = '<meta property="og:type" content="article">'
    flash = page(head=head).replace("</article>", f'<div class="modal">{box}</div></article>')
    assert " ".join(text_of(flash).split()) == "Two people died in a fire in Orrin, police said."


@pytest.mark.parametrize(
    "sentence",
    [
        "The bank told clients in its newsletter that 300 jobs would go.",
        "Residents must register now for a place in a shelter, the county said.",
        "People can donate now at any fire station, the Red Cross said.",
        "Fuel was 20% off on Monday after the cut.",
        "Police found a photo gallery of the pier on his phone.",
        "What do you think of the board's plan for the night ferry?",
    ],
)
def test_a_sentence_in_the_words_of_a_request_is_kept(sentence: str) -> None:
    assert sentence in text_of(page(*PROSE, sentence)).split("\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Video showed two men running from the bank before the blast.",
        "Credit Suisse shares fell 24% on Wednesday.",
        "Source code of the system was published on Monday.",
        "Reporting by the BBC found that the fund had lost money since 2015.",
        "Associated Press Journalist Killed in Orrin",
        "C’est la première fois depuis 1911 », a dit Ada Brandt",
        "(c) leaving the scene of an accident without calling an ambulance;",
    ],
)
def test_a_sentence_that_begins_as_a_credit_does_is_kept(sentence: str) -> None:
    assert sentence in text_of(page(*PROSE, sentence)).split("\n")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Personenbezogene Daten von 40.000 Kunden wurden gestohlen."),
        ("de", "Die Bank zahlte eine Provision von drei Millionen Euro."),
        ("es", "Según el último boletín del ministerio, 44 personas murieron."),
        ("es", "La contraseña fue robada a 40.000 clientes."),
        ("en", "14:20 Two people died"),
        ("fr", "Le gouvernement négocie avec l'AFP."),
        ("de", "Ärger mit Reuters kostet Weil das Amt."),
        ("it", "Anna Rossi ha collaborato con gli inquirenti."),
    ],
)
def test_words_that_news_has_too_make_no_furniture(language: str, sentence: str) -> None:
    read_in = page(*PROSE, sentence).replace('lang="en"', f'lang="{language}"')
    assert sentence in text_of(read_in).split("\n")


@pytest.mark.parametrize(
    ("language", "credit"),
    [
        ("en", "Video by Jonas Weil."),
        ("en", "Reporting by Ines Calloway in Orrin."),
        ("en", "AP video journalist Jonas Weil in Orrin contributed to this report."),
        ("en", "Ines Calloway and agencies contributed to this report"),
        ("en", "With inputs from Orrin Press Agency"),
        ("fr", "Le Courrier avec AFP"),
        ("de", "Jonas Weil, mit Material von dpa"),
        ("es", "Con información de Reuters y AFP"),
        ("pt", "Redação, com Lusa"),
        ("it", "Hanno collaborato Anna Rossi e Luca Bianchi"),
        ("nl", "Met medewerking van Anna Berg"),
    ],
)
def test_a_credit_is_dropped_whatever_work_it_names(language: str, credit: str) -> None:
    assert text_of(page(*PROSE, credit).replace('lang="en"', f'lang="{language}"')).split("\n") == [*PROSE]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "This entry was posted in Coast on 10 March by Anna. You can follow any responses to this entry."),
        ("de", "Dieser Beitrag wurde am Dienstag unter Küste veröffentlicht und mit Hafen verschlagwortet."),
        ("fr", "Cette entrée a été publiée dans Côte, avec comme mot-clé port."),
        ("es", "Esta entrada fue publicada en Costa y etiquetada puerto."),
        ("it", "Questa voce è stata pubblicata in Costa e contrassegnata con porto."),
        ("nl", "Dit bericht werd geplaatst in Kust door Anna."),
    ],
)
def test_what_a_blog_says_of_its_entry_is_dropped(language: str, line: str) -> None:
    assert text_of(page(*PROSE, line).replace('lang="en"', f'lang="{language}"')).split("\n") == [*PROSE]


def test_a_note_is_kept_even_beside_a_prompt() -> None:
    note = "This is a developing story. Sign up for our newsletter and check back for updates."
    content = read(page(*PROSE, note))
    assert isinstance(content, Content)
    assert note in content.text
    assert content.is_developing


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "To play this video you need to enable JavaScript in your browser."),
        ("en", "Our Standards: The Thomson Reuters Trust Principles."),
        ("en", "AP writers Jo Low in Oster and Sam Hill in Karu contributed."),
        ("en", "Topics: Ferries, Marlow"),
        ("en", "Blog comments powered by Disqus"),
        ("en", '{ "modules": [{"name": "wide-photo"}], "id": "2162", "kind": "story" }'),
        ("de", "(dpa/lhe)"),
        ("de", "Lesen Sie nach der Anzeige weiter"),
        ("es", "Continúa después de la publicidad"),
        ("fr", "Mots-clés : tramway, aéroport"),
        ("fr", "La suite de l’article après cette publicité"),
        ("it", "L’articolo continua dopo la pubblicità"),
        ("ja", "（山田太郎、高橋恵）"),
        ("ja", "キーワード：路面電車、空港"),
        ("nl", "Tekst gaat verder onder de foto"),
        ("pt", "Receba as notícias no seu WhatsApp. Clique aqui."),
        ("pt", "Siga o Diário no Instagram"),
    ],
)
def test_lines_around_a_story_are_furniture_in_every_language(language: str, line: str) -> None:
    assert text_of(page(*PROSE, line).replace('lang="en"', f'lang="{language}"')).split("\n") == [*PROSE]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "07:50 - Hull intact"),
        ("en", "The ferry sank within minutes. (AP)"),
        ("en", "27 November 2026: ferry updated at the yard of Marlow"),
        ("en", "6:15 a.m.: Interstate closed"),
        ("en", "Topics: the council will discuss schools and the ferry."),
        ("en", "Reporters at the quay said the captain contributed."),
        ("ja", "（随時更新します）"),
        ("pt", "A prefeitura recebeu as notícias no WhatsApp."),
        ("nl", "De tekst gaat verder dan de foto laat zien."),
    ],
)
def test_lines_of_a_story_that_look_like_them_are_kept(language: str, line: str) -> None:
    assert text_of(page(*PROSE, line).replace('lang="en"', f'lang="{language}"')).split("\n") == [*PROSE, line]


@pytest.mark.parametrize(
    "link",
    [
        'RIVALS: <a href="/2">Marlow signs two rowers from the islands</a>',
        '(<strong>MORE:</strong> <a href="/2">What two rowers bring to Marlow</a>)',
        'READ ALSO | <a href="/2">What two rowers bring to Marlow</a>',
    ],
)
def test_a_link_behind_a_label_in_capitals_leads_elsewhere(link: str) -> None:
    assert text_of(page(*PROSE).replace("</article>", f"<p>{link}</p></article>")).split("\n") == [*PROSE]


@pytest.mark.parametrize(
    "line",
    [
        'Marlow: <a href="/2">two rowers were hurt on Friday</a>',
        'UPDATE: <a href="/2">Two rowers</a> were hurt on Friday.',
        'DEAD: 12 in <a href="/2">Marlow and Orrin</a>',
    ],
)
def test_a_line_that_goes_on_behind_its_label_or_link_is_text(line: str) -> None:
    assert len(text_of(page(*PROSE).replace("</article>", f"<p>{line}</p></article>")).split("\n")) == len(PROSE) + 1


def test_what_the_last_lines_say_of_an_author_is_no_text() -> None:
    head = '<meta name="author" content="Anna Berg">'
    about = ["Anna Berg is a staff writer in Orrin.", "Anna Berg can be reached at berg@harbour-times.example"]
    assert text_of(page(*PROSE, *about, head=head)).split("\n") == [*PROSE]
    told = "Anna Berg climbed the mast, and a reporter of the radio held the rope."
    assert told in text_of(page(PROSE[0], told, *PROSE[1:], *PROSE[1:], head=head))


@pytest.mark.parametrize("name", ["del", "s", "strike"])
def test_crossed_out_words_do_not_stand_beside_those_that_took_their_place(name: str) -> None:
    crossed = PROSE[1].replace("140", f"<{name}>104</{name}> <ins>140</ins>")
    assert text_of(page(*PROSE).replace(PROSE[1], crossed)).split("\n") == [*PROSE]
