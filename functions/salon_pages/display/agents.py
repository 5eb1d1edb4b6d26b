"""Browsers as people call them."""

MAX_UNKNOWN = 40  # characters of an agent that names neither

# The first word that an agent has: many name others, too, whom they are like.
_BROWSERS = {
    "YaBrowser": "Yandex", "OPR/": "Opera", "Edg": "Edge", "SamsungBrowser": "Samsung", "FxiOS": "Firefox",
    "Firefox": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_DEVICES = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


def describe(agent: str) -> str:
    """«Chrome, Windows»; the agent's beginning, where it names neither."""
    found = [
        next((name for word, name in names.items() if word in agent), "") for names in (_BROWSERS, _DEVICES)
    ]  # fmt: skip
    return ", ".join(filter(None, found)) or agent[:MAX_UNKNOWN]
