-- name: end
update courses.invitations
set expires_at = clock_timestamp()
where user_id = %(user_id)s::bigint and used_at is null and expires_at > (select clock_timestamp());

-- name: create
insert into courses.invitations (token_hash, user_id, created_by, expires_at)
values (%(token_hash)s::bytea, %(user_id)s::bigint, %(created_by)s::bigint, clock_timestamp() + %(lifetime)s::interval);

-- name: bot
select username from platform.bots where id = %(bot_id)s::bigint;
