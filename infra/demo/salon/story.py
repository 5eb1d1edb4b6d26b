"""The story of the salon owner's morning: yesterday in numbers, a booking that is none, an alert, walls."""

import asyncio
import json
import re
from typing import Any

from infra.demo.salon.example import COMPANY, NEIGHBOUR, OWNER_CHAT, RECORD, SOURCE, TENANT
from infra.demo.world import Story, World, expect
from infra.local.keys import SALON_BOT
from infra.sandbox.telegram.updates import Actor, person

STORY = Story()


@STORY.step
async def digest(world: World) -> str:
    """Morning in the salon: the scheduler calls daily_metrics_digest, three times at once."""
    await asyncio.gather(*(world.tick("daily_metrics_digest") for _ in range(3)))
    await world.until(lambda: bool(_read(world, "sendPhoto")), "no digest came")
    await world.settled()
    digests = _read(world, "sendPhoto")
    expect(len(digests) == 1, f"{len(digests)} digests came")
    lines = [line for line in re.sub("<[^>]+>", "", digests[0]["caption"]).split("\n") if line]
    return f"One digest with a picture of two weeks: «{lines[0]} … {lines[1]} …»"


@STORY.step
async def booking(world: World) -> str:
    """Yesterday's booking is cancelled in YClients, which tells so by a hook that says nearly nothing."""
    await world.tick("verify_bookings")
    [before] = await world.rows("booking", record=str(RECORD))
    world.sandbox.yclients.put(COMPANY, RECORD, deleted=True)
    hint = {
        "company_id": COMPANY,
        "resource": "record",
        "resource_id": RECORD,
        "status": "delete",
        "data": {"id": RECORD},
    }
    answer = await world.post(f"/ingest_webhook/yclients/{SOURCE}", json=hint)
    expect(answer.status_code == 200, f"the hook was answered {answer.status_code}")
    await world.tick("verify_bookings")
    [after] = await world.rows("booking", record=str(RECORD))
    expect((before["status"], after["status"]) == ("created", "cancelled"), f"{before['status']}, {after['status']}")
    return "Verified: created. After the hook it is looked up again: cancelled; the hook alone is believed nothing"


@STORY.step
async def alert(world: World) -> str:
    """Twelve dialogs today, and nobody books; the owner presses [Принято]."""
    await world.rows("bad_day", tenant=TENANT)
    await asyncio.gather(*(world.tick("daily_metrics_digest") for _ in range(3)))
    await world.until(lambda: bool(_alerts(world)), "no alert came")
    await world.settled()
    expect(len({one["text"] for one in _alerts(world)}) == len(_alerts(world)), "an alert came twice")
    message = _alerts(world)[0]
    first = re.sub("<[^>]+>", "", message["text"]).split("\n")[0]
    button = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    chat = _chat(world)
    encounter = Actor(world.telegram, world.telegram.bot_of(SALON_BOT), chat, person(OWNER_CHAT, "Аврора Зорина"))
    await encounter.press(message["message_id"], button)
    await world.until(lambda: "Принято" in chat.messages[message["message_id"]]["text"], "the message was not edited")
    await world.settled()
    [audit] = await world.rows("audit", tenant=TENANT)
    return f"«{first}» Pressed: the message says who, and so does the audit ({audit['action']})"


@STORY.step
async def tenant_isolation(world: World) -> str:
    """The owner of the salon next door looks into the database."""
    claims = json.dumps({"app_metadata": {"app_role": "admin", "tenant_id": NEIGHBOUR}})
    seen = await world.as_viewer("seen", claims, tenant=TENANT)
    expect(seen == [{"metrics": 0, "alerts": 0, "bookings": 0, "sessions": 0}], f"they see {seen}")
    claims = json.dumps({"app_metadata": {"app_role": "admin", "tenant_id": TENANT}})
    own = await world.as_viewer("seen", claims, tenant=TENANT)
    expect(own[0]["sessions"] > 0 and own[0]["metrics"] > 0, f"the owner sees {own}")
    return f"Nothing of «Аврора»: no row; its own owner sees {own[0]['sessions']} dialogs and {own[0]['metrics']} days"


def _read(world: World, method: str) -> list[dict[str, Any]]:
    return [row.params for row in world.telegram.journal.find(method, OWNER_CHAT) if row.delivered]


def _alerts(world: World) -> list[dict[str, Any]]:
    chat = _chat(world)
    return [one for one in chat.messages.values() if "inline_keyboard" in one.get("reply_markup", {})]


def _chat(world: World) -> Any:
    chat = world.telegram.chat(SALON_BOT, OWNER_CHAT)
    assert chat
    return chat
