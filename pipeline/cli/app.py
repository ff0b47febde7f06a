"""The command tree."""

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import databases, doctor, feeds, following, running, serving, stories
from pipeline.cli.console import configure_logs, out

app = typer.Typer(
    name="writethru",
    help="Follows developing news stories: every version, what changed, and the latest facts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="State lives in $WRITETHRU_HOME; WRITETHRU_DATABASE_URL points everything at a Postgres of your own.",
)


def _version(asked: bool) -> None:
    if asked:
        out.print(f"writethru {__version__}")
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


app.command("demo")(serving.demo)
app.command("up")(serving.up)
app.command("run")(running.run)
app.add_typer(feeds.app, name="feeds")
app.command("follow")(following.follow)
app.command("forget")(following.forget)
app.command("stories")(stories.list_stories)
app.command("show")(stories.show)
app.command("diff")(stories.diff)
app.command("facts")(stories.facts)
app.command("tail")(stories.tail)
app.add_typer(databases.app, name="db")
app.command("psql", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(databases.psql)
app.command("doctor")(doctor.doctor)
