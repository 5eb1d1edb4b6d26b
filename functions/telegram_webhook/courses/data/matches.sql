-- name: own
select r.id, r.written
from courses.match_requests r
where r.telegram_id = %(telegram_id)s::bigint and r.state = 'open';

-- name: ask
-- One open request an account, few a day, and not very many for the staff to answer.
insert into courses.match_requests (telegram_id, username, written)
select %(telegram_id)s::bigint, nullif(%(username)s::text, ''), %(written)s::text
where (select count(*) from courses.match_requests o where o.state = 'open') < %(max_open)s::int
  and (select count(*) from courses.match_requests d
       where d.telegram_id = %(telegram_id)s::bigint
         and d.created_at > (select clock_timestamp()) - interval '1 day') < %(max_daily)s::int
on conflict (telegram_id) where state = 'open' do nothing
returning id;

-- name: withdraw
update courses.match_requests
set state = 'withdrawn', decided_at = clock_timestamp()
where telegram_id = %(telegram_id)s::bigint and state = 'open';

-- name: requests
-- The open ones, the oldest first, or the one with this id, whatever became of it.
select r.id, r.written, r.username, r.created_at, r.state::text as state, r.decided_at,
       coalesce(d.full_name, d.username, '') as decided_by, coalesce(u.full_name, u.username, u.id::text, '') as person
from courses.match_requests r
left join courses.users d on d.id = r.decided_by
left join courses.users u on u.id = r.user_id
where case when %(id)s::bigint is null then r.state = 'open' else r.id = %(id)s::bigint end
order by r.id
limit %(most)s::int;

-- name: candidates
-- Participants without an account whose nickname or username it is, or in whose names each word occurs. Staff are none:
-- their accounts say what they may do. Many write the Russian letter yo as ye.
select u.id, coalesce(u.full_name, u.nickname, u.username, u.id::text) as name, concat_ws(', ', c.name, s.title) as place
from courses.match_requests r
join courses.users u on u.role = 'user' and u.telegram_id is null
left join courses.participants p on p.user_id = u.id
left join courses.cohorts c on c.id = coalesce(p.cohort_id, u.cohort_id)
left join courses.streams s on s.id = p.stream_id
cross join lateral (
    select lower(ltrim(r.written, '@')) in (lower(u.nickname), lower(u.username)) as is_called_so,
           lower(r.username) = lower(u.username) as has_username,
           (select bool_and(position(word in translate(lower(concat_ws(' ', u.full_name, u.nickname, u.username)),
                                                       E'\u0451', E'\u0435')) > 0)
            from unnest(string_to_array(translate(lower(ltrim(r.written, '@')), E'\u0451', E'\u0435'), ' ')) word
           ) as has_words) m
where r.id = %(id)s::bigint and (m.is_called_so or m.has_username or m.has_words)
order by m.is_called_so is true desc, m.has_username is true desc, u.full_name, u.id
limit %(most)s::int;

-- name: staff
select u.telegram_id
from courses.users u
where u.role <> 'user' and u.telegram_id is not null
order by u.id
limit %(most)s::int;

-- name: lock_person
-- Before the request, as whoever is recognised in another way does.
select u.id from courses.users u where u.id = %(user_id)s::bigint for update;

-- name: accept
with accepted as (
    update courses.match_requests r
    set state = 'accepted', decided_at = clock_timestamp(), decided_by = %(by)s::bigint, user_id = u.id
    from courses.users u
    where r.id = %(id)s::bigint and r.state = 'open' and u.id = %(user_id)s::bigint and u.role = 'user'
      and u.telegram_id is null
      and not exists (select from courses.users o where o.telegram_id = r.telegram_id)
    returning r.telegram_id, r.username, u.id
)
update courses.users u
set telegram_id = a.telegram_id, username = coalesce(a.username, u.username)
from accepted a
where u.id = a.id
returning u.telegram_id;

-- name: decline
update courses.match_requests
set state = 'declined', decided_at = clock_timestamp(), decided_by = %(by)s::bigint
where id = %(id)s::bigint and state = 'open'
returning telegram_id;
