"""What Stockade knows of AWS: functions and everything they are tied to, typed and frozen."""
