"""Stand-ins for three WhatsApp gateways: routes, answers and webhooks, with a journal and faults in memory.

`/chatflow`, `/evolution` and `/whatsapp_cloud` are the gateways' addresses, `/_sandbox/whatsapp` is ours. What is
documented nowhere (how ChatFlow refuses) is made up, and marked so.
"""
