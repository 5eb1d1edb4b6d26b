-- name: find
select s.id_hash as hash from dashboard.page_sessions s where s.id_hash = any(%(hashes)s::bytea[])
union all
select k.token_hash from dashboard.sign_in_links k where k.token_hash = any(%(hashes)s::bytea[])
union all
select decode(u.reset_password_token, 'hex') from dashboard.users u where u.reset_password_token = any(%(resets)s::text[]);
