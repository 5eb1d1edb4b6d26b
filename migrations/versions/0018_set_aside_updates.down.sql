drop view platform.v_set_aside_updates;
drop table platform.failed_updates;
