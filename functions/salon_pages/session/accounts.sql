-- name: find
select u.id, u.tenant_id, u.encrypted_password from dashboard.users u where u.email = %(email)s::text and u.active;

-- name: become
select set_config('request.jwt.claims', %(claims)s::text, true);

-- name: set_password
update dashboard.users
set encrypted_password = %(hash)s::text, reset_password_token = null, reset_password_sent_at = null, updated_at = now()
where id = %(id)s::bigint;

-- name: ask_reset
update dashboard.users
set reset_password_token = %(token)s::text, reset_password_sent_at = now(), updated_at = now()
where id = %(id)s::bigint;

-- name: of_reset
select u.id, u.tenant_id, coalesce(u.email, '') as email from dashboard.users u
where u.reset_password_token = %(token)s::text and u.active
  and u.reset_password_sent_at > now() - make_interval(hours => %(hours)s::int);

-- name: reset
update dashboard.users
set encrypted_password = %(hash)s::text, reset_password_token = null, reset_password_sent_at = null, updated_at = now()
where id = %(id)s::bigint and reset_password_token = %(token)s::text;

-- name: chat_of
-- By the bot of their salon alone: whoever holds its token can forward what it has sent.
select s.bot_id, u.telegram_id as chat_id, u.language
from dashboard.users u
join platform.starts s on s.chat_id = u.telegram_id
join dashboard.tenant_settings t on t.tenant_id = u.tenant_id and t.bot_id = s.bot_id
where u.id = %(id)s::bigint;

-- name: own
select coalesce(u.email, '') as email, u.encrypted_password from dashboard.users u where u.id = %(id)s::bigint;

-- name: set_language
update dashboard.users set language = %(language)s::text, updated_at = now() where id = %(id)s::bigint;

-- name: of_telegram
-- As a session finds its user.
select u.id as user_id, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email, '№ ' || u.id) as name, u.role,
       u.tenant_id, u.language
from dashboard.users u
where u.telegram_id = %(telegram_id)s::bigint and u.active
order by u.id
limit 20;
