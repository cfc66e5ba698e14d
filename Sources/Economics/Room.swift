// Economics
