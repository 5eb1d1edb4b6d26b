-- name: moments
-- When the row `i` of a table with as many rows as the history has was written: the last of them now, each a step after the
-- one before. Of smaller tables every k-th number is used. A year more is more of the same behind, and no other today.
create function pg_temp.moment(i bigint) returns timestamptz language sql stable as
$$ select now() - (%(rows)s - i) * make_interval(secs => %(days)s * 86400.0 / %(rows)s) $$;

-- name: bots
-- Salons first, then each desk's bot of Telegram, its number of WhatsApp, and the schools.
insert into platform.bots (id, name, system, channel, telegram_id, address, token_sealed, alert_chat_id)
overriding system value
select i, 'bot-' || i, case when i <= %(salons)s then 'salon' when i <= %(salons)s + 2 * %(desks)s then 'support' else 'getcourse' end,
       case when is_number then 'chatflow' else 'telegram' end, case when not is_number then 500000 + i end,
       case when is_number then 'https://gateway.invalid/' || i end, '\x00', -100200000000 - i
from generate_series(1, %(salons)s + 2 * %(desks)s + %(schools)s) i
cross join lateral (select i > %(salons)s + %(desks)s and i <= %(salons)s + 2 * %(desks)s as is_number) n;
insert into platform.bot_limits (bot_id) select id from platform.bots;

-- name: sources
insert into platform.webhook_sources (id, provider, name, bot_id, admin_chat_id, gateway)
overriding system value
select i, case when i <= %(schools)s then 'getcourse' when i <= %(schools)s + %(desks)s then 'whatsapp' else 'yclients' end,
       'source-' || i, case when i <= %(schools)s then %(salons)s + 2 * %(desks)s + i end, case when i <= %(schools)s then 700000 + i end,
       case when i > %(schools)s and i <= %(schools)s + %(desks)s then 'chatflow' end
from generate_series(1, %(schools)s + %(desks)s + 1) i;
insert into platform.source_secrets (source_id, slot, secret_hash)
select id, 1, sha256(('secret' || id)::bytea) from platform.webhook_sources;
insert into platform.job_runs (function, started_at, finished_at)
select name, now() - interval '1 hour', now() - interval '59 minutes'
from unnest(array['verify_bookings', 'dispatch_notifications', 'housekeeping', 'daily_metrics_digest', 'remind_deadlines',
                  'answer_conversations', 'handover_reminder_sweep']) name;

-- name: salons
insert into public.tenants_v2 (id, name, slug, metadata)
select md5('tenant' || i)::uuid, 'Salon ' || i, 'salon-' || i, jsonb_build_object('yclients_company_id', (1000 + i)::text)
from generate_series(1, %(salons)s) i;
insert into dashboard.tenant_settings (tenant_id, bot_id, chat_id, digest_hour)
select md5('tenant' || i)::uuid, i, -100100000000 - i, 0 from generate_series(1, %(salons)s) i;
insert into platform.tenant_secrets (tenant_id, name, sealed)
select id, 'yclients_token', '\x00' from public.tenants_v2;
insert into dashboard.users (id, email, encrypted_password, tenant_id)
overriding system value
select i, 'owner' || i || '@salon.invalid', '$argon2id$x', md5('tenant' || i)::uuid from generate_series(1, %(salons)s) i;

-- name: desks
insert into support.clients (id, name, source_id)
select md5('desk' || i)::uuid, 'Desk ' || i, %(schools)s + i from generate_series(1, %(desks)s) i;
insert into support.client_settings (client_id, telegram_chat_id, telegram_bot_id, whatsapp_bot_id)
select md5('desk' || i)::uuid, (-100300000000 - i)::text, %(salons)s + i, %(salons)s + %(desks)s + i
from generate_series(1, %(desks)s) i;
insert into support.prompts (client_id, name, text)
select md5('desk' || i)::uuid, 'system_prompt', 'Answer briefly.' from generate_series(1, %(desks)s) i;

-- name: schools
-- Of each school ten mentors, and two hundred students of theirs in five trainings of ten lessons. Students have had two
-- versions each. One lesson's deadline is near.
insert into getcourse.mentor_versions (id, person_id, getcourse_id, telegram_id, email, first_name, last_name, valid_from)
select i, i, 'm' || i, 600000 + i, 'mentor' || i || '@school.invalid', 'Mentor', i::text, '2020-01-01'
from generate_series(1, 10 * %(schools)s) i;
insert into getcourse.student_versions (id, person_id, getcourse_id, email, first_name, last_name, valid_from, valid_to)
select 10000 + 2 * i + v, 10000 + 2 * i, 's' || i, 'student' || i || '@school.invalid', 'Student', i::text,
       case v when 0 then timestamptz '2020-01-01' else '2022-01-01' end, case v when 0 then timestamptz '2022-01-01' end
from generate_series(1, 200 * %(schools)s) i cross join generate_series(0, 1) v;
insert into getcourse.training_versions (id, getcourse_id, title, valid_from)
select 1000000 + i, 't' || i, 'Training ' || i, '2020-01-01' from generate_series(1, 5 * %(schools)s) i;
insert into getcourse.lesson_versions (id, getcourse_id, training_id, module_number, lesson_number, lesson_title, deadline_at,
                                       valid_from)
select 2000000 + i, 'l' || i, 't' || (i - 1) / 10 + 1, 1, i, 'Lesson ' || i, case i when 10 then now() + interval '20 hours' end,
       '2020-01-01'
from generate_series(1, 50 * %(schools)s) i;
insert into getcourse.mapping_versions (id, student_id, mentor_id, training_id, valid_from)
select 3000000 + 5 * i + t, 10000 + 2 * i, i %% (10 * %(schools)s) + 1, 't' || (i - 1) / 200 * 5 + t, '2020-01-01'
from generate_series(1, 200 * %(schools)s) i cross join generate_series(1, 5) t;

-- name: courses
insert into learning.clients (id, name, daily_tokens) overriding system value
select i, 'client-' || i, 1000000 from generate_series(1, 3) i;
insert into learning.client_tokens (client_id, slot, token_hash)
select i, 1, sha256(('token' || i)::bytea) from generate_series(1, 3) i;
insert into learning.tracks (id, slug, title)
select md5('track' || i)::uuid, 'track-' || i, 'Track ' || i from generate_series(1, 5) i;
insert into learning.track_roadmap_items (track_id, position, title)
select md5('track' || i)::uuid, p, 'Step ' || p from generate_series(1, 5) i cross join generate_series(1, 10) p;
insert into learning.chat_templates (scope, track_id, version, content)
select 'track', md5('track' || i)::uuid, 1, 'Teach.' from generate_series(1, 5) i;

-- name: newcomers
-- A bot, a source, a mentor and a student that nothing has happened to yet: they may be deleted.
insert into platform.bots (id, name, system, telegram_id, token_sealed) overriding system value
values (999999, 'bot-unused', 'salon', 999999, '\x00');
insert into platform.bot_limits (bot_id) values (999999);
insert into platform.webhook_sources (id, provider, name) overriding system value values (999999, 'getcourse', 'source-unused');
insert into getcourse.mentor_versions (id, person_id, getcourse_id, valid_from) values (9999, 9999, 'm-unused', '2020-01-01');
insert into getcourse.student_versions (id, person_id, getcourse_id, valid_from) values (9999, 9999, 's-unused', '2020-01-01');
