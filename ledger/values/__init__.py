"""What fields hold: text, days, numbers, money, documents."""
