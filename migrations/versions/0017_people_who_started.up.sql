-- People who opened a chat with a bot: a bot cannot write first. Filled when they write to it, and by housekeeping when it
-- deletes a message that reached them.
create table platform.starts (
    bot_id bigint not null references platform.bots (id) on delete cascade,
    chat_id bigint not null,  -- a private chat has the person's id
    started_at timestamptz not null default now(),
    answered_at timestamptz,  -- when the bot last answered a press of Start
    primary key (bot_id, chat_id)
);

-- People who were seen to write or press in a group, for presses that name no message (Bot API 10.5).
create table platform.members (
    bot_id bigint not null references platform.bots (id) on delete cascade,
    chat_id bigint not null,
    telegram_id bigint not null,
    seen_at timestamptz not null default now(),
    primary key (bot_id, chat_id, telegram_id)
);

insert into platform.members (bot_id, chat_id, telegram_id)
select distinct s.telegram_bot_id, s.telegram_chat_id::bigint, h.assigned_to_id
from support.handovers h
join support.client_settings s on s.client_id = h.client_id
where h.assigned_to_id is not null and s.telegram_bot_id is not null and s.telegram_chat_id is not null;

create function platform.move_members() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
    insert into platform.members (bot_id, chat_id, telegram_id, seen_at)
    select bot_id, new.new_chat_id, telegram_id, seen_at from platform.members where chat_id = new.old_chat_id
    on conflict (bot_id, chat_id, telegram_id) do nothing;
    delete from platform.members where chat_id = new.old_chat_id;
    return new;
end $$;
revoke execute on function platform.move_members() from public;
create trigger chat_moves_members after insert on platform.chat_moves
for each row execute function platform.move_members();

-- What a person did not get for want of a Start.
create index outbox_unreachable on platform.outbox (bot_id, chat_id)
where state = 'dead' and error_class in ('blocked', 'chat_not_found');

-- The handover of a card whose button is too old to say it.
create index handovers_card on support.handovers (client_id, telegram_message_id) where telegram_message_id is not null;

grant select, insert, update on platform.starts to fn_telegram_webhook;
grant select, insert, delete on platform.members to fn_telegram_webhook;
-- Whom the bot works for: who they are decides what they are told when they press Start.
grant usage on schema getcourse to fn_telegram_webhook;
grant select (telegram_id, first_name, last_name, valid_from, valid_to) on getcourse.mentor_versions
    to fn_telegram_webhook;
grant select (admin_chat_id) on platform.webhook_sources to fn_telegram_webhook;
-- A message that is sent after all waits again.
grant select (outbox_id), update (status, sent_at) on getcourse.notifications to fn_telegram_webhook;
grant select, insert on platform.starts to fn_housekeeping;
