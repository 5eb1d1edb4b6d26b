-- name: finished
-- Of ten messages five go to mentors, three to a desk's topics, one to a customer in WhatsApp, one to a salon.
insert into platform.outbox (
    id, bot_id, chat_id, recipient, lane, kind, method, payload, dedup_key, correlation_id, policy, state, attempt, due_at,
    attempt_id, send_started_at, finished_at, message_id, external_id, error_class, created_at, topic, expires_at)
overriding system value
select i, bot_id, case when d <> 8 then chat::bigint end, case when d = 8 then chat end, chat || coalesce('/' || topic, ''),
       kind, 'sendMessage', jsonb_build_object('text', 'Something that somebody wanted to know, number ' || i),
       case when i %% 50 = 5 then 'support/handover/' || md5('handover' || i / 50)::uuid || '/card' when d between 5 and 8 then 'support/message/' || md5('message' || i)::uuid else kind || '/' || i end, 'event-' || i,
       'at_least_once', state, 1, pg_temp.moment(i), md5('attempt' || i)::uuid, pg_temp.moment(i), pg_temp.moment(i), i,
       case when d = 8 then 'out' || i end, case state when 'dead' then 'blocked' when 'unknown' then 'timeout' end,
       pg_temp.moment(i), topic, pg_temp.moment(i) + interval '1 day'
from generate_series(1, %(rows)s) i
cross join lateral (
    select i %% 10 as d, i %% %(desks)s + 1 as desk, i / 10 %% %(salons)s + 1 as salon, i %% (10 * %(schools)s) + 1 as mentor,
           case when i %% 50 = 0 then 'dead' when i %% 77 = 0 then 'unknown' when i %% 61 = 0 then 'cancelled' else 'sent' end as state) n
cross join lateral (
    select case when d < 5 then %(salons)s + 2 * %(desks)s + i %% %(schools)s + 1 when d < 8 then %(salons)s + desk
                when d = 8 then %(salons)s + %(desks)s + desk else salon end as bot_id,
           case when d < 5 then (600000 + mentor)::text when d < 8 then (-100300000000 - desk)::text
                when d = 8 then '7701' || lpad((i / 20 + 1)::text, 7, '0') || '@s.whatsapp.net' else (-100100000000 - salon)::text end as chat,
           case when d between 5 and 7 then 'support/user/' || md5('customer' || i / 20 + 1)::uuid end as topic,
           case when d < 5 then 'getcourse/notification' when d <= 8 then 'support/message'
                else 'salon/digest' end as kind) m;

-- name: queued
-- Half of them are due. Four mentors of each school wait for all that is queued, each with a lane of its own.
insert into platform.outbox (id, bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy, due_at, created_at, expires_at)
overriding system value
select %(rows)s + i, %(salons)s + 2 * %(desks)s + i %% %(schools)s + 1, 600000 + i / %(schools)s %% %(lanes)s, (600000 + i / %(schools)s %% %(lanes)s)::text,
       'getcourse/deadline', 'sendMessage', '{"text": "Soon"}', 'getcourse/notification/' || %(rows)s + i, 'queued-' || i,
       'at_least_once', now() + case when i %% 2 = 0 then interval '-1 minute' else '1 hour' end, now(), now() + interval '1 day'
from generate_series(1, %(queued)s) i;

-- name: attempts
insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, ended_at, outcome, http_status)
select md5('attempt' || i)::uuid, i, pg_temp.moment(i), pg_temp.moment(i), case when i %% 50 = 0 then 'unreachable' else 'sent' end, 200
from generate_series(1, %(rows)s) i
union all
select md5('refused' || i)::uuid, i, pg_temp.moment(i), pg_temp.moment(i), 'rate_limited', 429
from generate_series(5, %(rows)s, 5) i;

-- name: lanes
insert into platform.lanes (bot_id, lane, chat)
select bot_id, lane, case when lane <> coalesce(recipient, chat_id::text) then coalesce(recipient, chat_id::text) end
from platform.outbox where state not in ('queued', 'sending')
union
select bot_id, coalesce(recipient, chat_id::text), null from platform.outbox;
update platform.lanes l set head_due = h.due
from (select bot_id, lane, (array_agg(due_at order by created_at, id))[1] as due from platform.outbox where state = 'queued'
      group by bot_id, lane) h
where l.bot_id = h.bot_id and l.lane = h.lane;

-- name: topics
insert into platform.topics (bot_id, chat_id, key, name, thread_id, created_at)
select %(salons)s + d + 1, -100300000000 - d - 1, 'support/user/' || md5('customer' || i)::uuid, 'Customer ' || i, 100 + i, pg_temp.moment(20 * i)
from generate_series(1, %(rows)s / 20) i cross join lateral (select i %% %(desks)s as d) n;

-- name: around
insert into platform.inbox (source_id, reason, body, correlation_id, delivery_hash, received_at, dismissed_at, dismissed_because)
select i %% (%(schools)s + %(desks)s) + 1, 'unknown event', '{"event": "unknown"}', 'event-' || i, sha256(('delivery' || i)::bytea), pg_temp.moment(i),
       case when i %% 20 = 1 then pg_temp.moment(i) end, case when i %% 20 = 1 then 'by hand' end
from generate_series(1, %(rows)s, 10) i;
insert into platform.updates (bot_id, update_id, received_at)
select %(salons)s + i %% %(desks)s + 1, i, pg_temp.moment(i) from generate_series(1, %(rows)s) i;
insert into platform.failed_updates (bot_id, update_id, error, correlation_id, first_failed_at, last_failed_at, set_aside_at, body)
select %(salons)s + i %% %(desks)s + 1, i, 'TimeoutError', 'event-' || i, pg_temp.moment(i), pg_temp.moment(i), pg_temp.moment(i), '{}'
from generate_series(1, %(rows)s, 500) i;
insert into platform.outbox_audits (at, actor, action, selection, outbox_ids)
select pg_temp.moment(i), 'operator', 'redrive', '{}', array[i] from generate_series(1, %(rows)s, 100) i;
insert into platform.refused_requests (source_id, day, reason, status, count)
select s, current_date - d, 'too many', 429, 3 from generate_series(0, %(days)s - 1) d cross join generate_series(1, 3) s;
insert into platform.members (bot_id, chat_id, telegram_id, seen_at)
select %(salons)s + i %% %(desks)s + 1, -100300000000 - i %% %(desks)s - 1, 800000 + i, pg_temp.moment(i) from generate_series(1, %(rows)s, 100) i;
insert into platform.starts (bot_id, chat_id, started_at, answered_at)
select i / 100 %% %(salons)s + 1, 900000 + i, pg_temp.moment(i), pg_temp.moment(i) from generate_series(1, %(rows)s, 100) i;
insert into platform.chat_moves (bot_id, chat_id, new_chat_id, moved_at)
select i / 1000 %% %(salons)s + 1, -4000 - i, -100400000000 - i, pg_temp.moment(i) from generate_series(1, %(rows)s, 1000) i;
