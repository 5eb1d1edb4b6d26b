-- Updates of Telegram that failed for a reason nobody foresaw. Telegram repeats an update until it gets 2xx, for a day,
-- and brings no later one of that bot before: so after a few tries the update is set aside here and answered.
create table platform.failed_updates (
    bot_id bigint not null references platform.bots (id) on delete cascade,
    update_id bigint not null,
    attempts integer not null default 1,
    error text not null,  -- class and location, never words
    correlation_id text not null,  -- of the last attempt
    first_failed_at timestamptz not null default clock_timestamp(),
    last_failed_at timestamptz not null default clock_timestamp(),
    set_aside_at timestamptz,
    body bytea,  -- as Telegram sent it, once it is set aside: nobody brings it again. It may be no JSON that jsonb takes
    primary key (bot_id, update_id),
    constraint body_of_those_set_aside check ((set_aside_at is null) = (body is null))
);
create index failed_updates_set_aside on platform.failed_updates (set_aside_at) where set_aside_at is not null;

create view platform.v_set_aside_updates with (security_invoker = true) as
select b.name as bot, f.update_id, f.attempts, f.error, f.correlation_id, f.first_failed_at, f.set_aside_at,
       octet_length(f.body) as bytes
from platform.failed_updates f
join platform.bots b on b.id = f.bot_id
where f.set_aside_at is not null;

grant select, insert, update on platform.failed_updates to fn_telegram_webhook;
grant select, delete on platform.failed_updates to fn_housekeeping;
