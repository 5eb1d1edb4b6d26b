-- name: client
insert into learning.clients (name, is_public, daily_tokens) values (%(name)s::text, %(public)s::boolean, %(daily_tokens)s::bigint)
on conflict (name) do update set daily_tokens = coalesce(clients.daily_tokens, excluded.daily_tokens);

-- name: token
insert into learning.client_tokens (client_id, slot, token_hash)
select id, 1, %(hash)s::bytea from learning.clients where name = %(name)s::text
on conflict (client_id, slot) do update set token_hash = excluded.token_hash, valid_to = null;
