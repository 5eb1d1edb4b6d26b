-- name: delete_messages
with due as materialized (
    select m.id from support.messages m
    where m.created_at < now() - make_interval(days => %(days)s::int)
    order by m.created_at
    limit %(batch)s::int
), gone as (
    delete from support.messages where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: empty_trigger_texts
with due as materialized (
    select h.id from support.handovers h
    where h.trigger_text is not null and h.created_at < now() - make_interval(days => %(days)s::int)
    order by h.created_at
    limit %(batch)s::int
), emptied as (
    update support.handovers h set trigger_text = null
    where h.id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_customers
-- The conversation first: whoever writes to it holds its lock, and after that it is no longer due.
with due as materialized (
    select c.id from support.conversations c
    where c.last_message_at < now() - make_interval(days => %(days)s::int)
    order by c.last_message_at
    limit %(batch)s::int
), gone as (
    delete from support.conversations c
    where c.id = any(array(select id from due)) and not %(dry_run)s::boolean
      and c.last_message_at < now() - make_interval(days => %(days)s::int)
    returning c.user_id
), customers as (
    delete from support.users u where u.id = any(array(select user_id from gone))
), topics as (
    delete from platform.topics t where t.key = any(array(select 'support/user/' || user_id from gone))
)
select count(*) as due from due;
