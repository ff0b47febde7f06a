"""Every command the documentation shows exists, with those options and that number of arguments."""

import contextlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.main
from typer.core import TyperGroup

from pipeline.cli.app import app
from pipeline.config import CHECKOUT_DIR
from tests.docs.conftest import DOCUMENTS, blocks

# typer brings click along under a private name; this is its UsageError.
USAGE_ERROR = typer.BadParameter.__base__

# Programs of others, whose options are not ours to check.
OTHERS = {"airflow", "cp", "createdb", "docker", "git", "pg_dump", "pg_restore", "source", "sudo", "uv"}
_PROMISE = re.compile(r"`(?:\$ )?writethru ([a-z][^`]*)`")


def lines_of(text: str) -> Iterator[list[str]]:
    """Yield the commands of a shell block as words; a newline within quotation marks or after a backslash goes on."""
    words: list[str] = []
    for line in text.replace("\\\n", " ").splitlines(keepends=True):
        words.append(line)
        try:
            split = shlex.split("".join(words), comments=True)
        except ValueError:
            continue  # a quotation mark is still open
        words = []
        if split:
            yield split
    assert not words, f"a quotation mark is never closed: {''.join(words)}"


COMMANDS = [
    pytest.param(words, id=f"{block}:{' '.join(words)[:60]}")
    for block in blocks("sh")
    for words in lines_of(block.text)
]
MENTIONS = sorted(
    {mention for document in DOCUMENTS for mention in _PROMISE.findall(document.read_text(encoding="utf-8"))}
)


def parse(arguments: list[str]) -> None:
    """Parse the arguments of `writethru` as the program would, without running anything.

    Raises `USAGE_ERROR` if it would refuse them.
    """
    command: Any = typer.main.get_command(app)
    context = None
    with contextlib.suppress(typer.Exit):  # --help, --version
        while True:
            context = command.make_context(command.name or "writethru", list(arguments), parent=context)
            if not isinstance(command, TyperGroup):
                return
            _, command, arguments = command.resolve_command(context, [*context._protected_args, *context.args])


def check(words: list[str]) -> None:
    """Check one command line."""
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    program, arguments = Path(words[0]).name, words[1:]
    if program == "writethru":
        parse(arguments)
    elif program == "docker" and "exec" in arguments and "scheduler" in arguments:
        check(arguments[arguments.index("scheduler") + 1 :])
    elif program == "make":
        targets = set(re.findall(r"^([a-z]+):", (CHECKOUT_DIR / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
        assert {word for word in arguments if "=" not in word} <= targets
    elif program == "python" and arguments[:1] == ["-m"]:
        name = arguments[1]
        ours = CHECKOUT_DIR / name.replace(".", "/")
        assert name in {"pip", "pytest", "spacy"} or ours.with_suffix(".py").exists() or (ours / "__main__.py").exists()
    elif program == "python" and arguments[:1] == ["-c"]:
        compile(arguments[1], "documentation", "exec")
    elif program == "export":
        assert re.fullmatch(r"(WRITETHRU|AIRFLOW)_\w+=.+", arguments[0], re.DOTALL)
    elif program == "pre-commit":
        assert (CHECKOUT_DIR / ".pre-commit-config.yaml").exists()
    else:
        assert program in OTHERS, f"{program} is neither ours nor known"


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_of_a_block_exists(words: list[str]) -> None:
    redirections = {">", "<", ">>", "|"}
    cut = next((place for place, word in enumerate(words) if word in redirections), len(words))
    check(words[:cut])


@pytest.mark.parametrize("mention", MENTIONS)
def test_a_command_named_in_the_text_exists(mention: str) -> None:
    words = [word for word in shlex.split(mention.replace("…", " ")) if word not in {"...", "URL..."}]
    command: Any = typer.main.get_command(app)
    for word in words:
        if not isinstance(command, TyperGroup):
            break
        assert word in command.commands, f"writethru {mention}"
        command = command.commands[word]
    known = {name for parameter in command.params for name in parameter.opts} | {"--help", "--"}
    assert {word for word in words if word.startswith("--")} <= known, f"writethru {mention}"


def test_a_command_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(USAGE_ERROR):
        parse(["feeds", "destroy"])
    with pytest.raises(USAGE_ERROR):
        parse(["stories", "--no-such-option"])
