-- name: services
-- As in the digest: each service gets its share of a booking's money, and money in several currencies is no sum. `documented`
-- gives each service all of it, as v_top_services does.
with booked as materialized (
    select d.id, d.services
    from dashboard.dialogs(%(tenant)s::uuid, %(begins)s::timestamptz[], %(ends)s::timestamptz[]) d
    where d.booking_id is not null
), named as (
    select b.id, n.name, greatest(cardinality(b.services), 1) as services
    from booked b
    left join lateral unnest(b.services) as n (name) on true
)
select n.name, count(*) as bookings,
       case when min(m.currency) = max(m.currency) then round(sum(m.amount / n.services), 2) end as revenue,
       case when min(m.currency) = max(m.currency) then sum(m.amount) end as documented,
       case when min(m.currency) = max(m.currency) then min(m.currency) end as currency
from named n
left join dashboard.session_money(%(tenant)s::uuid, (%(begins)s::timestamptz[])[1],
                                  (%(ends)s::timestamptz[])[cardinality(%(ends)s::timestamptz[])]) m on m.id = n.id
group by n.name
order by n.name is null, count(*) desc, n.name;
