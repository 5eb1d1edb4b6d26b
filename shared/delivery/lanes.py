"""How lanes are called: one per chat, thread or unordered kind; the chat's own lane paces all of them."""


def name(chat: str, thread: str | None = None, kind: str | None = None) -> str:
    """`chat`, `chat/thread`, and `#kind` after either for kinds that keep out of the order."""
    lane = f"{chat}/{thread}" if thread else chat
    return f"{lane}#{kind}" if kind else lane
