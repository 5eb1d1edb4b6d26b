-- name: list
select u.bot, u.update_id, u.attempts, u.error, u.bytes, u.set_aside_at, u.correlation_id,
       extract(epoch from clock_timestamp() - u.set_aside_at)::float8 as age_seconds
from platform.v_set_aside_updates u
where %(bot)s::text is null or u.bot = %(bot)s::text
order by u.set_aside_at desc, u.update_id desc
limit %(limit)s::int;

-- name: count
select count(*) as updates from platform.failed_updates where set_aside_at is not null;

-- name: bot
select from platform.bots where name = %(bot)s::text;

-- name: of_bot
-- In the order in which Telegram would have brought them.
select u.update_id from platform.v_set_aside_updates u where u.bot = %(bot)s::text order by u.update_id;

-- name: take
-- In the transaction of its effects: who comes second waits here, and finds nothing.
delete from platform.failed_updates f
using platform.bots b
where b.name = %(bot)s::text and f.bot_id = b.id and f.update_id = %(update_id)s::bigint and f.set_aside_at is not null
returning f.bot_id, b.system, b.username, f.body, f.correlation_id;

-- name: count_failure
update platform.failed_updates f
set attempts = f.attempts + 1, error = %(error)s::text, last_failed_at = clock_timestamp()
from platform.bots b
where b.name = %(bot)s::text and f.bot_id = b.id and f.update_id = %(update_id)s::bigint;
