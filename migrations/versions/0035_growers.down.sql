drop view platform.v_open_reasons;
