"""Rules about the other files that are deployed: backends, cron, queues, dispatch, configuration."""
