"""The story that the demo plays: a chapter for each system, and the end of the day."""

from infra.demo.courses import story as courses_story
from infra.demo.getcourse import story as getcourse_story
from infra.demo.learning import story as learning_story
from infra.demo.player import Story
from infra.demo.salon import story as salon_story
from infra.demo.support import story as support_story
from infra.demo.world import World, expect
from shared.database import sql
from shared.i18n.texts import Text

CHAPTERS = {
    "getcourse": getcourse_story.STORY,
    "support": support_story.STORY,
    "salon": salon_story.STORY,
    "learning": learning_story.STORY,
    "courses": courses_story.STORY,
}
END = Story()

_SQL = sql.load(__file__)


@END.step("В конце дня")
async def at_the_end(world: World) -> Text:
    """At the end of the day."""
    await world.settled()
    [ended] = await world.rows(_SQL["ended"])
    expect(not ended["lost"], f"{ended['lost']} events, requests or messages have no visible end")
    return Text(
        en=f"{ended['events']} events, {ended['messages']} messages of conversations, {ended['replies']} of lessons, "
        f"{ended['sent']} messages sent, nothing waiting, nothing dead, nothing doubled but flagged",
        ru=f"Событий {ended['events']}, сообщений в разговорах {ended['messages']}, в уроках {ended['replies']}; "
        f"отправлено {ended['sent']}, никто не ждёт, ничего не потеряно, и двойное только с отметкой",
    )


def story(chapter: str = "") -> Story:
    """The steps of one chapter or of all, and the end of the day."""
    chapters = [CHAPTERS[chapter]] if chapter else CHAPTERS.values()
    return Story([step for chapter_steps in (*chapters, END) for step in chapter_steps])


STORY = story()
