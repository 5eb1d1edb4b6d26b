-- name: customers
-- Twenty messages each, but for the first two: they write every day, for ever.
insert into support.users (id, client_id, phone, remote_jid, name, created_at, last_active_at)
select md5('customer' || i)::uuid, md5('desk' || i %% %(desks)s + 1)::uuid, '+7701' || lpad(i::text, 7, '0'),
       '7701' || lpad(i::text, 7, '0') || '@s.whatsapp.net', 'Customer ' || i, pg_temp.moment(20 * i - 19), pg_temp.moment(20 * i)
from generate_series(1, %(rows)s / 20) i;
insert into support.addresses (client_id, address, user_id, last_seen_at)
select client_id, remote_jid, id, last_active_at from support.users;
-- Ten customers wait for the bot; ten are muted until soon, and many were.
insert into support.conversations (id, client_id, user_id, started_at, last_message_at, bot_status, bot_muted_until, answer_due_at, heard_position)
select md5('conversation' || i)::uuid, md5('desk' || i %% %(desks)s + 1)::uuid, md5('customer' || i)::uuid,
       pg_temp.moment(20 * i - 19), case when i <= 2 then now() else pg_temp.moment(20 * i) end,
       case when i > %(rows)s / 20 - 10 then 'muted' else 'active' end, case when i > %(rows)s / 20 - 10 then now() + interval '10 minutes' end,
       case when i <= 10 then now() - interval '1 second' end, case when i <= 2 then %(rows)s - 200 else 20 * i end
from generate_series(1, %(rows)s / 20) i;

-- name: messages
insert into support.messages (id, position, conversation_id, client_id, role, content, metadata, external_id, outbox_id, correlation_id, created_at)
overriding system value
select md5('message' || i)::uuid, i, md5('conversation' || c)::uuid, md5('desk' || c %% %(desks)s + 1)::uuid,
       case when i %% 9 = 0 then 'manager' when i %% 2 = 0 then 'assistant' else 'user' end, 'What a customer wrote, or read, number ' || i,
       '{"kind": "text"}', case when i %% 2 = 1 then 'in' || i end, case when i %% 10 between 5 and 8 then i end, 'event-' || i, pg_temp.moment(i)
from generate_series(1, %(rows)s) i
cross join lateral (select case when i %% 10 = 0 then i / 10 %% 2 + 1 else (i - 1) / 20 + 1 end as c) n;

-- name: handovers
-- Ten are open, of them five due.
insert into support.handovers (id, number, conversation_id, client_id, status, trigger_type, trigger_text, created_at, first_response_at,
                               resolved_at, assigned_to_name, telegram_message_id, outbox_id, remind_at)
overriding system value
select md5('handover' || i)::uuid, i, md5('conversation' || c)::uuid, md5('desk' || c %% %(desks)s + 1)::uuid,
       case when is_open then 'pending' else 'resolved' end, 'keyword', 'A person, please', pg_temp.moment(50 * i), case when not is_open then pg_temp.moment(50 * i) end,
       case when not is_open then pg_temp.moment(50 * i) end, case when not is_open then 'Manager' end, 50 * i, 50 * i + 5,
       case when is_open then now() + case when i %% 2 = 0 then interval '-1 second' else '20 minutes' end end
from generate_series(1, %(rows)s / 50) i
cross join lateral (
    select case when i %% 5 = 0 and i <= %(rows)s / 50 - 10 then i / 5 %% 2 + 1 else (i * 50 - 1) / 20 + 1 end as c, i > %(rows)s / 50 - 10 as is_open) n;
insert into support.handover_events (handover_id, at, event, actor)
select md5('handover' || i)::uuid, pg_temp.moment(50 * i), e, 'Manager'
from generate_series(1, %(rows)s / 50) i cross join unnest(array['opened', 'taken', 'resolved']) e
where e = 'opened' or i <= %(rows)s / 50 - 10;
insert into support.token_usage (conversation_id, client_id, day, tokens, calls)
select id, client_id, last_message_at::date, 1000, 2 from support.conversations;
