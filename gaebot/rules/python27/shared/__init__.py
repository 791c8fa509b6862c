"""What several rules of this hop need to know. No rule stands here."""
