from tests.growth import buffers
from tests.growth.filling import fill
from tests.growth.test_growth import SHORT, LONG
import pytest
pytestmark = [pytest.mark.timeout(900)]
def test_it(clones):
    mine = [s for s in buffers.STATEMENTS if "broadcast" in str(s)]
    with clones.one() as few, clones.one() as many:
        out = []
        for url, life in ((few.url, SHORT), (many.url, LONG)):
            for _ in fill(url, life): pass
            out.append(dict(buffers.measure(url, life, mine)))
    for s in mine:
        a, b = out[0][s], out[1][s]
        print("GROW", str(s), a.buffers, b.buffers, a.error, b.error)
        if b.buffers > 2 * max(a.buffers, 50): print(b.plan)
