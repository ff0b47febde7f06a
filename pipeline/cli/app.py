"""The command tree."""

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import (
    alerts,
    comparing,
    databases,
    doctor,
    feeds,
    following,
    questions,
    running,
    serving,
    stories,
    web,
)
from pipeline.cli.console import columns_help, configure_logs, say
from pipeline.store.questions import SearchRow
from pipeline.store.reading import FactRow, StoryRow

RUN_IT = "Run everything"
ASK_IT = "Ask the record"
FEED_IT = "Say what to follow"
MEND_IT = "Look after it"

app = typer.Typer(
    name="writethru",
    help="Follows developing news stories: every version, what changed, and the latest facts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="State lives in $WRITETHRU_HOME; WRITETHRU_DATABASE_URL points everything at a Postgres of your own. "
    "Exit status: 0 all well, 1 something failed, 2 asked wrongly, 130 Ctrl-C.",
)


def _version(asked: bool) -> None:
    if asked:
        say(f"writethru {__version__}")
        raise typer.Exit


@app.callback()
def start(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is being done to standard error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Set up logs for every command."""
    configure_logs(verbose=verbose)


app.command("demo", rich_help_panel=RUN_IT)(serving.demo)
app.command("up", rich_help_panel=RUN_IT)(serving.up)
app.command("run", rich_help_panel=RUN_IT)(running.run)
app.command("web", rich_help_panel=RUN_IT)(web.web)
app.command("stories", rich_help_panel=ASK_IT, epilog=columns_help(StoryRow))(stories.list_stories)
app.command("show", rich_help_panel=ASK_IT)(stories.show)
app.command("diff", rich_help_panel=ASK_IT)(comparing.diff)
app.command("facts", rich_help_panel=ASK_IT, epilog=columns_help(FactRow))(stories.facts)
app.command("search", cls=questions.SearchCommand, rich_help_panel=ASK_IT, epilog=columns_help(SearchRow))(
    questions.search
)
app.command("tail", rich_help_panel=ASK_IT, epilog=stories.TAIL_COLUMNS)(stories.tail)
app.command(
    "psql",
    rich_help_panel=ASK_IT,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(databases.psql)
app.add_typer(feeds.app, name="feeds", rich_help_panel=FEED_IT)
app.add_typer(alerts.app, name="alerts", rich_help_panel=FEED_IT)
app.command("follow", rich_help_panel=FEED_IT)(following.follow)
app.command("forget", rich_help_panel=FEED_IT)(following.forget)
app.add_typer(databases.app, name="db", rich_help_panel=MEND_IT)
app.command("doctor", rich_help_panel=MEND_IT)(doctor.doctor)
