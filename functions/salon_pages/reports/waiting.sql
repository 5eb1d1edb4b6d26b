-- name: pending
select w.id, w.created_at at time zone %(timezone)s::text as created_at, coalesce(c.full_name, '') as client,
       coalesce(c.phone, '') as phone, coalesce(w.meta ->> 'service_title', w.item_id) as item,
       coalesce(w.meta ->> 'staff_name', '') as staff, concat_ws(', ', w.meta ->> 'preferred_date', w.meta ->> 'time_preference')
           as preferred, coalesce(w.comment, '') as comment, count(*) over () as found
from dashboard.v_wishlist w
left join lateral (
    select k.full_name, k.phone from dashboard.v_clients k where k.id = w.user_id and k.tenant_id = w.tenant_id limit 1) c on true
where w.tenant_id = %(tenant)s::uuid and w.status = 'pending'
  and not exists (
      select from dashboard.wishlist_marks m where m.tenant_id = w.tenant_id and m.wishlist_id = w.id)
order by w.created_at, w.id
limit %(limit)s::int;

-- name: done
-- Who did it has a name for those who may see users.
select w.id, w.created_at at time zone %(timezone)s::text as created_at, coalesce(c.full_name, '') as client,
       coalesce(c.phone, '') as phone, coalesce(w.meta ->> 'service_title', w.item_id) as item,
       coalesce(w.meta ->> 'staff_name', '') as staff, concat_ws(', ', w.meta ->> 'preferred_date', w.meta ->> 'time_preference')
           as preferred, coalesce(w.comment, '') as comment, m.done_at at time zone %(timezone)s::text as done_at,
       coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email, '') as done_by
from (select * from dashboard.wishlist_marks k
      where k.tenant_id = %(tenant)s::uuid
      order by k.done_at desc, k.wishlist_id desc
      limit %(limit)s::int) m
join dashboard.v_wishlist w on w.id = m.wishlist_id and w.tenant_id = m.tenant_id
left join lateral (
    select k.full_name, k.phone from dashboard.v_clients k where k.id = w.user_id and k.tenant_id = w.tenant_id limit 1) c on true
left join dashboard.users u on u.id = m.done_by
order by m.done_at desc, m.wishlist_id desc;

-- name: is_pending
select exists (
    select from dashboard.v_wishlist w
    where w.id = %(wish)s::bigint and w.tenant_id = %(tenant)s::uuid and w.status = 'pending') as pending;
