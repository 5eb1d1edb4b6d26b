-- name: find
select id, name, system, username, webhook_version
from platform.bots
where name = %(name)s::text and channel = 'telegram';

-- name: language
select language from platform.bot_languages where bot_id = %(bot_id)s::bigint;
