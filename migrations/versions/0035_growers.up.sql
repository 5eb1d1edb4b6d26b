-- Which sources have deliveries that wait, and for which reasons: one step down inbox_open for each.
create view platform.v_open_reasons with (security_invoker = true) as
with recursive reasons as (
    (select i.source_id, i.reason
     from platform.inbox i
     where i.dismissed_at is null
     order by i.source_id, i.reason
     limit 1)
    union all
    select next.source_id, next.reason
    from reasons r
    cross join lateral (
        select i.source_id, i.reason
        from platform.inbox i
        where i.dismissed_at is null and (i.source_id, i.reason) > (r.source_id, r.reason)
        order by i.source_id, i.reason
        limit 1) next
)
select r.source_id, r.reason from reasons r;
