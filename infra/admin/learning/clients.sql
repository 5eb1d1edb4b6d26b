-- name: add
insert into learning.clients (name, is_public, daily_tokens)
values (%(name)s::text, %(public)s::boolean, %(daily_tokens)s::bigint)
returning id;

-- name: list
select c.name, c.is_public as public, c.is_active as active, c.daily_tokens, coalesce(u.tokens, 0) as tokens_today,
       coalesce(u.calls, 0) as calls_today,
       (select count(*) from learning.client_tokens t
        where t.client_id = c.id and (t.valid_to is null or t.valid_to > (select clock_timestamp()))) as valid_tokens,
       c.created_at as created
from learning.clients c
left join learning.daily_usage u on u.client_id = c.id and u.day = (now() at time zone 'UTC')::date
order by c.id;

-- name: find
select id, name from learning.clients where name = %(name)s::text for update;

-- name: names
select name from learning.clients order by name;

-- name: slots
-- A client's tokens, the most dispensable first: expired, then oldest.
select slot
from learning.client_tokens
where client_id = %(client)s::bigint
order by (valid_to <= clock_timestamp()) desc nulls last, created_at, slot;

-- name: retire
update learning.client_tokens
set valid_to = least(valid_to, clock_timestamp() + %(keep)s::interval)
where client_id = %(client)s::bigint;

-- name: store_token
insert into learning.client_tokens (client_id, slot, token_hash, created_at)
values (%(client)s::bigint, %(slot)s::smallint, %(hash)s::bytea, clock_timestamp())
on conflict (client_id, slot) do update
    set token_hash = excluded.token_hash, created_at = excluded.created_at, valid_to = null;
