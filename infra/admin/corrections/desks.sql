-- name: set_status
update support.clients set status = %(status)s::text where id = %(desk)s::uuid and status <> %(status)s::text;

-- name: lock
select c.status from support.clients c where c.id = %(desk)s::uuid for update;

-- name: customers
select count(*) as customers from support.users u where u.client_id = %(desk)s::uuid;

-- name: delete
delete from support.clients where id = %(desk)s::uuid;
