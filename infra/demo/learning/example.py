"""The example lesson: a public client, as a page in a browser is one, and the track that its people learn."""

from infra.admin.database import connect
from infra.cli.learning import import_track
from infra.local.keys import Keys
from infra.sandbox.server import SandboxServer
from shared.credentials.secrets import hash_secret
from shared.database import sql

CLIENT, TRACK = "demo-app", "sql-basics"  # the track: as infra/cli/learning/example_track.yml has it
PHONE, NEIGHBOUR = "demo-phone", "neighbours-phone"
SECONDS_BETWEEN_WORDS = 0.02  # of the stand-in for a model: about as fast as the real ones speak

_SQL = sql.load(__file__)


def open_app(keys: Keys) -> None:
    """Put client and track into the database of this process's settings. Twice is as good as once."""
    with connect() as connection, connection.transaction():
        # The command makes a token of its own; here the one of .carillon/ must open the door, also at the next start.
        connection.execute(_SQL["client"], {"name": CLIENT})
        connection.execute(_SQL["token"], {"name": CLIENT, "hash": hash_secret(keys.app_token)})
        import_track.seed(connection)


def origins(sandbox: SandboxServer) -> str:
    """Where the page may be opened; for a browser both names of this machine are different places."""
    return f"{sandbox.url},{sandbox.url.replace('127.0.0.1', 'localhost')}"


def introduce(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """Tell the page whom it talks to, and the model to speak at a pace that can be watched."""
    sandbox.lesson.update(functions=functions_url, token=keys.app_token)
    sandbox.model.between = SECONDS_BETWEEN_WORDS


def page(sandbox_url: str) -> str:
    """Where the lesson that the story plays can be read."""
    return f"{sandbox_url}/lesson?device={PHONE}"
