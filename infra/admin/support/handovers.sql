-- name: list
-- Without what customers wrote, and without the keyword that called a manager.
select h.number, c.name as client, u.name as person, coalesce(u.phone, split_part(u.remote_jid, '@', 1)) as phone,
       h.status, h.trigger_type as trigger, h.joined, h.assigned_to_name as who, h.created_at, h.first_response_at,
       h.resolved_at, h.closed_by_name as closed_by, h.remind_at,
       extract(epoch from clock_timestamp() - h.created_at)::float8 as age_seconds
from support.handovers h
join support.clients c on c.id = h.client_id
join support.conversations v on v.id = h.conversation_id
join support.users u on u.id = v.user_id
where (%(desk)s::uuid is null or h.client_id = %(desk)s::uuid)
  and (not %(only_open)s::boolean or h.status in ('pending', 'active'))
order by h.created_at desc, h.number desc
limit %(limit)s::int;
