-- Where whoever erases something looks for what belongs to it. Without an index a bot, a salon's client each cost a walk
-- through a table that grows for years, and the row is locked meanwhile (a mentor has notifications_mentor). Ids that hardly
-- ever differ from one row to the next take some bytes a row: btree keeps equal ones together.
create index concurrently outbox_bot on platform.outbox (bot_id);  -- the others are partial: no foreign key can use them
create index concurrently conversations_client on dashboard.conversations (client_id);
create index concurrently bookings_client on dashboard.bookings (client_id);
