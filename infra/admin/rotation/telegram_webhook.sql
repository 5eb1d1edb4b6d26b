-- name: registered
-- The first time, the secret changes, too: earlier releases derived it otherwise.
update platform.bots
set webhook_version = %(version)s::int,
    webhook_key_id = %(key_id)s::bytea,
    webhook_rotated_at = case when %(rotate)s::boolean then clock_timestamp()
                              else coalesce(webhook_rotated_at, clock_timestamp()) end
where id = %(bot)s::bigint;

-- name: registrations
select name, webhook_key_id from platform.bots where channel = 'telegram' order by id;
