-- name: track
select id, slug, title, description, goal from learning.tracks where slug = %(slug)s::text;

-- name: add_track
insert into learning.tracks (slug, title, description, goal)
values (%(slug)s::text, %(title)s::text, %(description)s::text, %(goal)s::text)
returning id;

-- name: change_track
update learning.tracks
set title = %(title)s::text, description = %(description)s::text, goal = %(goal)s::text
where slug = %(slug)s::text;

-- name: roadmap
select position, title, description from learning.track_roadmap_items where track_id = %(track)s::uuid order by position;

-- name: add_item
insert into learning.track_roadmap_items (track_id, position, title, description)
values (%(track)s::uuid, %(position)s::int, %(title)s::text, %(description)s::text);

-- name: change_item
update learning.track_roadmap_items
set title = %(title)s::text, description = %(description)s::text
where track_id = %(track)s::uuid and position = %(position)s::int;

-- name: remove_items
delete from learning.track_roadmap_items
where track_id = %(track)s::uuid and position = any(%(positions)s::int[]);

-- name: tabs
-- Tabs for which the track has an active template of its own.
select distinct tab from learning.chat_templates where track_id = %(track)s::uuid and is_active;
