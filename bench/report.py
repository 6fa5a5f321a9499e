"""One table: what was measured, what it was compared with, the ratio of each pair of runs, and whether it is enough."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

HEAD = ("Measured", "Hozon", "Compared with", "Ratio: median (min to max)", "Target", "")


@dataclass
class Row:
    """One line. `ratios` holds one ratio for each pair of runs; `met` is None where nothing is asked for."""

    what: str
    ours: str
    theirs: str = ""
    ratios: tuple = ()
    target: str = ""
    met: bool | None = None

    def cells(self):
        verdict = {None: "", True: "met", False: "NOT MET"}[self.met]
        return self.what, self.ours, self.theirs, spread(self.ratios), self.target, verdict


def at_least(what, ours, theirs, other, target, unit="s"):
    """Pairs of times, ours and theirs; the ratio says how fast we are beside the other."""
    ratios = tuple(their / our for our, their in zip(ours, theirs))
    met = None if target is None else median(ratios) >= target
    return Row(what, times(ours, unit), f"{other}: {times(theirs, unit)}", ratios,
               "" if target is None else f"≥ {target}", met)


def grows(what, small, large, limit):
    """Peaks of memory with little and with much data."""
    ratio = median(large) / median(small)
    return Row(what, f"{size(median(large))} at 4×", f"{size(median(small))} at 1×", (ratio,), f"< {limit:.2f}",
               ratio < limit)


def times(values, unit="s"):
    middle = median(values)
    return f"{middle:.0f} {unit}" if unit == "ms" else f"{middle:.2f} {unit}"


def spread(ratios):
    if not ratios:
        return ""
    if len(ratios) == 1:
        return f"{ratios[0]:.2f}"
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} pairs)"


def size(count):
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.2f} GB"


def markdown(rows):
    table = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in table]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write(path, rows, notes, command, minutes):
    facts = "\n".join(f"- {line}" for line in [f"date: {date.today()}", f"measured by `{command}` in {minutes:.0f} minutes",
                                               *machine(path.parent), *notes])
    path.write_text(f"# What `make bench` measured last\n\n{markdown(rows)}\n\n{facts}\n", encoding="utf-8")


def machine(folder):
    """What the figures depend on."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))[1]) * 1024
    kind = subprocess.run(["findmnt", "-no", "FSTYPE", "--target", str(folder)], capture_output=True, text=True,
                          check=False).stdout.strip()
    load = os.getloadavg()
    return [f"machine: {os.cpu_count()} cores ({cpu[1] if cpu else platform.machine()}), {size(memory)} of memory, "
            f"{disk(folder)}, {kind}, {platform.system()} {platform.release().split('-')[0]}",
            f"load average at the end: {load[0]:.1f}, {load[1]:.1f}, {load[2]:.1f}"]


def disk(folder):
    device = os.stat(folder).st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve()
    for place in (block, block.parent):
        rotational = place / "queue" / "rotational"
        if rotational.exists():
            turning = rotational.read_text().strip() == "1"
            # A virtual disk says that it turns whatever lies below.
            return "virtual disk" if place.name.startswith("vd") else "rotating disk" if turning else "solid-state disk"
    return "disk of unknown kind"
