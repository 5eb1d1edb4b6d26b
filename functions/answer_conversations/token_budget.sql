-- name: take
-- One row, or none where the budget is used up. A customer's row is of one day and begins anew with the next; a desk's total is
-- the sum of its rows, so that no row is everybody's. Two calls at once may pass what is left together: by one call each.
-- Nobody waits for the disk: a crash of Postgres may forget the tokens of a moment.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), today as (
    select (now() at time zone 'UTC')::date as day
), used as (
    select coalesce(sum(u.tokens), 0) as by_desk,
           coalesce(sum(u.tokens) filter (where u.conversation_id = %(conversation_id)s::uuid), 0) as by_customer
    from today
    join support.token_usage u on u.client_id = %(client_id)s::uuid and u.day = today.day
)
insert into support.token_usage as u (conversation_id, client_id, day, tokens, calls)
select %(conversation_id)s::uuid, s.client_id, today.day, %(tokens)s::int, 1
from support.client_settings s
cross join today
cross join used
cross join quick
where s.client_id = %(client_id)s::uuid and used.by_desk + %(tokens)s::int <= s.daily_tokens
  and used.by_customer + %(tokens)s::int <= s.customer_daily_tokens
on conflict (conversation_id) do update
    set tokens = excluded.tokens + case when u.day = excluded.day then u.tokens else 0 end,
        calls = excluded.calls + case when u.day = excluded.day then u.calls else 0 end,
        day = excluded.day
returning u.tokens;
