-- name: be_brief
select set_config('lock_timeout', '2s', true), set_config('statement_timeout', '10s', true);

-- name: roles
select rolname from pg_catalog.pg_roles where rolname = any(%(names)s::text[]);

-- name: exposed
-- Our own tables in `public` with which others may do something. What viewers of salons read there is behind policies.
select c.oid::regclass::text as name, coalesce(string_agg(r.role, ' and ' order by r.role), 'whoever is granted it') as roles
from pg_class c
left join (values ('anon'), ('authenticated')) as r (role)
    on has_table_privilege(r.role::name, c.oid, 'insert, update, delete, truncate, references, trigger')
    or has_any_column_privilege(r.role::name, c.oid, 'insert, update')
    or (has_any_column_privilege(r.role::name, c.oid, 'select')
        and (c.relname = 'carillon_version' or not c.relrowsecurity))
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and (c.relname = 'carillon_version' or dashboard.ours(c.relname::text))
  and (r.role is not null or not c.relrowsecurity)
group by c.oid
order by c.oid;

-- name: sources
select s.provider, s.name,
       case when s.timezone not in (select z.name from pg_catalog.pg_timezone_names z) then s.timezone end as unknown_zone,
       (select count(*) from platform.source_secrets k
        where k.source_id = s.id and (k.valid_to is null or k.valid_to > (select clock_timestamp()))) as secrets,
       case s.provider
           when 'whatsapp' then (
               select b.name
               from support.clients c
               join support.client_settings k on k.client_id = c.id
               join platform.bots b on b.id = k.whatsapp_bot_id
               where c.source_id = s.id)
           else coalesce(
               (select b.name from platform.bots b where b.id = s.bot_id),
               (select b.name from platform.bots b
                where b.system = case s.provider when 'yclients' then 'salon' else s.provider end
                order by b.id limit 1))
       end as bot
from platform.webhook_sources s
order by s.id;

-- name: wants_source
-- Whether a provider has to be let in: for these systems, or where nothing has begun yet.
select exists (select from platform.bots b where b.system in ('getcourse', 'support'))
    or not exists (select from platform.bots) and not exists (select from learning.clients) as wanted;

-- name: events
-- Seconds that the oldest due event has waited; null when none is due.
select extract(epoch from clock_timestamp() - min(a.due_at))::float8 as age
from getcourse.v_next_answers a
where a.due_at <= (select clock_timestamp());

-- name: backlog
select error_message as reason, count(*) as events
from getcourse.webhook_events
where not processed and error_message is not null
group by error_message
order by count(*) desc;
