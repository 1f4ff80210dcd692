"""The bound of every query: one indexed lookup by a bare script, nothing imported but sqlite3.

python benchmarks/children/ask_raw.py DATABASE ISSUER DAY
"""

import sqlite3
import sys

issued, treasury = (
    sqlite3.connect(sys.argv[1])
    .execute(
        "SELECT issued, treasury FROM balance WHERE issuer = ? AND day <= ? "
        "ORDER BY day DESC, id DESC LIMIT 1",
        (sys.argv[2], sys.argv[3]),
    )
    .fetchone()
)
sys.stdout.write(f"{issued} {treasury} {issued - treasury}\n")
