-- A gateway takes a message, answers with an id, and says minutes later by a webhook that it did not arrive.

-- The webhook names the message by that id alone. Telegram's messages have none and stay out of the index.
create index outbox_external on platform.outbox (bot_id, external_id) where external_id is not null;

-- News that the dispatcher has not read yet: it tells those whom it concerns. A webhook may be faster than the dispatcher
-- that writes the message's id down, so an id that no message has is kept for some minutes.
create table platform.delivery_failures (
    bot_id bigint not null references platform.bots (id) on delete cascade,
    external_id text not null,
    error_class text not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (bot_id, external_id)
);

grant select, insert on platform.delivery_failures to fn_ingest_webhook;
grant update (state, finished_at, error_class, error_code) on platform.outbox to fn_ingest_webhook;
grant select, update, delete on platform.delivery_failures to fn_dispatch_notifications;  -- update: to lock its rows

-- A refusal of one message closes no WhatsApp chat any more.
update platform.lanes l
set blocked_at = null, blocked_class = null
from platform.bots b
where b.id = l.bot_id and b.channel <> 'telegram' and l.blocked_at is not null;
