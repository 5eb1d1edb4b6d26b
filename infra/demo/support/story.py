"""The story of the WhatsApp support desk: who writes, who takes it, and what happens when nobody does."""

from infra.demo.player import Story
from infra.demo.support import first_customer, other_customers

STORY = Story([*first_customer.STORY, *other_customers.STORY])
