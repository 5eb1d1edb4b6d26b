-- As before, but that a dialog's services, the dearest of its columns, are unpacked after dialogs were told apart and chosen: of a
-- month's, a third has a booking. Whoever reads them twice puts them into a materialized CTE first.
create or replace function dashboard.dialogs(of_tenant uuid, begins timestamptz[], ends timestamptz[])
returns table (day_number int, id bigint, session_id uuid, user_id uuid, channel text, started_at timestamptz, status text,
               ending text, step text, booking_id text, services text[], messages int, summary text)
language sql stable rows 1000 as $$
    select s.day_number, s.id, s.session_id, s.user_id, s.channel, s.started_at, s.final_status,
           case when s.final_status in ('done', 'escalated') then s.final_status
                when s.final_status in ('dropped', 'abandoned', 'auto_closed') then 'lost' else 'other' end,
           case when s.final_status = 'done' then null
                when s.meta ->> 'drop_off_stage' in ('service_selection', 'staff_selection', 'date_selection', 'time_selection')
                then s.meta ->> 'drop_off_stage' else 'unknown' end,
           s.booking_id,
           case when jsonb_typeof(s.meta -> 'services_mentioned') = 'array' then
                array(select distinct btrim(j.name)
                      from jsonb_array_elements_text(s.meta -> 'services_mentioned') as j (name)
                      where btrim(j.name) <> '') else '{}' end,
           s.messages_count, s.summary
    from (select distinct on (v.day_number, v.session_id) v.*
          from (select width_bucket(v.started_at, begins) as day_number, v.id, v.session_id, v.user_id, v.channel, v.started_at,
                       v.final_status, v.booking_id, v.meta, v.messages_count, coalesce(v.final_summary, v.summary) as summary
                from dashboard.v_sessions v
                where v.tenant_id = of_tenant and v.started_at >= begins[1] and v.started_at < ends[cardinality(ends)]) v
          where v.started_at < ends[v.day_number]
          order by v.day_number, v.session_id, v.booking_id is null, v.id desc) s
$$;
