-- name: bots
select id, name, system, channel, address, status, token_sealed from platform.bots order by id;
