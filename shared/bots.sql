-- name: active
select id, name, system, token_sealed from platform.bots where status = 'active' order by id;

-- name: refuse
-- The token is dead: nothing of this bot moves until a person has looked (no attempt is burnt).
update platform.bots set status = 'auth_failed' where id = %(bot)s::bigint and status = 'active';
