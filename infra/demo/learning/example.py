"""The example app: a public client, as a page in a browser is one, and the track that is taught in it."""

from infra.admin.database import Connection
from infra.admin.learning import import_track
from infra.local.keys import Keys
from infra.sandbox.server import SandboxServer
from shared.credentials.secrets import hash_secret
from shared.database import sql

CLIENT, TRACK = "demo-app", "sql-basics"  # the track: as infra/admin/learning/example_track.yml has it
PHONE, NEIGHBOUR = "demo-phone", "neighbours-phone"
SECONDS_BETWEEN_WORDS = 0.02  # of the stand-in for a model: about as fast as real ones

_SQL = sql.load(__file__)


def seed(connection: Connection, keys: Keys) -> None:
    """The client and its track."""
    with connection.transaction():
        # infra.admin makes a new token each time; here the one of .carillon/ stays valid, also at the next start.
        connection.execute(_SQL["client"], {"name": CLIENT})
        connection.execute(_SQL["token"], {"name": CLIENT, "hash": hash_secret(keys.learning_token)})
        import_track.seed(connection)


def connect(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """The page gets its address and token; the model streams at the pace of a real one."""
    sandbox.lesson.update(functions=functions_url, token=keys.learning_token)
    sandbox.model.between = SECONDS_BETWEEN_WORDS


def origins(sandbox_url: str) -> str:
    """Where the page may be opened; for a browser both names of this machine are different origins."""
    return f"{sandbox_url},{sandbox_url.replace('127.0.0.1', 'localhost')}"


def page(sandbox_url: str) -> str:
    """The address of the lesson that the story plays."""
    return f"{sandbox_url}/lesson?device={PHONE}"
