"""What App Engine's YAML files may say: keys, values, services, handlers, libraries, the SDK's scripts."""
