"""Postgres: connections, migrations, and the named statements of `sql/queries`.

The store executes decisions and makes none. A function here takes an open connection and values of `model`; whoever
calls it opens the transaction (`with connection.transaction():`), so that what belongs together lands together.
"""
