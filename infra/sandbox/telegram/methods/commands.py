"""Methods of the bot's menu of commands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.params import json_value, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Json

_MAX_COMMANDS = 100
_MAX_DESCRIPTION = 256


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """Set the commands of a scope and a language."""
    given = json_value(call.params, "commands", "commands")
    if not isinstance(given, list):
        reason = "can't parse commands: expected an Array"
        raise bad_request(reason)
    if len(given) > _MAX_COMMANDS:
        reason = "BOT_COMMANDS_TOO_MUCH"
        raise bad_request(reason)
    call.bot.commands[_scope(call)] = [_command(command) for command in given]
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """The commands of a scope and a language."""
    return call.bot.commands.get(_scope(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """Take the commands of a scope and a language away."""
    call.bot.commands.pop(_scope(call), None)
    return True


def _scope(call: Call) -> str:
    scope = json_value(call.params, "scope", "scope") or {"type": "default"}
    return f"{json.dumps(scope, sort_keys=True)} {text(call.params, 'language_code')}"


def _command(given: object) -> Json:
    if not isinstance(given, dict):
        reason = "can't parse BotCommand: expected an Object"
        raise bad_request(reason)
    command, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not re.fullmatch(r"[a-z0-9_]{1,32}", command):
        reason = "BOT_COMMAND_INVALID"
        raise bad_request(reason)
    if not 1 <= len(description) <= _MAX_DESCRIPTION:
        reason = "BOT_COMMAND_DESCRIPTION_INVALID"
        raise bad_request(reason)
    return {"command": command, "description": description}
