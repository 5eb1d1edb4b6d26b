drop schema getcourse cascade;
-- btree_gist stays: it may have been here before us.
