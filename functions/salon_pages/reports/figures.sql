-- name: daily
-- Days (from `begins` to `ends`) on which something happened, by their number. The response is measured as for the digest: from
-- each message of a customer to the bot's next one in that session; of a day that the digest has counted it is known, and its
-- messages are not read. Money is text: as a number of JSON it would lose digits.
with sessions as materialized (
    select d.day_number, d.id, d.session_id, d.booking_id
    from dashboard.dialogs(%(tenant)s::uuid, %(begins)s::timestamptz[], %(ends)s::timestamptz[]) d
), counted as (
    select day_number, count(*) as dialogs, count(booking_id) as bookings from sessions group by day_number
), known as materialized (
    select d.day_number, m.answers, m.waited_ms
    from unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[])
        with ordinality as d (day, begins, ends, day_number)
    join dashboard.metrics_dailies m on m.day = d.day and m.begins_at = d.begins and m.ends_at = d.ends
    where m.tenant_id = %(tenant)s::uuid and m.answers is not null
      and m.day between (%(days)s::date[])[1] and (%(days)s::date[])[cardinality(%(days)s::date[])]
), answered as (
    select k.day_number, k.answers, k.waited_ms from known k
    union all
    -- From the end backwards, the earliest answer so far is the next one.
    select h.day_number, count(*) as answers, sum(extract(epoch from h.answered_at - h.created_at) * 1000) as waited_ms
    from (
        select s.day_number, r.role, r.created_at,
               min(r.created_at) filter (where r.role = 'assistant') over (
                   partition by s.day_number, s.session_id
                   order by r.created_at desc, r.id desc rows unbounded preceding) as answered_at
        from sessions s
        cross join lateral (
            select r.id, r.role, r.created_at
            from dashboard.v_history r
            where r.session_id = s.session_id and r.tenant_id = %(tenant)s::uuid
            offset 0) r
        where not exists (select from known k where k.day_number = s.day_number)) h
    where h.role = 'user' and h.answered_at is not null
    group by h.day_number
), paid as (
    select p.day_number, jsonb_object_agg(p.currency, p.amount) as money
    from (select s.day_number, coalesce(m.currency, '') as currency, sum(m.amount)::text as amount
          from sessions s
          join dashboard.session_money(%(tenant)s::uuid, (%(begins)s::timestamptz[])[1],
                                       (%(ends)s::timestamptz[])[cardinality(%(ends)s::timestamptz[])]) m on m.id = s.id
          where s.booking_id is not null and m.amount is not null
          group by s.day_number, coalesce(m.currency, '')) p
    group by p.day_number
), missed as (
    select b.day_number, count(*) as no_shows
    from (select width_bucket(b.start_at, %(begins)s::timestamptz[]) as day_number, b.start_at
          from dashboard.bookings b
          where b.tenant_id = %(tenant)s::uuid and b.status = 'no_show' and b.start_at >= (%(begins)s::timestamptz[])[1]
            and b.start_at < (%(ends)s::timestamptz[])[cardinality(%(ends)s::timestamptz[])]) b
    where b.start_at < (%(ends)s::timestamptz[])[b.day_number]
    group by b.day_number
)
select day_number, coalesce(c.dialogs, 0) as dialogs, coalesce(c.bookings, 0) as bookings, coalesce(a.answers, 0) as answers,
       coalesce(a.waited_ms, 0) as waited_ms, coalesce(m.no_shows, 0) as no_shows, coalesce(p.money, '{}') as money
from counted c
full join missed m using (day_number)
left join answered a using (day_number)
left join paid p using (day_number)
order by day_number;

-- name: waiting
-- What the bot has on its list and the salon has not done, and what of it came between two moments.
select count(*) as waiting,
       count(*) filter (where w.created_at >= %(since)s::timestamptz and w.created_at < %(until)s::timestamptz) as new
from dashboard.v_wishlist w
where w.tenant_id = %(tenant)s::uuid and w.status = 'pending'
  and not exists (
      select from dashboard.wishlist_marks m where m.tenant_id = w.tenant_id and m.wishlist_id = w.id);

-- name: open_alerts
select a.kind
from dashboard.alerts a
where a.tenant_id = %(tenant)s::uuid and a.resolved_at is null
order by a.triggered_at, a.id;
