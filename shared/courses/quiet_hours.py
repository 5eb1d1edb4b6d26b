"""When the school writes to nobody by itself."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class QuietHours:
    """From `begin` to `end` on the clock of `zone`, over midnight if `end` comes first; both the same: never."""

    begin: time
    end: time
    zone: ZoneInfo

    def defer(self, moment: datetime) -> datetime:
        """`moment`, or the end of the quiet hours in which it falls, in the zone; never before `moment`."""
        local = moment.astimezone(self.zone)
        if not self._holds(local.time()):
            return local
        day = local.date() + DAY if local.time() >= self.end else local.date()
        return max(datetime.combine(day, self.end, self.zone), local, key=datetime.timestamp)

    def _holds(self, at: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end
