"""carillon support: desks, prompts, settings and handovers."""
