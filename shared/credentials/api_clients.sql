-- name: find_valid_tokens
-- Every token that opens the door now, with its client; the newest, if there are too many.
select t.token_hash, c.id, c.name, c.is_public, c.daily_tokens
from learning.client_tokens t
join learning.clients c on c.id = t.client_id
where (t.valid_to is null or t.valid_to > (select clock_timestamp())) and c.is_active
order by t.created_at desc
limit %(most)s::int;
