"""The handovers that the sweep is measured among."""

from dataclasses import asdict, astuple, dataclass

import psycopg
from psycopg import sql as composing

DESKS = 50
# Ids follow from a handover's number: 1 to DUE are due, up to OPEN open, the others have ended in the past year.
FILL = (
    """
    insert into support.clients (id, name)
    select md5('desk' || n)::uuid, 'Desk ' || n from generate_series(0, {desks} - 1) n
    """,
    """
    insert into support.client_settings (client_id, telegram_chat_id, telegram_bot_id, whatsapp_bot_id,
                                         owner_telegram_id, timezone, working_hours)
    select md5('desk' || n)::uuid, (-1001900000000 - n)::text, b.id, b.id, 'owner_of_it', 'UTC', w.week
    from platform.bots b, generate_series(0, {desks} - 1) n,
         (select jsonb_object_agg(day, '[["00:00", "24:00"]]'::jsonb) as week
          from unnest(array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) day) w
    """,
    """
    insert into support.users (id, client_id, remote_jid, name)
    select md5('user' || n)::uuid, md5('desk' || n % {desks})::uuid, 7700000000 + n || '@s.whatsapp.net', 'Person ' || n
    from generate_series(1, {handovers}) n
    """,
    """
    insert into support.conversations (id, client_id, user_id, bot_status, bot_muted_until)
    select md5('conversation' || n)::uuid, md5('desk' || n % {desks})::uuid, md5('user' || n)::uuid,
           case when n > {open} - {held} and n <= {open} then 'muted' else 'active' end,
           case when n > {open} - {held} and n <= {open} then now() - interval '1 hour' end
    from generate_series(1, {handovers}) n
    """,
    """
    insert into support.handovers (id, conversation_id, client_id, status, trigger_type, created_at, resolved_at,
                                   assigned_to_name, telegram_message_id, remind_at)
    select md5('handover' || n)::uuid, md5('conversation' || n)::uuid, md5('desk' || n % {desks})::uuid, s.status,
           'keyword', t.created_at,
           case when s.status in ('resolved', 'timeout') then t.created_at + interval '20 minutes' end,
           case when s.status in ('active', 'resolved') then 'Manager' end, n,
           case when s.status = 'pending' then now() + interval '1 hour' end
    from generate_series(1, {handovers}) n
    cross join lateral (select case when n > {open} then (array['resolved', 'timeout'])[1 + n % 2]
                                    when n > {open} - {held} then 'active' else 'pending' end as status) s
    cross join lateral (select case when n > {open} then now() - n % 525600 * interval '1 minute'
                                    else now() - interval '1 minute' end as created_at) t
    """,
)  # fmt: skip
# A third of them waits for each action. Triggers would refuse to open again what was closed.
RESET = """
    update support.handovers h
    set status = 'pending', resolved_at = null, reminder_1_sent_at = null, reminder_2_sent_at = null,
        created_at = now() - (array[31, 61, 121])[1 + n % 3] * interval '1 minute',
        remind_at = now() - interval '1 minute'
    from generate_series(1, {due}) n
    where h.id = md5('handover' || n)::uuid
"""
INDEX = "create index handovers_due on support.handovers (remind_at) where remind_at is not null"


@dataclass(frozen=True)
class Size:
    """How many handovers there are, are open, are due; and those that managers hold, whose mutes ran out under them."""

    handovers: int = 1_000_000
    open: int = 10_000
    due: int = 1_000
    held: int = 1_000  # each run checks these, too

    def share(self, share: float) -> "Size":
        """The same in small."""
        return Size(*(round(number * share) for number in astuple(self)))


def fill(connection: psycopg.Connection, size: Size) -> None:
    connection.execute("set session_replication_role = replica")  # what is made here refers to what is made here
    for statement in FILL:
        run(connection, statement, desks=DESKS, **asdict(size))
    connection.execute("vacuum (freeze, analyze) support.users, support.conversations, support.handovers")
    connection.execute("checkpoint")


def run(connection: psycopg.Connection, statement: str, **numbers: int) -> None:
    """Numbers in place of the names in braces."""
    named = {name: composing.Literal(number) for name, number in numbers.items()}
    connection.execute(composing.SQL(statement).format(**named))


def reset(connection: psycopg.Connection, size: Size) -> None:
    """What is due is due again, nothing was said. Topics stay: cards made them before anybody was reminded."""
    connection.execute("truncate support.handover_events, support.messages, platform.outbox, platform.lanes cascade")
    run(connection, RESET, due=size.due)
    connection.execute("vacuum analyze support.handovers, support.conversations")
