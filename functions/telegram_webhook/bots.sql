-- name: find
select id, name, webhook_version
from platform.bots
where name = %(name)s::text and channel = 'telegram';
