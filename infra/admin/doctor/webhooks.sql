-- name: refused
select s.provider || '/' || s.name as source, s.gateway, r.status, r.reason, sum(r.count)::int as count,
       max(r.last_at) at time zone 'utc' as last_at
from platform.refused_requests r
join platform.webhook_sources s on s.id = r.source_id
where r.day >= (now() at time zone 'utc')::date - 1
group by s.id, r.status, r.reason
order by s.id, r.status, r.reason;

-- name: unparsed
-- The reasons that keep most, of each source.
select c.source, c.name, c.reason, c.deliveries
from (
    select s.provider || '/' || s.name as source, s.name, i.reason, count(*)::int as deliveries,
           row_number() over (partition by s.id order by count(*) desc, i.reason) as place, s.id
    from platform.inbox i
    join platform.webhook_sources s on s.id = i.source_id
    where i.dismissed_at is null
    group by s.id, i.reason) c
where c.place <= 3
order by c.id, c.place;
