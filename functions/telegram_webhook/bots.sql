-- name: find_all
select id, name, system, username, webhook_version, clock_timestamp() - webhook_rotated_at as webhook_age
from platform.bots
where channel = 'telegram';

-- name: language
select language from platform.bot_languages where bot_id = %(bot_id)s::bigint;
