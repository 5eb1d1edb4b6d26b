-- name: health
select h.revision, h.waiting_seconds, h.missed from platform.health() h;
