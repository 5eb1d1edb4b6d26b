-- name: find
-- Paused or not: who may not send still has the files that were sent.
select name, channel, address, token_sealed
from platform.bots
where id = %(bot)s::bigint and channel = %(channel)s::text;
