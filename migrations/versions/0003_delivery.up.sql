-- What a sender that several systems trust needs beyond 0001. Everything here is additive or looser, so that the code
-- of before goes on sending while it is replaced.

-- Bots ------------------------------------------------------------------------------------------

-- A bot is whom we speak as: in Telegram, or an account at one of the WhatsApp gateways.
alter table platform.bots
    add column channel text not null default 'telegram'
        check (channel in ('telegram', 'chatflow', 'evolution', 'whatsapp_cloud')),
    add column address text,                 -- the account's name at its gateway (ChatFlow: instance id)
    add column alert_chat_id bigint,         -- a Telegram chat of those who look after this bot
    alter column telegram_id drop not null,
    add check ((channel = 'telegram') = (telegram_id is not null)),
    add check (channel = 'telegram' or address is not null);

-- After a refusal of the whole bot it goes slower, and one a second faster with every quiet five minutes.
-- Urgent messages and broadcasts have meters of their own: a fifth of the rate is kept free from the former,
-- half of it from the latter.
alter table platform.bot_limits
    add column urgent_tat timestamptz not null default '-infinity',
    add column bulk_tat timestamptz not null default '-infinity',
    add column slowed_rate double precision check (slowed_rate > 0),
    add column slowed_at timestamptz,
    add check ((slowed_rate is null) = (slowed_at is null));


-- Outbox and lanes ----------------------------------------------------------------------------------

alter table platform.outbox
    add column recipient text,               -- a WhatsApp address; Telegram has chat_id
    add column priority smallint not null default 1 check (priority in (0, 1, 2)),  -- urgent, normal, broadcast
    add column topic text,                   -- the key of a topic in platform.topics
    add column guard jsonb,                  -- facts that must still hold when it is sent
    add column as_text boolean not null default false,       -- its markup was refused: the words go out alone
    add column out_of_order boolean not null default false,  -- it was parked, and its chat went on without it
    add column redrives int not null default 0,
    add column external_id text,             -- a WhatsApp gateway's message id
    alter column chat_id drop not null,
    add constraint outbox_one_recipient check ((chat_id is null) <> (recipient is null)) not valid;
alter table platform.outbox validate constraint outbox_one_recipient;
create index outbox_created on platform.outbox using brin (created_at) with (autosummarize = on);
-- Attempts leave with their messages, every day a thirtieth of them: their space is to be found again by the next ones.
alter table platform.outbox_attempts set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

-- A chat's own lane (chat is null) paces all its lanes: threads and kinds of a group share its limit.
alter table platform.lanes
    add column chat text,                    -- the lane that paces this one; null: itself
    add column priority smallint not null default 1 check (priority in (0, 1, 2)),  -- its head's
    add column blocked_at timestamptz,       -- since when the chat cannot be written to
    add column blocked_class text,
    add check ((blocked_at is null) = (blocked_class is null));
drop index platform.lanes_due;
create index lanes_due on platform.lanes (bot_id, priority, greatest(head_due, next_at, leased_until))
    where head_due is not null;

create or replace view platform.v_dead_letters with (security_invoker = true) as
select o.id, b.name as bot, o.kind, o.state, o.error_class, o.error_code, o.attempt, o.maybe_duplicate,
       o.created_at, o.finished_at, o.correlation_id, b.channel, o.out_of_order, o.redrives
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.state in ('dead', 'unknown');


-- Chats -----------------------------------------------------------------------------------------------

-- Forum topics by what they are for. Created by the first message for them, made anew when they vanish.
create table platform.topics (
    id bigint generated always as identity primary key,
    bot_id bigint not null references platform.bots on delete cascade,
    chat_id bigint not null,
    key text not null,                       -- support/conversation/7
    name text not null check (length(name) between 1 and 128),
    icon_color int check (icon_color in (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)),
    thread_id bigint,                        -- null: not created yet, or vanished
    generation int not null default 1,       -- how many times it was created
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (bot_id, chat_id, key),
    unique (bot_id, chat_id, thread_id)
);
create trigger topics_updated_at before update on platform.topics
    for each row execute function platform.touch_updated_at();

-- Groups that became supergroups. A row is a move; the triggers on this table rewrite what points to the old chat,
-- each system's in its own migration.
create table platform.chat_moves (
    old_chat_id bigint primary key,
    new_chat_id bigint not null check (new_chat_id <> old_chat_id),
    moved_at timestamptz not null default now()
);

create function platform.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update platform.webhook_sources set admin_chat_id = new.new_chat_id where admin_chat_id = new.old_chat_id;
    update platform.bots set alert_chat_id = new.new_chat_id where alert_chat_id = new.old_chat_id;
    delete from platform.topics t
    using platform.topics known
    where t.chat_id = new.old_chat_id and known.chat_id = new.new_chat_id and known.bot_id = t.bot_id
      and (known.key = t.key or known.thread_id = t.thread_id);
    update platform.topics set chat_id = new.new_chat_id where chat_id = new.old_chat_id;
    return new;
end $$;
revoke execute on function platform.follow_moved_chat() from public;
create trigger chat_moves_follow after insert on platform.chat_moves
    for each row execute function platform.follow_moved_chat();


-- Audits ------------------------------------------------------------------------------------------------

-- What people did to outgoing messages by hand.
create table platform.outbox_audits (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    action text not null check (action in ('redrive', 'cancel')),
    selection jsonb not null,                -- what was asked for
    outbox_ids bigint[] not null             -- what it changed
);


-- Roles -------------------------------------------------------------------------------------------

do $$
begin
    create role fn_telegram_webhook nologin;
exception when duplicate_object or unique_violation then
    null;  -- roles belong to the whole cluster
end $$;
grant usage on schema platform to fn_telegram_webhook;
grant select on platform.bots to fn_telegram_webhook;
grant select, insert, update on platform.lanes to fn_telegram_webhook;
grant select, insert, update on platform.outbox to fn_telegram_webhook;
grant select, insert on platform.topics, platform.chat_moves to fn_telegram_webhook;

grant select, insert, update on platform.topics to fn_dispatch_notifications;
grant select, insert on platform.chat_moves to fn_dispatch_notifications;
grant select, insert on platform.topics to fn_remind_courses;
grant select on platform.chat_moves to fn_remind_courses;

grant select, delete on platform.outbox, platform.lanes, platform.outbox_audits to fn_housekeeping;
grant update on platform.lanes to fn_housekeeping;  -- to lock what it is about to delete
