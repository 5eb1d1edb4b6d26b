"""The whole story that the demo plays."""

from infra.local import desk_story, morning_story, school_story
from infra.local.telling import Story, World, expect

STORY = Story([*school_story.STORY, *desk_story.STORY, *morning_story.STORY])


@STORY.step
async def at_the_end(world: World) -> str:
    """At the end of the day."""
    await world.settled()
    [ended] = await world.rows("ended")
    expect(not ended["lost"], f"{ended['lost']} events, requests or messages have no visible end")
    taken_in = f"{ended['events']} events, {ended['messages']} messages of conversations"
    return f"{taken_in}, {ended['sent']} messages sent, nothing waiting, nothing dead, nothing doubled"
