-- name: find
select id, name, username, webhook_version
from platform.bots
where name = %(name)s::text and channel = 'telegram';
