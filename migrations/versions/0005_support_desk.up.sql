-- What the functions of the support desk need beyond its tables (0004). Additive: the code of before does not look here.

-- Platform ------------------------------------------------------------------------------------------

-- Edits do not count among a chat's messages: their lanes do not wait for its pace.
alter table platform.lanes add column paced boolean not null default true;

-- Telegram repeats an update until it is answered 2xx. An update that changed something is remembered with the change.
create table platform.updates (
    bot_id bigint not null references platform.bots on delete cascade,
    update_id bigint not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (bot_id, update_id)
);
create index updates_received on platform.updates using brin (received_at) with (autosummarize = on);


-- Support -------------------------------------------------------------------------------------------

-- How far the bot has considered a conversation: later messages of the client are the burst that waits.
alter table support.conversations add column heard_position bigint not null default 0;

-- A client's group that became a supergroup is followed.
create function support.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update support.client_settings set telegram_chat_id = new.new_chat_id::text
    where telegram_chat_id = new.old_chat_id::text;
    return new;
end $$;
revoke execute on function support.follow_moved_chat() from public;
create trigger chat_moves_support after insert on platform.chat_moves
    for each row execute function support.follow_moved_chat();
create index client_settings_chat on support.client_settings (telegram_chat_id);

-- Per manager and local day: what they took, how quickly they answered, and how often they had to be reminded first.
create view support.v_manager_numbers with (security_invoker = true) as
select h.client_id, (h.created_at at time zone s.timezone)::date as day,
       coalesce(h.assigned_to_name, '') as manager,       -- empty: nobody took it
       count(*) as handovers,
       count(*) filter (where h.status = 'resolved') as resolved,
       count(h.reminder_1_sent_at) + count(h.reminder_2_sent_at) as reminders,
       round(percentile_cont(0.5) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as first_response_p50_minutes
from support.handovers h
join support.client_settings s on s.client_id = h.client_id
group by h.client_id, (h.created_at at time zone s.timezone)::date, coalesce(h.assigned_to_name, '');


-- Roles -------------------------------------------------------------------------------------------

do $$
declare
    function_role text;
begin
    foreach function_role in array array['fn_answer_conversations', 'fn_handover_reminder_sweep', 'fn_serve_media'] loop
        begin
            execute format('create role %I nologin', function_role);
        exception when duplicate_object or unique_violation then
            null;  -- roles belong to the whole cluster
        end;
    end loop;
end $$;

-- The sender writes back what became of cards, reminders and replies, and looks at what guards ask.
grant usage on schema support to fn_dispatch_notifications;
grant select on support.handovers, support.messages, support.conversations, support.users, support.client_settings,
    support.handover_events to fn_dispatch_notifications;
grant update (telegram_message_id, outbox_id, reminder_1_sent_at, reminder_2_sent_at) on support.handovers
    to fn_dispatch_notifications;
grant update (outbox_id) on support.messages to fn_dispatch_notifications;

grant usage on schema platform, support to fn_answer_conversations;
grant select on support.conversations, support.users, support.clients, support.client_settings, support.messages,
    support.handovers, support.handover_events, support.prompts to fn_answer_conversations;
grant insert on support.messages, support.handovers, support.handover_events to fn_answer_conversations;
grant update on support.conversations, support.messages, support.handovers to fn_answer_conversations;
grant select, insert on platform.topics, platform.outbox to fn_answer_conversations;
grant select on platform.chat_moves to fn_answer_conversations;
grant select, insert, update on platform.lanes, platform.job_runs to fn_answer_conversations;

-- The sweep changes conversations and handovers, tells managers and clients, and lifts mutes.
grant usage on schema platform, support to fn_handover_reminder_sweep;
grant select on support.conversations, support.users, support.clients, support.client_settings, support.messages,
    support.handovers, support.handover_events to fn_handover_reminder_sweep;
grant insert on support.messages, support.handover_events to fn_handover_reminder_sweep;
grant update on support.conversations, support.messages, support.handovers to fn_handover_reminder_sweep;
grant select, insert on platform.topics, platform.outbox to fn_handover_reminder_sweep;
grant select on platform.chat_moves to fn_handover_reminder_sweep;
grant select, insert, update on platform.lanes, platform.job_runs to fn_handover_reminder_sweep;

-- Managers press, write and ask; Telegram repeats what it is not sure of.
grant usage on schema support to fn_telegram_webhook;
grant select, insert on platform.updates to fn_telegram_webhook;
grant select on support.conversations, support.users, support.clients, support.client_settings, support.messages,
    support.handovers, support.handover_events to fn_telegram_webhook;
grant insert on support.messages, support.handovers, support.handover_events to fn_telegram_webhook;
grant update on support.conversations, support.messages, support.handovers to fn_telegram_webhook;

grant select, delete on platform.updates to fn_housekeeping;

-- WhatsApp's door writes people, conversations and messages down, shows them in topics, and knows echoes of ours.
grant usage on schema support to fn_ingest_webhook;
grant select on support.clients, support.client_settings, support.users, support.conversations, support.messages,
    support.handovers, support.handover_events to fn_ingest_webhook;
grant insert on support.users, support.conversations, support.messages, support.handover_events to fn_ingest_webhook;
grant update on support.users, support.conversations, support.messages, support.handovers to fn_ingest_webhook;
grant select, insert on platform.topics, platform.outbox to fn_ingest_webhook;
grant select on platform.chat_moves to fn_ingest_webhook;
grant select, insert, update on platform.lanes to fn_ingest_webhook;

-- Files go out with their bot's token, and nothing else of it is looked at.
grant usage on schema platform to fn_serve_media;
grant select (id, name, channel, address, token_sealed) on platform.bots to fn_serve_media;
grant select (id, channel) on platform.bots to fn_ingest_webhook;
