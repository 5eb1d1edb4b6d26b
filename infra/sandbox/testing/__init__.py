"""For tests of anybody's own bot: wait for a message, find the latest one, arrange a world, begin anew."""
