"""Learning tracks: what agent_reply and learning_api both need."""
