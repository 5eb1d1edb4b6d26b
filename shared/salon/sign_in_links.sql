-- name: end_former
update dashboard.sign_in_links set expires_at = now()
where user_id = %(user_id)s::bigint and used_at is null and expires_at > now();

-- name: create
insert into dashboard.sign_in_links (token_hash, user_id, expires_at)
values (%(token_hash)s::bytea, %(user_id)s::bigint, now() + make_interval(mins => %(minutes)s::int));
