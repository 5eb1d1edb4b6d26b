"""System 4, learning tracks (source 4): what agent_reply and learning_api both need."""
