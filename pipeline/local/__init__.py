"""What Writethru runs on this machine itself: Postgres, the supervisor behind `writethru up`, the bundled newsroom."""
