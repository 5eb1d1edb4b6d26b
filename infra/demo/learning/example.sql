-- name: client
insert into learning.clients (name, is_public) values (%(name)s::text, true)
on conflict (name) do nothing;

-- name: token
insert into learning.client_tokens (client_id, slot, token_hash)
select id, 1, %(hash)s::bytea from learning.clients where name = %(name)s::text
on conflict (client_id, slot) do update set token_hash = excluded.token_hash, valid_to = null;
