-- name: refused
select s.provider || '/' || s.name as source, s.gateway, r.status, r.reason, sum(r.count)::int as count,
       max(r.last_at) at time zone 'utc' as last_at
from platform.refused_requests r
join platform.webhook_sources s on s.id = r.source_id
where r.day >= (now() at time zone 'utc')::date - 1
group by s.id, r.status, r.reason
order by s.id, r.status, r.reason;

-- name: unparsed
-- The reasons that keep most, of each source; a pause always, even while nothing has come. Nobody counts beyond `most`.
select s.provider || '/' || s.name as source, s.provider, s.name, c.reason, c.deliveries
from (
    select r.source_id, r.reason, n.deliveries,
           row_number() over (partition by r.source_id order by n.deliveries desc, r.reason) as place
    from (select o.source_id, o.reason from platform.v_open_reasons o
          union
          select p.id, %(paused)s::text from platform.webhook_sources p where p.paused_at is not null) r
    cross join lateral (
        select count(*)::int as deliveries
        from (select from platform.inbox i
              where i.source_id = r.source_id and i.reason = r.reason and i.dismissed_at is null
              limit %(most)s::int) i) n) c
join platform.webhook_sources s on s.id = c.source_id
where c.place <= 3 or c.reason = %(paused)s::text
order by c.source_id, c.place;

-- name: set_aside
-- By bot and error, with the newest of each.
select u.bot, u.error, count(*) as updates, (array_agg(u.correlation_id order by u.set_aside_at desc))[1] as correlation_id
from platform.v_set_aside_updates u
where u.set_aside_at > (select clock_timestamp()) - interval '1 day'
group by u.bot, u.error
order by u.bot, count(*) desc, u.error;
