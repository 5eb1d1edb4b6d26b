"""The example app: a public client, as a page in a browser is one, a server beside it, and the track that is taught."""

from infra.admin.database import Connection
from infra.admin.learning import import_track
from infra.local.keys import Keys
from infra.sandbox.server import SandboxServer
from shared.credentials.secrets import hash_secret
from shared.database import sql

CLIENT, SERVER, TRACK = "demo-app", "demo-server", "sql-basics"  # the track: infra/admin/learning/example_track.yml
DAILY_TOKENS = 50_000_000  # whoever plays with it reads many replies
# Made at random, as an app makes them: whoever knows a device's id is that device.
PHONE, NEIGHBOUR = "Bq3xT0Zr7mVfKd9LwYc2Ng", "hE5sJ8uPaG1oXi4RtQz6Db"
SECONDS_BETWEEN_WORDS = 0.02  # of the stand-in for a model: about as fast as real ones

_SQL = sql.load(__file__)


def seed(connection: Connection, keys: Keys) -> None:
    """The clients and their track."""
    with connection.transaction():
        # infra.admin makes a new token each time; here the one of .carillon/ stays valid, also at the next start.
        for name, public, tokens, token in (
            (CLIENT, True, DAILY_TOKENS, keys.learning_token),
            (SERVER, False, None, keys.learning_server_token),
        ):
            connection.execute(_SQL["client"], {"name": name, "public": public, "daily_tokens": tokens})
            connection.execute(_SQL["token"], {"name": name, "hash": hash_secret(token)})
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
