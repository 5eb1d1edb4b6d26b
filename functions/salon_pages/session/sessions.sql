-- name: find
-- The session's user as they are now: whoever was switched off, or has another role since, is so at once. A minute is
-- exact enough for when it was last used.
with found as (
    select s.id_hash, s.user_id, s.seen_at
    from dashboard.page_sessions s
    where s.id_hash = %(id_hash)s::bytea and s.ended_at is null and s.expires_at > now()
      and s.seen_at > now() - make_interval(hours => %(idle_hours)s::int)
), seen as (
    update dashboard.page_sessions s set seen_at = now()
    from found f
    where s.id_hash = f.id_hash and f.seen_at < now() - interval '1 minute'
)
select u.id as user_id, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email, '№ ' || u.id) as name, u.role,
       u.tenant_id, u.language
from found f
join dashboard.users u on u.id = f.user_id
where u.active;

-- name: begin
insert into dashboard.page_sessions (id_hash, user_id, way, expires_at, ip_address, user_agent)
values (%(id_hash)s::bytea, %(user_id)s::bigint, %(way)s::text, now() + make_interval(days => %(days)s::int),
        %(ip_address)s::text, %(user_agent)s::text);

-- name: end
update dashboard.page_sessions set ended_at = now() where id_hash = %(id_hash)s::bytea and ended_at is null;

-- name: end_all
update dashboard.page_sessions set ended_at = now()
where user_id = %(user_id)s::bigint and id_hash <> %(but)s::bytea and ended_at is null
  and seen_at > now() - make_interval(hours => %(idle_hours)s::int);

-- name: of_user
select s.id_hash, encode(substr(s.id_hash, 1, 8), 'hex') as key, s.way, s.seen_at, coalesce(s.ip_address, '') as ip_address,
       coalesce(s.user_agent, '') as user_agent
from dashboard.page_sessions s
where s.user_id = %(user_id)s::bigint and s.ended_at is null and s.expires_at > now()
  and s.seen_at > now() - make_interval(hours => %(idle_hours)s::int)
order by s.seen_at desc
limit 100;

-- name: end_own
update dashboard.page_sessions set ended_at = now()
where user_id = %(user_id)s::bigint and encode(substr(id_hash, 1, 8), 'hex') = %(key)s::text and ended_at is null
  and seen_at > now() - make_interval(hours => %(idle_hours)s::int);
