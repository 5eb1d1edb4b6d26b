drop trigger chat_moves_salon on platform.chat_moves;
drop view dashboard.v_wishlist_pending, dashboard.v_top_services_corrected, dashboard.v_top_services,
    dashboard.v_conversion_funnel_corrected, dashboard.v_conversion_funnel, dashboard.v_tenants, dashboard.v_clients,
    dashboard.v_sessions, dashboard.v_history, dashboard.v_wishlist, dashboard.v_memories;
drop function dashboard.session_amounts(), dashboard.tenant_zones(), dashboard.known_zone(text), dashboard.follow_moved_chat();
