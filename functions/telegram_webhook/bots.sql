-- name: find
select id, name, system, username, webhook_version
from platform.bots
where name = %(name)s::text and channel = 'telegram';
