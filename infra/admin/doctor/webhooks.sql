-- name: refused
select s.provider || '/' || s.name as source, s.gateway, r.status, r.reason, sum(r.count)::int as count,
       max(r.last_at) at time zone 'utc' as last_at
from platform.refused_requests r
join platform.webhook_sources s on s.id = r.source_id
where r.day >= (now() at time zone 'utc')::date - 1
group by s.id, r.status, r.reason
order by s.id, r.status, r.reason;

-- name: unparsed
-- The reasons that keep most, of each source; a pause always, even while nothing has come.
select c.source, c.provider, c.name, c.reason, c.deliveries
from (
    select s.provider || '/' || s.name as source, s.provider, s.name, i.reason, count(i.id)::int as deliveries,
           row_number() over (partition by s.id order by count(*) desc, i.reason) as place, s.id
    from platform.webhook_sources s
    join (select i.id, i.source_id, i.reason from platform.inbox i where i.dismissed_at is null
          union all
          select null, p.id, %(paused)s::text from platform.webhook_sources p where p.paused_at is not null) i
        on i.source_id = s.id
    group by s.id, i.reason) c
where c.place <= 3 or c.reason = %(paused)s::text
order by c.id, c.place;

-- name: set_aside
-- By bot and error, with the newest of each.
select u.bot, u.error, count(*) as updates, (array_agg(u.correlation_id order by u.set_aside_at desc))[1] as correlation_id
from platform.v_set_aside_updates u
where u.set_aside_at > (select clock_timestamp()) - interval '1 day'
group by u.bot, u.error
order by u.bot, count(*) desc, u.error;
