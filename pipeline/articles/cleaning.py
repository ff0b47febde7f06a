"""Lines that trafilatura keeps and a reader would not call part of the story.

Title echoes, bylines and date lines, "read more" links, prompts to subscribe, picture credits, counters. What is
dropped is decided by phrases (data) and by place; nothing is dropped for its numbers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.articles import plain
from pipeline.articles.dates import written
from pipeline.articles.lexicon import SENTENCE_START, Finder, Sought, finder, sought
from pipeline.dates import zone_named

_ECHO_LINES = 6  #: the title is repeated, if at all, among the first so many lines
_PROMPT_WORDS = 45
_REPEATED_WORDS = 20
_SHORT = 200
_LONGEST = 400  #: characters of a line that can be furniture
_BESIDE_AUTHORS = 4  #: words, as in "Anna Berg and Jonas Weil, updated 3 hours ago"
_START = r"^[\W_]*"
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CONTACT_WORDS = 20  #: with those of the address
_CREDITED_WORDS = 60
_BETWEEN_NAMES = re.compile(
    r"and|at|by|for|from|in|of|s|the|to|with|agencies|correspondents?|freelance|journalists?|photographers?|reporters?|staff|"
    r"contact|editors?|e-?mail|on|responsible|story|this|"
    r"video|writers?|ansa|apa|dpa|efe|epd|kna|lusa|sda|aus|den|der|im|und|van|von|de|des|du|et|la|le|da|del|di|do|dos|e|en|los|og|och|y"
)
#: a day whose year is short or left out, and a time of day; never a part of a longer number, as in "12.345"
_SHORT_DAY = re.compile(r"(?<![\d.,/])[0-3]?\d([./])\s?[01]?\d\1\s?\d\d(?![.,/]?\d)|\d{1,2}月\s?\d{1,2}日")
_CLOCK = re.compile(
    r"(?<![\d.,:])(?:[01]?\d|2[0-3])(?:[.:h][0-5]\d(?::[0-5]\d)?|[0-5]\d(?=\s(?-i:GMT|UTC|[A-Z]{2,3}T)\b))(?![.,:]?\d)"
    r"(?P<said>\s?(?:uhr|[ap]\.?m\b\.?))?(?:\s?(?P<zone>(?-i:[A-Z]{2,5}))\b)?",
    re.IGNORECASE,
)
_DATE_WORDS = 2  #: words beside the date in a date line: "Updated", a weekday, a place
_AGO = re.compile(
    r"^\W*(?:(?:vor|il y a|hace|há|fa)\s+)?(?:\d+|an?|one)\s*"
    r"(?:s|secs?|m|mins?|h|hrs?|d|seconds?|minutes?|hours?|days?|weeks?|sekunden?|minuten?|stunden?|tagen?|"
    r"minutos?|horas?|días?|heures?|jours?|分|時間|日|분|시간)\s*(?:ago|read|min read|lesezeit|前|전)?\W*$",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"^\W*[\d.,]+\s*[kKmM]?\s+(?:comments?|shares?|views?|likes?|reads?|replies|min(?:ute)?s? read|kommentare?|"
    r"commentaires?|comentarios?|reacties|commenti|komentar\w*)\W*$",
    re.IGNORECASE,
)
#: "(dpa/lhe)": agencies, and the desks that sent it on.
_AGENCIES = re.compile(
    r"[(\[](?:afp|ap|apa|ansa|anp|dpa|efe|epd|epa|kna|lusa|ntb|reuters|sda|sid|tt)(?:[ /,-]+[a-z]{2,7}){0,4}[)\]]",
    re.IGNORECASE,
)
#: "（山田太郎、高橋恵）": Japanese papers name their reporters, or the agency, in brackets behind the last sentence.
_JAPANESE_NAMES = re.compile(
    r"[（(](?:[\u4e00-\u9fff々ヶ][\u3040-\u30ff\u4e00-\u9fff々]{1,6}[、・＝= ]?){1,4}(?<![すたるいり])[）)]"
)
_LATE_LINES = 4  #: a story's last lines, among which its reporters are named
_INTRODUCED_WORDS = 60
#: data of a script that a template wrote into the text
_CODE = re.compile(r'[\[{]\s*"[\w.-]{1,60}"\s*:')
_TIMED_HEADING = re.compile(r"\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\b\.?|\s?Uhr)?\s?[:–—-]\s(?=\S+\s\S)", re.IGNORECASE)
_NAME = r"[A-ZÀ-ÞĀ-Ž][\w.’'-]+"
_BYLINE_REST = re.compile(
    rf"^\W*(?:{_NAME}(?:[\s,&]+(?:and|und|et|y|e|en|och|van|de|von|der|for|in|{_NAME})){{0,10}}\W*$|.{{0,60}}\d.{{0,40}}$)"
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a page says of itself, by which lines of its text are known to be furniture."""

    titles: tuple[str, ...]  #: keys of headline and title in every form the page gives
    names: frozenset[str]  #: keys of authors and publisher
    authors: tuple[str, ...]  #: keys of the authors' names but those of one word


def furniture(titles: Iterable[str], names: Iterable[str], authors: Iterable[str] = ()) -> Furniture:
    """Return what the lines are compared with."""
    people = [key for name in authors if (key := plain.key(name))]
    return Furniture(
        titles=tuple(dict.fromkeys(key for title in titles if (key := plain.key(title)))),
        names=frozenset([*people, *(key for name in names if (key := plain.key(name)))]),
        authors=tuple(key for key in people if plain.count_words(key) > 1),
    )


def clean_lines(lines: Sequence[str], about: Furniture, language: str | None) -> list[str]:
    """Return the lines that belong to the story, in their order; each but once."""
    rules = _Rules.narrowed(sought("\n".join([line for line in lines if len(line) <= _LONGEST])), language)
    kept: list[str] = []
    seen: set[str] = set()
    previous = ""
    for position, line in enumerate(lines):
        key = plain.key(line)
        words = key.count(" ") + 1
        # A long paragraph that comes again is the template's doing; a short one may be a list's.
        if not key or (key in seen and (words > _REPEATED_WORDS or key == previous)):
            continue
        if position < _ECHO_LINES and (
            _echoes_title(key, words, about.titles) or _names_authors(line, key, about.authors)
        ):
            continue
        if key in about.names or _is_clutter(line, words) or rules.drop(line, words) or _CODE.match(line):
            continue
        if position >= len(lines) - _LATE_LINES and _tells_of_reporters(line, key, about.authors):
            continue
        seen.add(key)
        previous = key
        kept.append(line)
    return kept


def _echoes_title(key: str, words: int, titles: Sequence[str]) -> bool:
    for title in titles:
        if key == title:
            return True
        length = title.count(" ") + 1
        # "Kicker: the title" and halves of it are echoes; a paragraph that quotes its headline is not.
        if length > 2 and title in key and words <= length + 8:
            return True
        if words > 3 and key in title:
            return True
    return False


def _names_authors(line: str, key: str, authors: Sequence[str]) -> bool:
    """Whether a line is the byline: the authors' names with a few words around them, and no sentence."""
    if len(line) > _SHORT or line[-1] in '.!?。”"»':
        return False
    rest = key
    for name in authors:
        rest = rest.replace(name, " ")
    return rest != key and plain.count_words(rest) <= _BESIDE_AUTHORS


def _tells_of_reporters(line: str, key: str, authors: Sequence[str]) -> bool:
    """Whether one of the last lines names agencies, or tells of an author: "Anna Berg is a reporter in Orrin"."""
    if _AGENCIES.fullmatch(line) or _JAPANESE_NAMES.fullmatch(line):
        return True
    author = next((name for name in authors if key.startswith(f"{name} ")), None)
    if author is None or key.count(" ") >= _INTRODUCED_WORDS:
        return False
    return "@" in line or finder("role", before=r"\b", after=r"\b").search(line) is not None


def _is_clutter(line: str, words: int) -> bool:
    if len(line) > 120:
        return False
    if words <= _CONTACT_WORDS and "@" in line and _is_contact(line):
        return True
    if not _LETTER.search(line):
        return len(line) < 12 or _is_date_line(line)
    return bool(_AGO.match(line) or _COUNTER.match(line)) or _is_date_line(line)


def _are_names(text: str) -> bool:
    """Whether a text is nothing but names, and what stands between them."""
    return all(not word[0].islower() or _BETWEEN_NAMES.fullmatch(word) for word in _LETTERS.findall(text))


def _is_contact(line: str) -> bool:
    """Whether a line is an e-mail address and whose it is: "Write to Anna Berg at berg@paper.example", no appeal."""
    rest, addresses = _EMAIL.subn(" ", line)
    return addresses > 0 and not any(sign.isdigit() for sign in rest) and _are_names(rest)


def _is_date_line(line: str) -> bool:
    """Whether a line is nothing but a date or time, with at most a word or two that introduce it.

    Beside words, a bare "12:10" may be a result, and "1.234" a toll: there a time of day says that it is one.
    """
    if len(line) >= 70 or line[-1] in "!?。":
        return False
    if (heading := _TIMED_HEADING.match(line)) and not _are_names(line[heading.end() :]):
        return False  # of a timeline: "07:50 - Hull intact"
    rest, days = _SHORT_DAY.subn(" ", line)
    for _, run in written(rest):
        rest, days = rest.replace(run, " ", 1), days + 1
    if days and (label := finder("byline", before=r"\b", after=r"\b(?:\sat\b)?").search(rest)):
        rest = f"{rest[: label.start()]} {rest[label.end() :]}"
    clocks = list(_CLOCK.finditer(rest))
    words = len(_LETTERS.findall(_CLOCK.sub(" ", rest)))
    said = days or any(clock["said"] or (clock["zone"] and zone_named(clock["zone"])) for clock in clocks)
    return words <= _DATE_WORDS and bool(said or (clocks and not words))


@dataclass(frozen=True, slots=True)
class _Rules:
    """The phrase rules that can apply to one page at all."""

    line: Finder
    teaser: Finder
    prompt: Finder
    request: Finder
    credit: Finder
    byline: Finder
    contributors: Finder
    notes: tuple[Finder, ...]  #: what says that more is to come, is over, or was wrong, is never furniture

    @classmethod
    def narrowed(cls, text: Sought, language: str | None) -> "_Rules":
        return cls(
            line=finder("line", before=_START, after=r"[\W_\d]*$", language=language).narrowed(text),
            teaser=finder("teaser", before=_START, language=language).narrowed(text),
            prompt=finder("prompt", language=language).narrowed(text),
            request=finder("request", before=SENTENCE_START, language=language).narrowed(text),
            credit=finder("credit", before=_START, language=language).narrowed(text),
            byline=finder("byline", before=_START, language=language).narrowed(text),
            contributors=finder("contributors", language=language).narrowed(text),
            notes=(
                finder("developing", before=SENTENCE_START, language=language).narrowed(text),
                finder("ended", before=SENTENCE_START, language=language).narrowed(text),
                finder("correction", before=_START, language=language).narrowed(text),
            ),
        )

    def drop(self, line: str, words: int) -> bool:
        """Whether a line is furniture by its phrases."""
        return self._is_furniture(line, words) and not any(note.search(line) for note in self.notes)

    def _is_furniture(self, line: str, words: int) -> bool:
        if len(line) <= _SHORT:
            if self.line.search(line) or self._is_teaser(line, words):
                return True
            if words < 20 and (self._is_credit(line) or self._is_byline(line)):
                return True
        if len(line) <= _LONGEST and words < _CREDITED_WORDS and self._credits_colleagues(line):
            return True
        if words >= _PROMPT_WORDS or len(line) > _LONGEST:
            return False
        return self.prompt.search(line) is not None or self.request.search(line) is not None

    def _credits_colleagues(self, line: str) -> bool:
        """Whether a line names who else worked on the story: a byline at its end."""
        rest = line
        while match := self.contributors.search(rest):
            rest = f"{rest[: match.start('phrase')]} {rest[match.end('phrase') :]}"
        if rest == line:
            return False
        return _are_names(rest)

    def _is_teaser(self, line: str, words: int) -> bool:
        match = self.teaser.search(line)
        if not match:
            return False
        rest = line[match.end("phrase") :].lstrip(" .…")
        # A link line ends without a full stop, or says after a colon or arrow where it leads.
        return not rest or rest[0] in ":>»›→|–—-" or rest[-1] not in '.!?。”"' or words < 4

    def _is_credit(self, line: str) -> bool:
        if line[:3].lower() == "(c)":
            return _are_names(line[3:])  # else it is the third point of a list
        match = self.credit.search(line)
        if not match:
            return False
        rest = line[match.end("phrase") :].strip()
        if not rest or rest[0] in ":©/|" or match["phrase"][0] == "©":
            return True
        # "Video by Jonas Weil." is a credit, "Video showed two men." a sentence.
        return rest[-1] not in "!?。" and (rest[-1] != "." or _are_names(rest))

    def _is_byline(self, line: str) -> bool:
        match = self.byline.search(line)
        if not match:
            return False
        rest = line[match.end("phrase") :].lstrip(" :")
        return not rest or (_BYLINE_REST.match(rest) is not None and rest[-1] not in ".!?")
