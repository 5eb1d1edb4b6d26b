"""What people may be reminded of, as the screen of notifications calls it."""

from collections.abc import Mapping

from shared.i18n.texts import Text

MARK: Mapping[bool, str] = {True: "✅", False: "🔕"}
KINDS: Mapping[str, Text] = {
    "session": Text(ru="Занятия", en="Sessions"),
    "healing": Text(ru="Сессии исцеления", en="Healing sessions"),
    "event": Text(ru="События", en="Events"),
    "assignment": Text(ru="Сроки заданий", en="Assignments due"),
    "homework": Text(ru="Несданные задания", en="Assignments not handed in"),
}
