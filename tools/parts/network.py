"""A network of its own for each instance, which this host alone reaches.

Milvus 2.3 listens on every interface and has no option against it. In a network namespace that is joined to the
host by one veth pair and has no route beyond it, nobody else can reach it, and the ports of two instances never
meet. Without root or `ip` there is no namespace: the servers then run on the host, and whoever starts them says so.
"""

import ipaddress
import json
import os
import shutil
import signal
import subprocess

from . import process
from .instance import Trouble

# Sixteen thousand pairs of addresses; where one is taken, the next is tried.
POOL = ipaddress.ip_network("10.203.0.0/16")


def available():
    """Whether namespaces can be had: root, `ip`, and a kernel that lets us."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return False
    return subprocess.run(["ip", "netns", "list"], capture_output=True, check=False).returncode == 0


def ip(*arguments):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"`ip {' '.join(arguments)}` failed: {done.stderr.strip()}")
    return done.stdout


class Namespace:
    """The namespace of one instance: `address` is where its servers are reached, from inside and from the host."""

    def __init__(self, instance):
        self.name = f"hozon-{instance.name}-{instance.key}"
        self.outer = f"hz{instance.key}h"
        self.inner = f"hz{instance.key}n"
        self.seed = int(instance.key, 16)

    def exists(self):
        return any(line.split()[0] == self.name for line in ip("netns", "list").splitlines() if line)

    def up(self):
        """Makes the namespace and its link, or finds them; returns the address inside."""
        if self.exists():
            address = self._address_inside()
            if address:
                return address
            self.down()
        host, guest = self._free_pair()
        try:
            ip("netns", "add", self.name)
            ip("link", "add", self.outer, "type", "veth", "peer", "name", self.inner, "netns", self.name)
            ip("addr", "add", f"{host}/30", "dev", self.outer)
            ip("link", "set", self.outer, "up")
            ip("-n", self.name, "link", "set", "lo", "up")
            ip("-n", self.name, "addr", "add", f"{guest}/30", "dev", self.inner)
            ip("-n", self.name, "link", "set", self.inner, "up")
        except Trouble as trouble:
            self.down()
            trouble.hint = "a private network could not be made; HOZON_NETWORK=host runs Milvus on the host instead"
            raise
        return str(guest)

    def down(self):
        """Removes the namespace, its link, and whatever still runs in it; nothing happens where there is none."""
        subprocess.run(["ip", "link", "del", self.outer], capture_output=True, check=False)
        if self.exists():
            for number in ip("netns", "pids", self.name).split():
                process.send(int(number), signal.SIGKILL)
            ip("netns", "del", self.name)

    def command(self, command):
        """Runs inside, with a /run of its own: Milvus keeps a file of a fixed name there."""
        alone = 'mount -t tmpfs -o size=1m tmpfs /run && exec "$@"'
        return ["ip", "netns", "exec", self.name, "sh", "-c", alone, "sh", *command]

    def _address_inside(self):
        links = json.loads(ip("-n", self.name, "-j", "-4", "addr", "show", "dev", self.inner) or "[]")
        found = [entry["local"] for link in links for entry in link.get("addr_info", [])]
        return found[0] if found else None

    def _free_pair(self):
        taken = [ipaddress.ip_network(f"{entry['local']}/{entry['prefixlen']}", strict=False)
                 for link in json.loads(ip("-j", "-4", "addr")) for entry in link.get("addr_info", [])]
        taken += [ipaddress.ip_network(route["dst"], strict=False)
                  for route in json.loads(ip("-j", "-4", "route")) if route["dst"] != "default"]
        count = POOL.num_addresses // 4
        for step in range(count):
            start = int(POOL.network_address) + 4 * ((self.seed + step) % count)
            pair = ipaddress.ip_network((start, 30))
            if not any(pair.overlaps(other) for other in taken):
                return pair[1], pair[2]
        raise Trouble(f"every address of {POOL} is in use on this host", "stop some instances: `ip netns list`")


class Host:
    """No namespace: everything on the host's own network."""

    name = None
    address = "127.0.0.1"

    def up(self):
        return self.address

    def down(self):
        """Nothing was made, so nothing is removed."""

    def command(self, command):
        return command


def of(instance):
    """The network of an instance: its own where that can be had, unless HOZON_NETWORK=host."""
    if os.environ.get("HOZON_NETWORK") == "host" or not available():
        return Host()
    return Namespace(instance)
