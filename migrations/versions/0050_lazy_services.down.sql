create or replace function dashboard.dialogs(of_tenant uuid, begins timestamptz[], ends timestamptz[])
returns table (day_number int, id bigint, session_id uuid, user_id uuid, channel text, started_at timestamptz, status text,
               ending text, step text, booking_id text, services text[], messages int, summary text)
language sql stable rows 1000 as $$
    select distinct on (s.day_number, s.session_id) s.*
    from (select width_bucket(v.started_at, begins) as day_number, v.id, v.session_id, v.user_id, v.channel, v.started_at,
                 v.final_status,
                 case when v.final_status in ('done', 'escalated') then v.final_status
                      when v.final_status in ('dropped', 'abandoned', 'auto_closed') then 'lost' else 'other' end,
                 case when v.final_status = 'done' then null
                      when v.meta ->> 'drop_off_stage' in ('service_selection', 'staff_selection', 'date_selection', 'time_selection')
                      then v.meta ->> 'drop_off_stage' else 'unknown' end,
                 v.booking_id,
                 array(select distinct btrim(j.name)
                       from jsonb_array_elements_text(
                           case jsonb_typeof(v.meta -> 'services_mentioned') when 'array' then v.meta -> 'services_mentioned' end)
                           as j (name)
                       where btrim(j.name) <> ''),
                 v.messages_count, coalesce(v.final_summary, v.summary)
          from dashboard.v_sessions v
          where v.tenant_id = of_tenant and v.started_at >= begins[1] and v.started_at < ends[cardinality(ends)]) s
    where s.started_at < ends[s.day_number]
    order by s.day_number, s.session_id, s.booking_id is null, s.id desc
$$;
