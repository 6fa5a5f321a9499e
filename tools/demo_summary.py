#!/usr/bin/env python3
"""What `make demo ONCE=1` says at its end, from the answers that `hozon --json` gave."""

import json
import sys
from datetime import datetime
from pathlib import Path


def seconds(job):
    return (datetime.fromisoformat(job["finished_at"]) - datetime.fromisoformat(job["started_at"])).total_seconds()


def size(count):
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.1f} {unit}" if unit != "B" else f"{count} B"
        count /= 1000
    return f"{count:.2f} GB"


def main():
    folder = Path(sys.argv[1])
    made, verified, restored, shown = (json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
                                       for name in ("backup", "verify", "restore", "show"))
    print()
    print(f"  backup    {shown['name']} of {shown['collections']} collections, Milvus {shown['milvus_version']}")
    print(f"  rows      {shown['rows']:,}")
    print(f"  bytes     {size(shown['bytes'])} in {shown['files']:,} files, {size(shown['new_bytes'])} of them new")
    print(f"  seconds   backup {seconds(made['job']):.1f} · verify {seconds(verified['job']):.1f}"
          f" · restore {seconds(restored['job']):.1f}")
    print(f"  verified  {shown['proof']['level']}, and every restored row equal")


if __name__ == "__main__":
    main()
