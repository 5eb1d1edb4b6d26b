drop index concurrently if exists platform.chat_moves_moved;
drop index concurrently if exists platform.lanes_chat;
