"""Stand-ins for three WhatsApp gateways: their routes and answers, with a journal and faults in memory.

`/chatflow`, `/evolution` and `/whatsapp_cloud` are the gateways' addresses, `/_sandbox/whatsapp` is ours. What nobody
has written down (how ChatFlow refuses) is made up, and marked so.
"""
