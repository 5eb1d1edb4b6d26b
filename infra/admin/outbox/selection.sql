-- name: bot
select from platform.bots where name = %(bot)s::text;
