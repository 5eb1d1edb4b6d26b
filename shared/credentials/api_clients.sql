-- name: authenticate
select c.id, c.name, c.is_public, c.daily_tokens
from learning.client_tokens t
join learning.clients c on c.id = t.client_id
where t.token_hash = %(hash)s::bytea and (t.valid_to is null or t.valid_to > now()) and c.is_active;
