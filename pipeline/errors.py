"""Every exception that Writethru raises on purpose.

::

    WritethruError
    ├── UsageError                  the person at the keyboard can mend it; shown without a traceback
    │   ├── ConfigurationError      a setting is missing or contradicts another
    │   ├── UnknownStoryError       no story, article, version or feed goes by that name
    │   └── NotReachableError       a part that is needed does not run or does not answer
    ├── StoreError                  Postgres refused something
    │   ├── SchemaMissingError      the schema `news` is absent or older than this program
    │   └── DatabaseUnavailableError  Postgres does not answer now; trying again is right
    ├── NotBegunError               a fetch that still waited for its turn when the time of its batch was over
    ├── UnreadableError             bytes that cannot be read as what they should be; carries the outcome to record
    │   └── NotAFeedError
    └── LocalError                  a part that Writethru itself runs misbehaves
        ├── EmbeddedPostgresError
        └── SupervisorError

What the network or a publisher's server does is never an exception: `fetching` turns it into a
`pipeline.model.Outcome`, because a failed fetch is a thing to be counted, not a fault of the program.
A message says what happened, where, and what to do.
"""

from pipeline.model import Outcome


class WritethruError(Exception):
    """Base of all errors of this project."""


class UsageError(WritethruError):
    """What was asked for cannot be done as asked; the message says what to ask instead."""


class ConfigurationError(UsageError):
    """A setting is missing, malformed, or contradicts another."""


class UnknownStoryError(UsageError):
    """No story, article, version or feed goes by the given number or address."""


class NotReachableError(UsageError):
    """A part that the command needs does not run, or does not answer."""


class StoreError(WritethruError):
    """Postgres refused a statement."""


class SchemaMissingError(StoreError):
    """The schema `news` is absent or older than this program: run `writethru db upgrade`."""


class DatabaseUnavailableError(StoreError):
    """Postgres does not answer; nothing is lost, the next try does the work."""


class NotBegunError(WritethruError):
    """A fetch was not begun, since no more are: it says nothing of the other side, and is as due as before."""


class UnreadableError(WritethruError):
    """Bytes that should have been a feed or an article are not; `outcome` is what gets recorded."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        """Keep the outcome beside a detail that a person can read."""
        super().__init__(outcome, detail)
        self.outcome = outcome
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.outcome.value}: {self.detail}"


class NotAFeedError(UnreadableError):
    """The body is neither RSS, RDF, Atom nor JSON Feed."""


class LocalError(WritethruError):
    """A part that Writethru itself starts misbehaves."""


class EmbeddedPostgresError(LocalError):
    """The embedded Postgres could not be made, started or stopped; the message names its log."""


class SupervisorError(LocalError):
    """`writethru up` could not bring its parts up, or keep them."""
