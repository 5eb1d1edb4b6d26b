-- name: count_refused
insert into platform.refused_requests as r (source_id, reason, status, count)
select g.source_id, g.reason, g.status, g.count
from unnest(%(source_ids)s::bigint[], %(reasons)s::text[], %(statuses)s::smallint[], %(counts)s::int[])
    as g (source_id, reason, status, count)
order by g.source_id, g.reason
on conflict (source_id, day, reason) do update
    set count = r.count + excluded.count, status = excluded.status, last_at = excluded.last_at;
