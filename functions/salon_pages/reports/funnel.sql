-- name: funnel
-- A booking that was looked for in YClients and not found is unconfirmed; one that nobody has looked for yet is unchecked.
with sessions as materialized (
    select d.ending, d.step, d.booking_id
    from dashboard.dialogs(%(tenant)s::uuid, %(begins)s::timestamptz[], %(ends)s::timestamptz[]) d
), verdicts as (
    select case when b.status <> 'created' or b.verified_at is not null then b.status when b.attempts > 0 then 'unconfirmed'
                else 'unchecked' end as verdict
    from sessions s
    left join lateral (  -- one by one: Postgres expects few bookings of a salon, and would read all there ever were
        select k.status, k.verified_at, k.attempts
        from dashboard.bookings k
        where k.tenant_id = %(tenant)s::uuid and k.external_id = s.booking_id
        limit 1) b on true
    where s.booking_id is not null
)
select (select count(*) from sessions) as dialogs,
       (select coalesce(jsonb_object_agg(ending, n), '{}') from (select ending, count(*) as n from sessions group by 1) e) as endings,
       (select coalesce(jsonb_object_agg(step, n), '{}')
        from (select step, count(*) as n from sessions where step is not null group by 1) s) as steps,
       (select coalesce(jsonb_object_agg(verdict, n), '{}')
        from (select verdict, count(*) as n from verdicts group by 1) v) as bookings;
