-- A chat's own lane is found by its name, which is in the primary key; its threads' and kinds' lanes by this index, however
-- many lanes of other chats there are: when a group moves or is not ready, and when housekeeping asks whether a chat still
-- paces a lane. A chat without such lanes costs nothing here.
create index concurrently lanes_chat on platform.lanes (bot_id, chat) where chat is not null;
-- Only what moved in the last months may have something waiting under its old id.
create index concurrently chat_moves_moved on platform.chat_moves (moved_at);
