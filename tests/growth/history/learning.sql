-- name: learners
-- Fifty messages each; the first two write every day, for ever.
insert into learning.users (id, client_id, device_id, created_at, updated_at)
select md5('learner' || i)::uuid, i %% 3 + 1, 'device-' || i, pg_temp.moment(100 * i - 99), case when i <= 2 then now() else pg_temp.moment(100 * i) end
from generate_series(1, %(rows)s / 100) i;
insert into learning.track_sessions (id, user_id, track_id, created_at, updated_at)
select md5('learning' || i)::uuid, md5('learner' || i)::uuid, md5('track' || i %% 5 + 1)::uuid, pg_temp.moment(100 * i - 99), case when i <= 2 then now() else pg_temp.moment(100 * i) end
from generate_series(1, %(rows)s / 100) i;
insert into learning.chat_messages (id, thread_id, seq, role, content, created_at)
select md5('word' || i)::uuid, md5('thread' || t)::uuid, row_number() over (partition by t order by i), case when i %% 4 = 2 then 'user' else 'assistant' end::learning.message_role,
       'What a learner asked, or learned, number ' || i, pg_temp.moment(i)
from generate_series(2, %(rows)s, 2) i cross join lateral (select case when i %% 10 = 0 then i / 10 %% 2 + 1 else (i - 1) / 100 + 1 end as t) n;
insert into learning.chat_threads (id, session_id, tab, last_seq, created_at)
select md5('thread' || i)::uuid, md5('learning' || i)::uuid, 'chat', coalesce(m.last, 0), pg_temp.moment(100 * i - 99)
from generate_series(1, %(rows)s / 100) i
left join (select thread_id, max(seq) as last from learning.chat_messages group by thread_id) m on m.thread_id = md5('thread' || i)::uuid;
insert into learning.synopses (session_id, origin, items_json, created_at, updated_at)
select md5('learning' || i / 100 + 1)::uuid, 'snapshot', jsonb_build_array('point ' || i), pg_temp.moment(i), pg_temp.moment(i)
from generate_series(1, %(rows)s, 20) i where i / 100 + 1 <= %(rows)s / 100;
insert into learning.synopses (session_id, origin, items_json, created_at, updated_at)
select id, 'live', '["now"]', created_at, updated_at from learning.track_sessions;

-- name: used
insert into learning.idempotency_keys (client_id, key, fingerprint, attempt, leased_until, answer, created_at)
select i %% 3 + 1, 'key-' || i, sha256(('request' || i)::bytea), md5('try' || i)::uuid, pg_temp.moment(i), '{"messages": []}', pg_temp.moment(i)
from generate_series(1, %(rows)s, 10) i;
insert into learning.usage (client_id, user_id, kind, started_at, used)
select (i - 1) / 100 %% 3 + 1, md5('learner' || (i - 1) / 100 + 1)::uuid, 'messages', date_trunc('hour', pg_temp.moment(i)), 3
from generate_series(1, %(rows)s, 10) i on conflict do nothing;
insert into learning.daily_usage (client_id, day, tokens, calls)
select c, current_date - d, 1000, 10 from generate_series(0, %(days)s - 1) d cross join generate_series(1, 3) c;

-- name: sequences
-- As if everything had been added one by one.
do $$
declare target record;
begin
    for target in
        select format('%%I.%%I', n.nspname, c.relname) as name, a.attname,
               pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), a.attname) as sequence
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where a.attidentity <> '' and c.relkind = 'r'
    loop
        execute format('select setval(%%L, coalesce(max(%%I), 1)) from %%s', target.sequence, target.attname, target.name);
    end loop;
    perform setval('getcourse.version_ids', 9000000);
end $$;
