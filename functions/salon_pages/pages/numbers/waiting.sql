-- name: mark
insert into dashboard.wishlist_marks (tenant_id, wishlist_id, done_by)
values (%(tenant)s::uuid, %(wish)s::bigint, %(user)s::bigint)
on conflict do nothing
returning wishlist_id;

-- name: unmark
delete from dashboard.wishlist_marks
where tenant_id = %(tenant)s::uuid and wishlist_id = %(wish)s::bigint
returning wishlist_id;
